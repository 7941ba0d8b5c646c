import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { ways } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

/** Machines on the page: the classic widget runs once for each, the pluggable one once for all. */
const MACHINES = 8;
/** ms from one run of a widget to its next, at least: as the page has it. */
const THROTTLE = 500;

describe('the dashboard', () => {
  let stage;
  before(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  const figure = async (window, name) =>
    Number((await window.page.locator(`[data-figure=${name}]`).textContent()).replace(/\D/g, '') || '0');
  const slide = (window, position) => window.page.getByRole('slider', { name: 'Changes' }).fill(String(position));
  const setRate = async (window, position) => {
    await slide(window, position);
    await window.page.getByRole('slider').dispatchEvent('change');
  };

  const delivered = (window) => window.frames.filter((frame) => frame.startsWith('42')).length;

  for (const way of ways) {
    describe(way.name, () => {
      it('delivers thousands of changes to two windows, and runs each widget twice a second at most', async () => {
        const refresh = way.widgets === 'classic' ? 'Live.ACT_Machine_Refresh' : 'Live.ACT_Dashboard_Refresh';
        const widgets = way.widgets === 'classic' ? MACHINES : 1;
        const windows = await stage.openTwo({ path: 'dashboard', way });
        const [anna, ben] = windows;
        const start = performance.now();
        const before = await stage.demo.statistics(refresh);
        await setRate(anna, 30);
        for (const window of windows) await until(() => delivered(window) > 3000, 'thousands of deliveries', 90_000);
        const { runs, mostAtOnce } = await stage.demo.statistics(refresh);
        // A busy machine makes a page run less often, never more; one run may have begun before this clock.
        const most = windows.length * widgets * (2 + (performance.now() - start) / THROTTLE);
        assert.ok(runs > before.runs && runs - before.runs <= most, `${runs - before.runs} runs, of ${most.toFixed(1)} at most`);
        assert.equal(mostAtOnce, 1, 'never in parallel with itself');
        for (const name of ['changes', 'delivered', 'here', 'runtime']) {
          await until(async () => (await figure(ben, name)) > 0, `figure: ${name}`, 30_000);
        }
        await ben.page.getByText(/^One refresh for \d+ changes/).waitFor();
        await ben.picture(`dashboard, ${way.name}`);
        await anna.press('Pause');
        await ben.page.getByRole('button', { name: 'Go on' }).waitFor();
      });

      it('ends with the figures that the app has', async () => {
        const [anna, ben] = await stage.openTwo({ path: 'dashboard', way });
        await setRate(anna, 24);
        await until(() => delivered(ben) > 250, 'deliveries', 30_000);
        await anna.press('Pause');
        const changes = (window) =>
          window.page
            .locator('.machine-changes')
            .evaluateAll((found) => found.map((node) => Number(node.dataset.changes)).join());
        const database = async () => {
          const body = JSON.stringify({ action: 'retrieve', params: { entity: 'Live.Machine', sort: [['Name', 'asc']] } });
          const { objects } = await (await fetch(`${stage.demo.url}/xas/`, { method: 'POST', body })).json();
          return objects.map(({ attributes }) => attributes.Changes.value).join();
        };
        for (const window of [anna, ben]) {
          await until(async () => (await changes(window)) === (await database()), 'the last change on the page', 30_000);
        }
        assert.deepEqual([...anna.errors, ...ben.errors], []);
      });
    });
  }

  it('keeps a pace that the window chose', async () => {
    const [, , react] = ways;
    const fast = await (await stage.open({ path: 'dashboard', way: react, overrides: { throttle: 0 } })).live();
    assert.equal(await fast.page.getByLabel('Between two runs').inputValue(), '0');
    await fast.page.getByLabel('Between two runs').selectOption('2000');
    await fast.page.waitForURL(/widget\.throttle=2000/);
  });
});
