import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { ways } from './support/browser.mjs';
import { openStage } from './support/stage.mjs';

describe('the chat', () => {
  let stage;
  before(async () => {
    stage = await openStage({ supervised: true });
  });
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  const say = async (window, text) => {
    await window.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await window.page.keyboard.press('Enter');
  };
  const hears = (window, text, ...more) =>
    until(
      async () => (await window.page.locator('.message:not(.waiting) .said').allTextContents()).join('|').includes([text, ...more].join('|')),
      `“${[text, ...more]}” in the window`,
      40_000,
    );
  const room = (window, name) => window.page.getByRole('button', { name: new RegExp(`^${name}`) });

  for (const way of ways) {
    describe(way.name, () => {
      it('shows what is said in the room, with who said it, and counts what is said in another', async () => {
        const [anna, ben] = await stage.openTwo({ path: 'chat', way });
        await say(anna, `Hello, ${way.name}`);
        await hears(ben, `Hello, ${way.name}`);
        await hears(anna, `Hello, ${way.name}`);
        assert.equal(await ben.page.locator('.message').last().locator('.author').textContent(), 'Anna');

        await room(ben, 'Workshop').click();
        await ben.page.getByRole('heading', { name: 'Workshop' }).waitFor();
        await say(anna, 'And one more');
        await room(ben, 'Dispatch, 1 unread').waitFor();
        await ben.picture(`chat, ${way.name}`);
        await room(ben, 'Dispatch').click();
        await hears(ben, 'And one more');
        assert.deepEqual([...anna.errors, ...ben.errors], []);
      });

      it('adds what is new and touches nothing else, so that a screen reader reads that alone', async () => {
        const [anna, ben] = await stage.openTwo({ path: 'chat', way });
        await say(anna, `First, ${way.name}`);
        await hears(ben, `First, ${way.name}`);
        await ben.page.getByRole('log', { name: 'Messages' }).evaluate((log) => {
          window.added = [];
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes) window.added.push(...[...addedNodes].map((node) => node.textContent));
          }).observe(log, { childList: true, subtree: true });
        });
        await say(anna, `Second, ${way.name}`);
        await hears(ben, `Second, ${way.name}`);
        const added = await ben.page.evaluate(() => window.added);
        assert.equal(added.length, 1, added.join(' | '));
        assert.match(added[0], /^A.*Second/);
      });

      it('sends what was said offline, in order and once, when the window is back', async () => {
        const written = [`Written offline, ${way.name}`, `And after it, ${way.name}`];
        const [anna, ben] = await stage.openTwo({ path: 'chat', way });
        await anna.breakIt('Go offline');
        for (const text of written) await say(anna, text);
        await anna.page.locator('.message.waiting').nth(1).waitFor();
        await say(ben, `Meanwhile, ${way.name}`);
        await hears(ben, `Meanwhile, ${way.name}`);
        await anna.picture(`chat offline, ${way.name}`);
        await anna.breakIt('Go online');
        for (const window of [anna, ben]) {
          await hears(window, `Meanwhile, ${way.name}`, ...written);
        }
        assert.equal(await anna.page.locator('.waiting').count(), 0);
        for (const text of written) {
          assert.equal(await ben.page.locator('.said', { hasText: text }).count(), 1, text);
        }
        // What the other said; and her own, where the app was back before the connection was.
        const { events } = await anna.recovered(/^.*Back after/);
        assert.ok(events >= 1 && events <= 3, `${events} events were recovered`);
      });

      it('keeps its history while the server restarts, and tells of what was said meanwhile', async () => {
        const [anna, ben] = await stage.openTwo({ path: 'chat', way });
        await say(anna, `Before, ${way.name}`);
        await hears(ben, `Before, ${way.name}`);
        await ben.breakIt('Kill the server');
        await ben.page.locator('.incidents', { hasText: 'The connection is lost' }).waitFor();
        await say(anna, `While it was away, ${way.name}`);
        await hears(anna, `While it was away, ${way.name}`);
        await hears(ben, `Before, ${way.name}`, `While it was away, ${way.name}`);
        await ben.recovered(/Back after/);
        const later = await stage.open({ path: 'chat', way, user: 'Chris' });
        await hears(later, `Before, ${way.name}`, `While it was away, ${way.name}`);
      });
    });
  }
});
