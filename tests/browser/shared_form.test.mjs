import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { ways } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

/** The visits that the app begins with. */
const visits = Array.from({ length: 3 }, (_, index) => String((122n << 48n) + 1n + BigInt(index)));

describe('the shared form', () => {
  let stage;
  before(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  const note = (window) => window.page.getByRole('status', { name: 'Changes of others' });
  const save = async (window, shown) => {
    await window.press('Save');
    await note(window).getByText(shown).waitFor();
  };
  const conflict = (window, caption) => window.page.getByRole('group', { name: `${caption}: two values` });
  const choose = (window, caption, what) => conflict(window, caption).getByRole('button', { name: what }).click();

  for (const [index, way] of ways.entries()) {
    describe(way.name, () => {
      const path = `form/${visits[index]}`;

      it('merges what two people changed, field by field', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await anna.fill('Technician', 'Karim Haddad');
        await anna.page.getByText('1 not saved').waitFor();
        await ben.fill('Parts', 'Two oven seals');
        await save(ben, /Saved by Ben/);
        // Anna is told, sees Ben's field, and keeps hers.
        await note(anna).getByText(/Parts to bring: .* is now “Two oven seals”, by Ben/).waitFor();
        await anna.shows('Parts', 'Two oven seals');
        assert.equal(await anna.field('Technician').inputValue(), 'Karim Haddad');
        assert.equal(await conflict(anna, 'Technician').isVisible(), false);
        await save(anna, /Saved by Anna/);
        await ben.shows('Technician', 'Karim Haddad');
        await ben.shows('Parts', 'Two oven seals');
        assert.deepEqual([...anna.errors, ...ben.errors], []);
      });

      it('says what others did once, also to a screen reader, while one types on', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await anna.fill('Technician', 'Lotte');
        await ben.fill('Parts', 'Three oven seals');
        await save(ben, /Saved by Ben/);
        await note(anna).getByText(/is now “Three oven seals”, by Ben/).waitFor();
        await note(anna).evaluate((status) => {
          window.touched = 0;
          new MutationObserver((changes) => {
            window.touched += changes.length;
          }).observe(status, { childList: true, characterData: true, subtree: true });
        });
        await anna.field('Technician').pressSequentially(' Maes');
        assert.equal(await anna.field('Technician').inputValue(), 'Lotte Maes');
        assert.equal(await anna.page.evaluate(() => window.touched), 0);
        await save(anna, /Saved by Anna/);
      });

      it('asks where both changed one field, and overwrites nobody', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await anna.fill('Address', 'Anna Street 1');
        await anna.fill('Customer', 'Anna’s customer');
        await ben.fill('Address', 'Ben Street 2');
        await ben.fill('Customer', 'Ben’s customer');
        await save(ben, /Saved by Ben/);
        await conflict(anna, 'Address').getByText('Ben changed this to “Ben Street 2”').waitFor();
        assert.equal(await anna.field('Address').inputValue(), 'Anna Street 1');
        await anna.picture(`shared form, ${way.name}`);

        // Saved without a choice, it is refused, and Ben's is still there.
        await anna.press('Save');
        await anna.page.getByRole('alert').getByText(/Ben has changed/).waitFor();
        assert.equal(await ben.field('Address').inputValue(), 'Ben Street 2');

        await choose(anna, 'Address', 'Take theirs');
        await anna.shows('Address', 'Ben Street 2');
        await choose(anna, 'Customer', 'Keep mine');
        await save(anna, /Saved by Anna/);
        await ben.shows('Customer', 'Anna’s customer');
        assert.equal(await ben.field('Address').inputValue(), 'Ben Street 2');
      });

      it('loads the page again with what was not saved, and asks again', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await anna.fill('Instructions', 'Anna’s instructions');
        await ben.fill('Instructions', 'Ben’s instructions');
        await save(ben, /Saved by Ben/);
        await conflict(anna, 'Instructions').waitFor();
        await anna.press('Reload with state');
        await anna.page.waitForSelector('body[data-ready=true]');
        await conflict(anna, 'Instructions').getByText('Ben changed this').waitFor();
        assert.equal(await anna.field('Instructions').inputValue(), 'Anna’s instructions');
        await anna.press('Take all of theirs');
        await anna.shows('Instructions', 'Ben’s instructions');
        await note(anna).getByText(/Saved by Ben/).waitFor();
      });
    });
  }
});
