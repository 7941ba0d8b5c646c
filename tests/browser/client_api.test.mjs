import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
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
    const anna = await (await stage.open({ path: `order/${orders[1]}`, way: classic, overrides })).live();
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
