import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { isReference } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const overrides = (lock) => ({ lock, lockedBy: 'Note' });

describe('the lock of a record', { skip: isReference }, () => {
  let stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  for (const way of ways) {
    const path = `order/${orders[ways.indexOf(way)]}`;

    it(`is one window's, and the next one's when that is closed: ${way.name}`, async () => {
      const anna = await (await stage.open({ path, way, overrides: overrides('open') })).live();
      await anna.shows('Note', 'Anna');
      const ben = await (await stage.open({ path, way, user: 'Ben', overrides: overrides('open') }, 1)).live();
      await ben.shows('Note', 'Anna');
      await anna.page.goto('about:blank');
      await ben.shows('Note', 'Ben');
      assert.deepEqual([...anna.errors, ...ben.errors], []);
    });

    it(`is held from the first edit until the save: ${way.name}`, async () => {
      const anna = await (await stage.open({ path, way, overrides: { lock: 'edit' } })).live();
      const ben = await (await stage.open({ path, way, user: 'Ben', overrides: overrides('watch') }, 1)).live();
      await ben.shows('Note', '');
      await anna.fill('Customer', `Locked by Anna, ${way.name}`);
      await ben.shows('Note', 'Anna');
      await anna.save();
      await ben.shows('Note', '');
    });
  }
});
