import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { event, until, within } from '../support/deadline.mjs';
import { launch, repository } from '../support/server_process.mjs';
import { DemoWindow, startBrowser, ways } from './support/browser.mjs';
import { orders, publish, startDemo } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const [classic, , react] = ways;

describe('what is broken on purpose', () => {
  let stage;
  before(async () => {
    stage = await openStage({ supervised: true });
  });
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  for (const way of [classic, react]) {
    it(`says how many events a dropped connection missed, and recovered: ${way.name}`, async () => {
      const ben = await (await stage.open({ path: `order/${orders[0]}`, way, user: 'Ben' })).live();
      await ben.breakIt('Drop the connection');
      await ben.page.waitForSelector('.flowcast-status--disconnected, .flowcast-status--connecting');
      for (let count = 0; count < 5; count++) await publish(stage.server, orders[0]);
      await publish(stage.server, orders[1]); // not what this window shows
      await ben.breakIt('Connect again');
      await ben.live();
      const { text, events } = await ben.recovered(/Back after/);
      assert.equal(events, 5, text);
      assert.match(text, /5 events were missed, and recovered in \d+ ms; [12] runs? of a microflow/);
      await ben.picture(`broken connection, ${way.name}`);
    });

    for (const button of ['Restart the server', 'Kill the server']) {
      it(`comes back after “${button}”, and shows what was saved meanwhile: ${way.name}`, async () => {
        const [anna, ben] = await stage.openTwo({ path: `order/${orders[2]}`, way });
        await ben.breakIt(button);
        await ben.page.locator('.incidents', { hasText: 'The connection is lost' }).waitFor();
        const customer = `${button}, ${way.name}`;
        await anna.fill('Customer', customer);
        await anna.save();
        await ben.shows('Customer', customer, 40_000);
        await Promise.all([anna.live(40_000), ben.live(40_000)]);
        await ben.recovered(/Back after/);
      });
    }

    it(`handles what waited while it was frozen: ${way.name}`, async () => {
      const ben = await (await stage.open({ path: `order/${orders[4]}`, way, user: 'Ben' })).live();
      const pressed = ben.breakIt('Freeze this window');
      const answers = () => within(ben.page.evaluate(() => true), 'answer of the page', 500).catch(() => false);
      await until(async () => !(await answers()), 'frozen window');
      for (let count = 0; count < 5; count++) await publish(stage.server, orders[4]);
      await pressed;
      const { text, events } = await ben.recovered(/Frozen for 5.0 s/);
      assert.equal(events, 5, text);
    });
  }

  it('has a window of its own for each of two users side by side, and each can be broken alone', async () => {
    const browser = await startBrowser();
    const page = await browser.newPage();
    await page.goto(`${stage.demo.url}/side-by-side?path=order/${orders[5]}`);
    const [anna, ben] = ['Anna', 'Ben'].map((user) => page.frameLocator(`iframe[name=${user}]`));
    for (const frame of [anna, ben]) await frame.locator('.flowcast-status--connected').waitFor();
    await ben.getByRole('button', { name: 'Break it' }).click();
    await ben.getByRole('button', { name: 'Drop the connection' }).click();
    await anna.getByLabel('Customer').fill('Side by side');
    await anna.getByRole('button', { name: 'Save', exact: true }).click();
    await anna.getByText('Saved by Anna').waitFor();
    await ben.getByRole('button', { name: 'Connect again' }).click();
    await ben.getByText('Saved by Anna').waitFor();
    assert.equal(await ben.getByLabel('Customer').inputValue(), 'Side by side');
    await browser.close();
  });

  const put = (url, body, headers = {}) =>
    fetch(`${url}/demo/server`, { method: 'PUT', body: JSON.stringify(body), headers });

  it('does not restart a server that nobody supervises, and says so', async () => {
    const demo = await startDemo(stage.server);
    assert.equal((await put(demo.url, { end: 'stop' })).status, 503);
    const browser = await startBrowser();
    const window = await DemoWindow.open(browser, demo, { path: 'orders', way: react });
    await window.page.getByRole('button', { name: 'Break it' }).click();
    const restart = window.page.getByRole('button', { name: 'Restart the server' });
    await until(() => restart.isDisabled(), 'button that cannot be pressed');
    await browser.close();
    await demo.stop();
  });

  it('refuses a request that makes no sense, and one of a page elsewhere', async () => {
    for (const body of [{}, { end: 'burn' }, { end: 'stop', away: -1 }, { end: 'stop', away: 1e9 }, []]) {
      assert.equal((await put(stage.demo.url, body)).status, 400, JSON.stringify(body));
    }
    const status = await new Promise((resolve) => {
      const options = { method: 'PUT', headers: { host: 'elsewhere.example' } };
      request(`${stage.demo.url}/demo/server`, options, (answer) => resolve(answer.resume().statusCode)).end('{"end":"stop"}');
    });
    assert.equal(status, 403);
  });

  it('ends the server with its supervisor, and the supervisor with its server', async () => {
    const pipe = join(repository, `build/supervise-test.${process.pid}`);
    const supervised = launch([pipe, 'sleep', '1000'], { command: join(repository, 'demo/supervise') });
    await until(async () => existsSync(pipe), 'pipe');
    supervised.signal('SIGTERM');
    assert.equal((await supervised.exit()).code, 0);
    const failing = launch([pipe, 'sh', '-c', 'exit 7'], { command: join(repository, 'demo/supervise') });
    assert.equal((await failing.exit()).code, 7);
  });

  it('leaves no server behind where it is told to end in the middle of a restart', async () => {
    const pipe = join(repository, `build/supervise-test.${process.pid}`);
    for (let time = 0; time < 20; time++) {
      const supervised = spawn(join(repository, 'demo/supervise'), [pipe, 'sleep', '60'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = event(supervised.stdout.resume(), 'close');
      const left = event(supervised, 'exit');
      await until(async () => existsSync(pipe), 'pipe');
      writeFileSync(pipe, 'KILL 10\n');
      // At another moment of the restart each time.
      await new Promise((later) => setTimeout(later, 2 * time));
      supervised.kill('SIGTERM');
      await ended;
      assert.equal(await left, 0);
    }
  });

  it('ends a server that its supervisor has only just started', async () => {
    const pipe = join(repository, `build/supervise-test.${process.pid}`);
    for (let time = 0; time < 100; time++) {
      const supervised = spawn(join(repository, 'demo/supervise'), [pipe, 'sleep', '60'], { stdio: ['ignore', 'pipe', 'inherit'] });
      // Once nobody has its output any more.
      const ended = event(supervised.stdout.resume(), 'close');
      while (!existsSync(pipe)) await setImmediate();
      supervised.kill('SIGTERM');
      await ended;
    }
  });
});
