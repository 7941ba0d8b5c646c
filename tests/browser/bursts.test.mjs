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
      const ben = await (await stage.open({ path: `order/${order}`, way, user: 'Ben', onlyChanges: true })).live();
      const anna = await (await stage.open({ path: `order/${order}`, way, onlyChanges: true }, 1)).live();
      const before = await stage.demo.statistics(refresh);
      // The first run goes on until all of the burst has arrived.
      await stage.demo.set({ holdMicroflows: true });
      await publish(stage.server, order);
      await until(async () => (await stage.demo.statistics(refresh)).runs === before.runs + 2, 'run in each window');
      await Promise.all(Array.from({ length: 20 }, () => publish(stage.server, order)));
      // The last change is saved when that run has read its data: only a run after it can show the change.
      await anna.fill('Customer', `Last of the burst, ${way.name}`);
      await anna.press('Save');
      await Promise.all([anna.received(order, 22), ben.received(order, 22)]);
      await stage.demo.set({ holdMicroflows: false });
      await ben.shows('Customer', `Last of the burst, ${way.name}`);

      // Once now, once after, in each window: neither 22 times, nor once.
      await until(async () => (await stage.demo.statistics(refresh)).runs >= before.runs + 4, 'run after the burst');
      // A marker, to be sure that nothing more was waiting.
      await publish(stage.server, order);
      await until(async () => (await stage.demo.statistics(refresh)).runs >= before.runs + 6, 'run for the marker');
      const { runs, mostAtOnce } = await stage.demo.statistics(refresh);
      assert.equal(runs - before.runs, 6);
      assert.equal(mostAtOnce, 1, 'runs overlapped');
      await stage.closeWindows();
    });
  }
});
