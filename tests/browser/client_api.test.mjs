import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { ways } from './support/browser.mjs';
import { orders, publish } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const [classic] = ways;
const path = `order/${orders[0]}`;

describe('the classic widget', () => {
  let stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  async function follows(options, note) {
    const [anna, ben] = await stage.openTwo({ path, way: classic, ...options });
    await anna.fill('Note', note);
    await anna.save();
    await ben.shows('Note', note);
    return ben;
  }

  it('works where mx.ui.action was removed, as in Mendix 10', async () => {
    await follows({ without: 'mx.ui.action' }, 'without mx.ui.action');
  });

  it('works where mx.data.action is missing, by mx.ui.action', async () => {
    const anna = await (await stage.open({ path, way: classic }, 1)).live();
    const ben = await (await stage.open({ path, way: classic, user: 'Ben', without: 'mx.data.action' })).live();
    await anna.fill('Note', 'by mx.ui.action');
    await anna.save();
    await ben.shows('Note', 'by mx.ui.action');
    await ben.says(/mx\.ui\.action is deprecated/);
  });

  it('runs a nanoflow', async () => {
    const overrides = { microflow: '', nanoflow: 'Orders.NAN_Order_Refresh' };
    const ben = await follows({ overrides }, 'by a nanoflow');
    assert.match(await ben.page.textContent('.latest'), /NAN_Order_Refresh/);
  });

  it('reloads the page with its state', async () => {
    const anna = await (await stage.open({ path, way: classic }, 1)).live();
    const overrides = { microflow: '', reloadPage: 'true' };
    const ben = await (await stage.open({ path, way: classic, user: 'Ben', overrides })).live();
    await ben.page.evaluate(() => (window.sameLoad = true));
    await anna.fill('Note', 'by a reload');
    await anna.save();
    await ben.page.waitForFunction(() => !window.sameLoad && document.body?.dataset.ready === 'true');
    await ben.shows('Note', 'by a reload');
  });

  it('listens to the key in an attribute', async () => {
    const overrides = { keyAttribute: 'Product' };
    const key = 'Lens-1';
    const anna = await (await stage.open({ path: `order/${orders[1]}`, way: classic, overrides, onlyChanges: true })).live();
    await anna.fill('Product', key);
    await anna.save();
    const runs = Number(await anna.page.locator('.latest').getAttribute('data-runs'));
    await fetch(`${stage.server.url}/microflow`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: key }),
    });
    await anna.page.waitForSelector(`.latest[data-runs="${runs + 1}"]`);
  });
});

for (const way of ways.slice(1)) {
  describe(`the ${way.name}`, () => {
    let stage;
    before(async () => (stage = await openStage()));
    afterEach(() => stage.closeWindows());
    after(() => stage.close());

    const tell = { type: 'callMicroflow', microflow: 'Orders.ACT_Order_Tell', needsObject: true };
    const variables = { Event: '$event', Key: '$key', Payload: '$payload' };

    it('hands the event to the action, as variables', async () => {
      const overrides = { itemAction: JSON.stringify({ ...tell, arguments: variables }), payloadField: 'by' };
      const window = await (await stage.open({ path, way, overrides })).live();
      await fetch(`${stage.server.url}/microflow`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text: orders[0], by: 'Carla' }),
      });
      await window.page.getByText(`Event: created, Key: ${orders[0]}, Payload: Carla`).waitFor();
      assert.deepEqual(window.errors, []);
    });

    it('runs another action for an event of its own', async () => {
      const { id } = await publish(stage.server, orders[1]);
      const handlers = JSON.stringify([
        [
          { key: 'event', type: 'enumeration', value: 'removed' },
          {
            key: 'eventItemAction',
            type: 'action',
            dataSource: '../objects',
            actionVariables: ['payload', 'event', 'key', 'sequence'].map((key) => ({ key, type: 'String' })),
            value: { ...tell, arguments: variables },
          },
        ],
      ]);
      const window = await (await stage.open({ path: `order/${orders[1]}`, way, overrides: { handlers } })).live();
      await fetch(`${stage.server.url}/microflow/${id}`, { method: 'DELETE' });
      await window.page.getByText(`Event: removed, Key: ${orders[1]}`).waitFor();
    });

    it('writes the payload to an attribute', async () => {
      const window = await (await stage.open({ path, way, overrides: { payloadAttribute: 'Note' } })).live();
      await publish(stage.server, orders[0]);
      await window.page.waitForFunction(
        (guid) => document.querySelector('#field-Note').value.includes(`"text":"${guid}"`),
        orders[0],
      );
    });
  });
}
