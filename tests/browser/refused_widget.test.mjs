// One widget whose service is mistyped, or whose key the token forbids, on a page with others that are right.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { isReference, scratchFolder } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const path = `order/${orders[0]}`;
const refresh = 'Orders.ACT_Order_Refresh';
const runRefresh = JSON.stringify({ type: 'callMicroflow', microflow: refresh, needsObject: true });
const text = (way, value) => (way.widgets === 'classic' ? value : `'${value}'`);
const secret = 'a secret of at least sixty-four bytes, so that HS512 can have it too: that is long';
const may = (...keys) => makeToken(secret, { sub: 'ben', flowcast: { subscribe: { microflow: keys }, publish: true } });

describe('a widget that the server refuses, beside one that it accepts,', { skip: isReference }, () => {
  let stage;
  let guarded;
  let scratch;
  before(async () => {
    scratch = scratchFolder();
    const file = join(scratch.path, 'secret');
    writeFileSync(file, secret);
    stage = await openStage();
    guarded = await openStage({ server: { args: ['--jwt-secret-file', file] } });
  });
  afterEach(() => Promise.all([stage, guarded].map((each) => each.closeWindows())));
  after(async () => {
    await Promise.all([stage.close(), guarded.close()]);
    scratch.remove();
  });

  const publish = async ({ server }, key, token) => {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${server.url}/microflow`, { method: 'POST', headers, body: JSON.stringify({ text: key }) });
    assert.equal(answer.status, 201, await answer.text());
  };
  const runs = async ({ demo }) => (await demo.statistics(refresh)).runs;
  const ran = (on, count) => until(async () => (await runs(on)) === count, `${count} runs`, 30_000);
  const warnings = (window) => window.console.filter(({ text }) => text.startsWith('Flowcast: '));

  for (const way of ways) {
    it(`says so itself, and the other one refreshes: a mistyped service, ${way.name}`, async () => {
      const window = await stage.open({
        path,
        way,
        user: 'Ben',
        onlyChanges: true,
        overrides: { showStatus: 'always' },
        more: { copies: 3, 'copy.service': text(way, 'microfolw'), 'copy.showStatus': 'problems', 'copy.statusAttribute': 'Note' },
      });
      await window.live();
      const shown = window.page.locator('.flowcast-status--refused');
      await until(async () => (await shown.count()) === 3, 'refusal of each of the three', 30_000);
      await shown.first().locator('summary').click();
      assert.match(await shown.first().textContent(), /does not have this service\. “Service 'microfolw' not found” Check the widget's service\./);
      await until(async () => /^refused: .* does not have this service\./.test(await window.field('Note').inputValue()), 'status in the attribute', 30_000);
      assert.equal(warnings(window).length, 1, JSON.stringify(warnings(window)));
      assert.equal(window.sockets.length, 1);
      const before = await runs(stage);
      await publish(stage, orders[0]);
      await ran(stage, before + 1);
      assert.equal(await window.page.locator('.flowcast-status--connected').count(), 1);
    });

    it(`says so itself until a token allows it, and then refreshes once: a forbidden key, ${way.name}`, async () => {
      const [mine, other] = orders;
      const keys = way.widgets === 'classic' ? { 'copy.keyAttribute': 'Note' } : { 'copy.watch': 'key', 'copy.objectKey': '$currentObject/Note', 'copy.action': runRefresh, 'copy.itemAction': 'null' };
      const tokens = way.widgets === 'classic' ? { tokenAttribute: 'Product' } : { token: '$currentObject/Product' };
      const options = { path, way, user: 'Ben', overrides: { showStatus: 'always', ...tokens }, more: { copies: 1, ...keys } };
      const window = await guarded.open({ ...options, ownClock: true });
      const refused = window.page.locator('.flowcast-status--refused');
      const enter = async (attribute, value) => {
        await window.fill(attribute, value);
        await window.field(attribute).blur();
      };
      await until(async () => (await refused.count()) === 2, 'refusal of a page without a token', 30_000);
      await enter('Note', other);
      // A first connection that comes late refreshes both; whether a slow machine's is late would be chance.
      const first = await runs(guarded);
      await window.page.clock.fastForward(10_000);
      await enter('Product', may(mine));
      await window.live();
      await refused.waitFor();
      const before = first + 2;
      await ran(guarded, before);
      await publish(guarded, mine, may(mine));
      await ran(guarded, before + 1);
      await enter('Product', may(mine, other));
      await until(async () => (await window.page.locator('.flowcast-status--connected').count()) === 2, 'two that are connected', 30_000);
      await ran(guarded, before + 2);
    });
  }
});
