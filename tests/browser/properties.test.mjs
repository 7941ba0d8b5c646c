import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const path = `order/${orders[0]}`;
const refresh = 'Orders.ACT_Order_Refresh';
const runRefresh = { type: 'callMicroflow', microflow: refresh, needsObject: true };
const [classic, ...pluggable] = ways;

const actionVariables = ['payload', 'event', 'key', 'sequence'].map((key) => ({ key, type: 'String' }));

/** An entry of the list of events, as a page is compiled. */
const entry = (properties) =>
  Object.entries(properties).map(([key, [type, value]]) => ({ key, type, value, actionVariables }));

describe('a property of the widget', () => {
  let stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  const send = async (method, place, record) => {
    const response = await fetch(`${stage.server.url}/microflow${place}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: record && JSON.stringify(record),
    });
    assert.ok(response.ok, await response.clone().text());
    return response.json();
  };
  const runs = async () => (await stage.demo.statistics(refresh)).runs;
  const ran = (count) => until(async () => (await runs()) === count, `${count} runs`, 30_000);

  for (const way of pluggable) {
    describe(way.name, () => {
      it('ignores own changes', async () => {
        const overrides = { ignoreOwn: 'true', ownField: 'origin', ownValue: '$currentUser/Name' };
        const ben = await (await stage.open({ path, way, user: 'Ben', overrides, onlyChanges: true })).live();
        const before = await runs();
        await send('POST', '', { text: orders[0], origin: 'Ben' });
        await ben.received(orders[0], 1);
        await send('POST', '', { text: orders[0], origin: 'Anna' });
        await ran(before + 1);
        await ben.received(orders[0], 2);
        assert.equal(await runs(), before + 1);
      });

      it('listens to a key of each object', async () => {
        const overrides = { itemKey: '$currentObject/Product' };
        const ben = await (await stage.open({ path, way, user: 'Ben', overrides, onlyChanges: true })).live();
        const before = await runs();
        await send('POST', '', { text: orders[0] });
        await send('POST', '', { text: await ben.field('Product').inputValue() });
        await ran(before + 1);
      });

      it('reads the data source again', async () => {
        const overrides = { itemAction: 'null', reloadDatasource: 'true' };
        const ben = await (await stage.open({ path, way, user: 'Ben', overrides, onlyChanges: true })).live();
        const anna = await (await stage.open({ path, way }, 1)).live();
        await anna.fill('Note', `read again, ${way.name}`);
        await anna.save();
        await ben.shows('Note', `read again, ${way.name}`);
      });

      it('runs another action for a particular event alone', async () => {
        const handlers = [entry({ event: ['enumeration', 'patched'], eventAction: ['action', runRefresh] })];
        const overrides = { itemAction: 'null', handlers: JSON.stringify(handlers) };
        const ben = await (await stage.open({ path, way, user: 'Ben', overrides, onlyChanges: true })).live();
        const before = await runs();
        const { id } = await send('POST', '', { text: orders[0] });
        await send('PATCH', `/${id}`, { note: 'patched' });
        await ran(before + 1);
        await ben.received(orders[0], 2);
      });
    });
  }

  describe(classic.name, () => {
    it('runs another microflow for a particular event alone', async () => {
      const handlers = [entry({ event: ['enumeration', 'removed'], eventMicroflow: ['microflow', refresh] })];
      const overrides = { microflow: '', handlers: JSON.stringify(handlers) };
      const ben = await (await stage.open({ path, way: classic, user: 'Ben', overrides, onlyChanges: true })).live();
      const before = await runs();
      const { id } = await send('POST', '', { text: orders[0] });
      await send('DELETE', `/${id}`);
      await ran(before + 1);
      await ben.received(orders[0], 2);
    });

    it('says in words of its own what users read', async () => {
      const overrides = { url: 'http://127.0.0.1:9', textDisconnected: 'Even geduld' };
      const ben = await stage.open({ path, way: classic, user: 'Ben', overrides });
      await ben.page.getByText('Even geduld').waitFor();
    });
  });
});
