import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { ways } from './support/browser.mjs';
import { orders, publish } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const refresh = 'Orders.ACT_Order_Refresh';

describe('a burst of changes of one record', () => {
  let stage;
  before(async () => (stage = await openStage()));
  after(() => stage.close());

  for (const way of ways) {
    it(`is neither dropped, nor piled up, nor run in parallel: ${way.name}`, async () => {
      const order = orders[ways.indexOf(way)];
      const watching = await (await stage.open({ path: `order/${order}`, way, user: 'Ben' })).live();
      const anna = await (await stage.open({ path: `order/${order}`, way }, 1)).live();
      const before = await stage.demo.statistics(refresh);
      // Each run takes long enough for all of the burst to arrive during the first.
      await stage.demo.set({ microflowDelay: 400 });
      await publish(stage.server, order);
      await until(async () => (await stage.demo.statistics(refresh)).runs > before.runs, 'first run');
      await Promise.all(Array.from({ length: 20 }, () => publish(stage.server, order)));
      // The last change is saved while the first run has read its data already: only a run after it can show it.
      await anna.fill('Customer', `Last of the burst, ${way.name}`);
      await anna.press('Save');
      await watching.shows('Customer', `Last of the burst, ${way.name}`);
      await stage.demo.set({ microflowDelay: 0 });

      const { runs, mostAtOnce } = await stage.demo.statistics(refresh);
      assert.equal(mostAtOnce, 1, 'runs overlapped');
      // 21 events in two windows: each runs once now, once after, and where the save came late once more.
      assert.ok(runs - before.runs <= 6, `${runs - before.runs} runs for one burst`);
      await stage.closeWindows();
    });
  }
});
