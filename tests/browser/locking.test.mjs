import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { isReference } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

/** The visits that the app begins with. */
const visits = Array.from({ length: 3 }, (_, index) => String((122n << 48n) + 1n + BigInt(index)));

describe('a record that one person edits at a time', { skip: isReference && 'Feathers has no locks' }, () => {
  let stage;
  before(async () => {
    stage = await openStage({ supervised: true });
  });
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  const holder = (window) => window.page.getByRole('region', { name: 'Who holds this record' });
  const says = (window, text) => holder(window).getByText(text).waitFor();
  const edit = (window) => window.page.getByRole('button', { name: 'Edit', exact: true });
  /** The lease's number, which only grows. */
  const fence = async (window) => {
    const clock = window.page.locator('.lease-clock', { hasText: 'Fence' });
    await clock.waitFor();
    return Number(/Fence (\d+)/.exec(await clock.textContent())[1]);
  };

  for (const [index, way] of ways.entries()) {
    describe(way.name, () => {
      const path = `locking/${visits[index]}`;

      it('shows the other who holds it, live, and lets them in after the save', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await edit(anna).click();
        await says(anna, 'You hold this record');
        await says(ben, 'Anna is editing this record');
        assert.equal(await edit(ben).isEnabled(), false);
        assert.equal(await ben.field('Technician').isEnabled(), false);
        await says(ben, /The lease runs for \d+\.\d s more/);
        await ben.picture(`locked, ${way.name}`);

        await anna.fill('Technician', `By Anna, ${way.name}`);
        await anna.press('Save');
        await says(ben, 'Nobody is editing this record');
        await ben.shows('Technician', `By Anna, ${way.name}`);
        await edit(ben).click();
        await says(ben, 'You hold this record');
        await says(anna, 'Ben is editing this record');
        await ben.press('Cancel');
        await says(anna, 'Nobody is editing this record');
        assert.deepEqual([...anna.errors, ...ben.errors], []);
      });

      it('is free when the lease of a window that crashed runs out, and can be taken over', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await edit(anna).click();
        await says(ben, 'Anna is editing this record');
        const before = await fence(ben);
        await anna.press('Crash this window');
        await anna.page.getByRole('heading', { name: 'This window has crashed' }).waitFor();
        await says(ben, 'Anna is editing this record');
        await says(ben, 'Nobody is editing this record');
        await edit(ben).click();
        await says(ben, 'You hold this record');
        assert.ok((await fence(ben)) > before, 'a lease that came later has a higher number');

        await anna.press('Open it again');
        await says(anna, 'Ben is editing this record');
        await anna.picture(`taken over, ${way.name}`);
      });

      it('stays with its holder while the server restarts', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await edit(anna).click();
        await says(ben, 'Anna is editing this record');
        await anna.breakIt('Kill the server');
        await anna.page.locator('.incidents', { hasText: 'The connection is lost' }).waitFor();
        await Promise.all([anna.live(40_000), ben.live(40_000)]);
        await says(anna, 'You hold this record');
        await until(async () => (await holder(ben).textContent()).includes('Anna is editing'), 'holder in the other window', 40_000);
        await anna.press('Cancel');
        await says(ben, 'Nobody is editing this record');
      });
    });
  }
});
