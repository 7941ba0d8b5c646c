import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { isReference } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

/** The visits that the app begins with. */
const visits = Array.from({ length: 3 }, (_, index) => String((122n << 48n) + 1n + BigInt(index)));

describe('who is here', { skip: isReference && 'Feathers has no presence' }, () => {
  let stage;
  before(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  const here = (window) => window.page.getByRole('status', { name: 'Who is here' });
  const says = (window, text) => here(window).getByText(text, { exact: true }).waitFor();
  /** Both, in the order in which they came. */
  const saysBoth = (window, more = '') => says(window, new RegExp(`^(Anna, Ben|Ben, Anna) are here${more}$`));

  for (const [index, way] of ways.entries()) {
    it(`is shown on the form, with who is editing, until they leave: ${way.name}`, async () => {
      const [anna, ben] = await stage.openTwo({ path: `form/${visits[index]}`, way });
      await saysBoth(anna);
      await ben.fill('Parts', 'Something new');
      await saysBoth(anna, '; Ben is editing');
      await anna.picture(`present, ${way.name}`);
      await ben.press('Undo my changes');
      await saysBoth(anna);
      await ben.close();
      await says(anna, 'Anna is here');
    });

    it(`counts two windows of one user once: ${way.name}`, async () => {
      const path = `locking/${visits[index]}`;
      const first = await (await stage.open({ path, way })).live();
      const second = await (await stage.open({ path, way })).live();
      const ben = await (await stage.open({ path, way, user: 'Ben' }, 1)).live();
      await saysBoth(ben);
      await first.close();
      await second.page.locator('.presence', { hasText: 'Ben' }).waitFor();
      await saysBoth(second);
    });

    it(`is shown in the room of the chat, with who is typing: ${way.name}`, async () => {
      const [anna, ben] = await stage.openTwo({ path: 'chat', way });
      await saysBoth(anna);
      await ben.page.getByRole('textbox', { name: 'Message' }).fill('Well …');
      await saysBoth(anna, '; Ben is typing');
      await ben.page.keyboard.press('Enter');
      await saysBoth(anna);
      await ben.page.getByRole('button', { name: /^Workshop/ }).click();
      await says(anna, 'Anna is here');
      await says(ben, 'Ben is here');
      assert.deepEqual([...anna.errors, ...ben.errors], []);
    });
  }
});
