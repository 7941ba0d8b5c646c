import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { ways } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

/** Machines on the page: the classic widget runs once for each, the pluggable one once for all. */
const MACHINES = 8;

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

  for (const way of ways) {
    describe(way.name, () => {
      it('delivers a thousand changes a second to two windows, and refreshes a few times', async () => {
        const [anna, ben] = await stage.openTwo({ path: 'dashboard', way });
        await setRate(anna, 30);
        for (const window of [anna, ben]) {
          await until(async () => (await figure(window, 'delivered')) > 800, 'a thousand deliveries a second', 30_000);
        }
        // Half a second between two runs: at most two a second for each widget, whatever is delivered. Both windows' runs,
        // and room for a second that the page measured too short.
        const widgets = way.widgets === 'classic' ? MACHINES : 1;
        for (const window of [anna, ben]) {
          const [here, all] = [await figure(window, 'here'), await figure(window, 'runtime')];
          assert.ok(here > 0 && here <= 4 * widgets, `${here} refreshes in a second`);
          assert.ok(all <= 8 * widgets, `${all} refreshes in a second, in all`);
        }
        await ben.page.getByText(/^One refresh for \d+ changes/).waitFor();
        await ben.picture(`dashboard, ${way.name}`);
        const statistics = await stage.demo.statistics(
          way.widgets === 'classic' ? 'Live.ACT_Machine_Refresh' : 'Live.ACT_Dashboard_Refresh',
        );
        assert.equal(statistics.mostAtOnce, 1, 'never in parallel with itself');
        await anna.press('Pause');
        await ben.page.getByRole('button', { name: 'Go on' }).waitFor();
      });

      it('ends with the figures that the app has', async () => {
        const [anna, ben] = await stage.openTwo({ path: 'dashboard', way });
        await setRate(anna, 24);
        await until(async () => (await figure(ben, 'delivered')) > 150, 'deliveries', 30_000);
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
