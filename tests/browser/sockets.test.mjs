import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

describe('the sockets of a page', () => {
  let stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  for (const way of ways) {
    describe(way.name, () => {
      it('are one for 100 widgets, which all follow a save', async () => {
        const opened = [];
        const watching = await stage.open({ path: 'about', way, user: 'Ben' });
        watching.page.on('websocket', (socket) => opened.push(socket.url()));
        const { client } = way;
        const query = new URLSearchParams({ user: 'Ben', widgets: way.widgets, copies: '99' });
        await watching.page.goto(`${stage.demo.url}/${client}/order/${orders[0]}?${query}`);
        await until(
          async () => (await watching.page.locator('.flowcast-status--connected').count()) === 100,
          '100 widgets that are connected',
          30_000,
        );
        const anna = await (await stage.open({ path: `order/${orders[0]}`, way }, 1)).live();
        await anna.fill('Customer', `A hundred, ${way.name}`);
        await anna.save();
        await watching.shows('Customer', `A hundred, ${way.name}`);
        assert.equal(opened.length, 1, opened.join('\n'));
      });

      it('are none after the last widget is gone', async () => {
        const window = await (await stage.open({ path: `order/${orders[1]}`, way })).live();
        assert.equal(window.sockets.length, 1);
        await window.page.evaluate((client) => {
          history.pushState(null, '', `/${client}/about${location.search}`);
          dispatchEvent(new PopStateEvent('popstate'));
        }, way.client);
        await window.page.getByText('In Studio Pro', { exact: true }).waitFor();
        await until(() => window.sockets.length === 0, 'closed socket');
        assert.deepEqual(window.errors, []);
      });

      it('are not more after the context changed many times', async () => {
        const window = await (await stage.open({ path: `order/${orders[1]}`, way })).live();
        const opened = [];
        window.page.on('websocket', (socket) => opened.push(socket.url()));
        for (const next of [...orders.slice(2, 8), orders[0], orders[1]]) {
          await window.press('Next');
          await window.page.waitForSelector(`.card[data-guid="${next}"]`);
        }
        await window.fill('Note', `still one, ${way.name}`);
        await window.save();
        assert.deepEqual(opened, []);
        assert.equal(window.sockets.length, 1);
      });
    });
  }
});
