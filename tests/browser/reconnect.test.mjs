import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { launch, scratchFolder } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

describe('a server that stops and starts while both windows watch', () => {
  let stage;
  let folder;
  let store;
  before(async () => {
    folder = scratchFolder();
    store = `sqlite:${folder.path}/flowcast.sqlite`;
    stage = await openStage({ server: { store } });
  });
  afterEach(() => stage.closeWindows());
  after(async () => {
    await stage.close();
    folder.remove();
  });

  for (const way of ways) {
    it(`is found again, and what was saved meanwhile is shown: ${way.name}`, async () => {
      const [anna, ben] = await stage.openTwo({ path: `order/${orders[0]}`, way });
      const { port } = stage.server;
      await stage.server.stop();
      await ben.page.waitForSelector('.flowcast-status--disconnected, .flowcast-status--connecting');

      // The save goes on without the server: the task queue publishes when it is there again.
      await anna.fill('Customer', `While it was away, ${way.name}`);
      await anna.save();
      assert.notEqual(await ben.field('Customer').inputValue(), `While it was away, ${way.name}`);

      stage.server = await launch(['--listen', `127.0.0.1:${port}`, '--store', store]).listening();
      await ben.shows('Customer', `While it was away, ${way.name}`, 40_000);
      await Promise.all([anna.live(40_000), ben.live(40_000)]);

      await anna.fill('Customer', `And after, ${way.name}`);
      await anna.save();
      await ben.shows('Customer', `And after, ${way.name}`);
      await until(() => ben.sockets.length === 1 && anna.sockets.length === 1, 'one socket a window');
    });
  }
});
