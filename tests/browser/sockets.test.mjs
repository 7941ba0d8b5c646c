import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { API } from '../../widget-wasm/host/bridge.js';
import { until } from '../support/deadline.mjs';
import { isReference } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

/** Of the Dojo client, which alone has both. */
const both = { name: 'widgets of both packages, Dojo client', client: 'dojo', widgets: 'both' };
const refresh = 'Orders.ACT_Order_Refresh';

/** Counts the modules that a page makes, from its next load on. */
function countModules(page) {
  return page.addInitScript(() => {
    globalThis.modules = 0;
    WebAssembly.Module = class extends WebAssembly.Module {
      constructor(code) {
        super(code);
        globalThis.modules++;
      }
    };
  });
}

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

  describe(both.name, () => {
    const widgets = new URLSearchParams({ user: 'Ben', widgets: 'both', copies: '49', 'widget.refreshAfterGap': 'false' });
    const page = () => `${stage.demo.url}/dojo/order/${orders[0]}?${widgets}`;
    const connected = (window, count) =>
      until(
        async () => (await window.page.locator('.flowcast-status--connected').count()) === count,
        `${count} widgets that are connected`,
        30_000,
      );

    /** Sessions that the server has opened so far. */
    async function sessions() {
      const metrics = await (await fetch(`${stage.server.url}/metrics`)).text();
      return Number(/^flowcast_sessions_opened_total (\d+)/m.exec(metrics)[1]);
    }

    /** Saves in another window, and waits until each widget of Ben's has run its microflow for it. */
    async function everyWidgetRuns(count, value) {
      const anna = await (await stage.open({ path: `order/${orders[0]}`, way: ways[0], onlyChanges: true }, 1)).live();
      const { runs } = await stage.demo.statistics(refresh);
      await anna.fill('Customer', value);
      await anna.save();
      await until(
        async () => (await stage.demo.statistics(refresh)).runs === runs + count + 1,
        `${count} runs, and Anna's own`,
        30_000,
      );
    }

    it('are one, and the module is one, for 50 classic and 50 pluggable widgets, which all follow a save', { skip: isReference }, async () => {
      const watching = await stage.open({ path: 'about', way: both, user: 'Ben' });
      await countModules(watching.page);
      const before = await sessions();
      await watching.page.goto(page());
      await connected(watching, 100);
      assert.equal((await sessions()) - before, 1);
      assert.equal(watching.sockets.length, 1);
      assert.equal(await watching.page.evaluate(() => globalThis.modules), 1);
      await everyWidgetRuns(100, 'Both packages');
      await watching.shows('Customer', 'Both packages');
      assert.equal((await sessions()) - before, 2, "Anna's is the other one");
      assert.deepEqual(watching.errors, []);
    });

    it('are one a version where packages call each other differently, and all follow a save', { skip: isReference }, async () => {
      const watching = await stage.open({ path: 'about', way: both, user: 'Ben' });
      await countModules(watching.page);
      // As the package of a later version.
      await watching.page.route('**/FlowcastClassic.js*', async (route) => {
        const script = await (await route.fetch()).text();
        const name = `flowcast/${API}`;
        assert.ok(script.includes(name), name);
        await route.fulfill({ contentType: 'text/javascript', body: script.replace(name, `flowcast/${API + 1}`) });
      });
      const before = await sessions();
      await watching.page.goto(page().replace('copies=49', 'copies=1'));
      await connected(watching, 4);
      assert.equal((await sessions()) - before, 2);
      assert.equal(await watching.page.evaluate(() => globalThis.modules), 2);
      await everyWidgetRuns(4, 'Two versions');
      await watching.shows('Customer', 'Two versions');
      assert.deepEqual(watching.errors, []);
    });
  });
});
