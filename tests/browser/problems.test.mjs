import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { isReference, startServer } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const nothingThere = 'http://127.0.0.1:9';
const text = (way, value) => (way.widgets === 'classic' ? value : `'${value}'`);

/**
 * Each: how to have the problem, the first word of the status attribute, what is said in the console and on the page, and
 * whether trying again helps. `only` names the clients in which it can come about.
 */
const problems = [
  {
    name: 'a URL at which there is nothing',
    settings: () => ({ url: nothingThere }),
    state: 'disconnected',
    says: /^No connection to http:\/\/127\.0\.0\.1:9\. Is the server running, the URL right, /,
    triesAgain: true,
  },
  {
    name: 'a token that is refused',
    settings: ({ guarded }) => ({ url: guarded.url }),
    state: 'refused',
    says: /^http:\S+ refused the token\..* It is missing, wrong or expired\./,
    triesAgain: true,
  },
  {
    name: 'a service that the server does not have',
    settings: () => ({ service: 'nosuch' }),
    state: 'refused',
    says: /^http:\S+ does not have this service\..* Check the widget's service\./,
    triesAgain: true,
  },
  {
    name: 'a text that is no URL',
    settings: () => ({ url: 'http://' }),
    state: 'failed',
    says: /^“http:\/\/” is not the URL of a server\..* It looks like https:\/\/realtime\.example\.com\./,
    triesAgain: false,
  },
  {
    name: 'a Content-Security-Policy without the server',
    policy: "default-src 'self' 'wasm-unsafe-eval'",
    state: 'failed',
    says: /^The page's Content-Security-Policy forbids http:\S+\. Add its wss: address to connect-src\./,
    triesAgain: false,
  },
  {
    name: 'a Content-Security-Policy without WebAssembly, where its replacement is missing',
    policy: "default-src 'self'; connect-src *",
    missing: ['**/core_fallback.js*'],
    only: 'dojo', // in the React client it is in the page's bundle
    state: 'failed',
    says: /^Flowcast cannot run on this page\..* WebAssembly is blocked, its replacement does not load\./,
    triesAgain: false,
  },
];

/** Counts the connections that a page attempts and those that have ended, from its next load on. */
function countAttempts(page) {
  return page.addInitScript(() => {
    globalThis.attempts = { begun: 0, ended: 0 };
    globalThis.WebSocket = class extends WebSocket {
      constructor(...given) {
        super(...given);
        globalThis.attempts.begun++;
        // One that a policy forbids never tells that it is closed.
        const ended = new Promise((resolve) => ['error', 'close'].map((event) => this.addEventListener(event, resolve)));
        ended.then(() => globalThis.attempts.ended++);
      }
    };
  });
}

/** Lets two minutes pass on the page, but not while it connects, which takes as long as it does. */
async function passTwoMinutes(page) {
  const over = () => page.evaluate(() => globalThis.attempts.begun === globalThis.attempts.ended);
  for (let second = 0; second < 120; second++) {
    await until(over, 'end of an attempt', 30_000);
    await page.clock.runFor(1000);
  }
  await until(over, 'end of an attempt', 30_000);
}

describe('a problem of all 100 widgets of a page is said once', { skip: isReference }, () => {
  let stage;
  let guarded;
  before(async () => {
    stage = await openStage();
    const digest = createHash('sha256').update('a key').digest('hex');
    guarded = await startServer({ args: ['--publisher-key', `app:${digest}`] });
  });
  afterEach(() => stage.closeWindows());
  after(async () => {
    await stage.close();
    await guarded.stop();
  });

  for (const way of ways) {
    for (const { name, settings = () => ({}), policy, missing, only, state, says, triesAgain } of problems) {
      if (only && only !== way.client) continue;
      it(`${name}: ${way.name}`, async () => {
        const given = Object.entries(settings({ guarded })).map(([key, value]) => [key, text(way, value)]);
        // With a key that is known before it connects, so that the connection itself is refused.
        const key = way.widgets === 'pluggable' && { watch: 'key', objectKey: "'1'" };
        const overrides = { showStatus: 'problems', statusAttribute: 'Note', ...key, ...Object.fromEntries(given) };
        const window = await stage.open({ path: 'about', way, policy, missing, ownClock: true });
        const { page } = window;
        await countAttempts(page);
        window.console.length = 0;
        const query = new URLSearchParams({ widgets: way.widgets, copies: '99' });
        for (const [key, value] of Object.entries(overrides)) query.set(`widget.${key}`, value);
        await page.goto(`${stage.demo.url}/${way.client}/order/${orders[0]}?${query}`);

        const said = () => window.console.filter((message) => message.text.startsWith('Flowcast: '));
        await window.says(/^Flowcast: /, 'warning');
        const status = page.locator('.flowcast-status');
        await status.waitFor();
        await passTwoMinutes(page);
        const { begun } = await page.evaluate(() => globalThis.attempts);
        assert.equal(begun > 1, triesAgain, `it tried ${begun} times`);

        assert.equal(said().length, 1, said().map((message) => message.text).join('\n'));
        assert.match(said()[0].text.slice('Flowcast: '.length), says);
        assert.equal(await status.count(), 1);
        await status.locator('summary').click();
        const [, shown] = await status.evaluate((node) => [...node.childNodes].map((child) => child.textContent));
        assert.match(shown, says);
        const attribute = () => page.locator('#field-Note').inputValue();
        await until(async () => (await attribute()).startsWith(`${state}: `), `${state} in the attribute`, 30_000);
        assert.match((await attribute()).slice(`${state}: `.length).padEnd(200), new RegExp(says.source.split('\\..*')[0]));
      });
    }
  }
});
