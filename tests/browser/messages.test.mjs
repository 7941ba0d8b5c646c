import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { isReference } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const path = `order/${orders[0]}`;
const text = (way, value) => (way.widgets === 'classic' ? value : `'${value}'`);

describe('what the widget says', () => {
  let stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  for (const way of ways) {
    describe(way.name, () => {
      it('is the whole story with localStorage.debug = "flowcast*"', async () => {
        const window = await (await stage.open({ path, way, debug: true })).live();
        await window.fill('Note', `debugged, ${way.name}`);
        await window.save();
        for (const part of [
          'connecting',
          'subscribing',
          'connected',
          'received',
          'matched key',
          'runs for key',
          'finished',
        ]) {
          await window.says(new RegExp(`^flowcast:\\w+ ${part}`));
        }
        assert.ok(window.console.every(({ text: said }) => !/error has occurred/i.test(said)));
      });

      it('is nothing where all is well and nobody debugs', async () => {
        const [anna, ben] = await stage.openTwo({ path, way });
        await anna.fill('Note', `quiet, ${way.name}`);
        await anna.save();
        await ben.shows('Note', `quiet, ${way.name}`);
        assert.deepEqual(
          ben.console.filter(({ text: said }) => /flowcast/i.test(said)),
          [],
        );
      });

      it('names the URL that does not answer, once, in the console and on the page', async () => {
        const window = await stage.open({ path, way, overrides: { url: text(way, 'http://127.0.0.1:9') } });
        const { text: said } = await window.says(/Flowcast: .*http:\/\/127\.0\.0\.1:9/);
        assert.match(said, /Is the server running/);
        const status = window.page.locator('.flowcast-status');
        await status.waitFor();
        await status.locator('summary').click();
        await window.page.getByText('http://127.0.0.1:9').first().waitFor();
        const times = window.console.filter((message) => message.text === said).length;
        assert.equal(times, 1);
      });

      it('names a service that the server does not know', { skip: isReference }, async () => {
        const window = await stage.open({ path, way, overrides: { service: text(way, 'nosuch') } });
        await window.says(/Flowcast: .*does not have this service/);
      });
    });
  }

  it('is in the status attribute of the pluggable widget, too', async () => {
    const way = ways[2];
    const overrides = { url: text(way, 'http://127.0.0.1:9'), statusAttribute: 'Note' };
    const window = await stage.open({ path, way, overrides });
    await window.page.waitForFunction(() => /127\.0\.0\.1:9/.test(document.querySelector('#field-Note')?.value));
  });
});
