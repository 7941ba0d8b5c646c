import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

/** Which core a page runs: whether it may compile WebAssembly is the policy's to say. */
const mayCompile = (window) =>
  window.page.evaluate(() => {
    try {
      return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
    } catch {
      return false;
    }
  });

describe('a Content-Security-Policy', () => {
  let stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.closeWindows());
  after(() => stage.close());

  for (const [csp, header, wasm] of [
    ['none', null, true],
    ['wasm', "script-src 'self' 'wasm-unsafe-eval'", true],
    ['strict', "default-src 'self'; connect-src ", false],
  ]) {
    for (const way of ways) {
      it(`${csp} lets a save show in the other window: ${way.name}`, async () => {
        const [anna, ben] = await stage.openTwo({ path: `order/${orders[0]}`, way, csp });
        const served = (await fetch(ben.page.url())).headers.get('content-security-policy');
        if (header) assert.ok(served.startsWith(header), served);
        else assert.equal(served, null);
        assert.equal(await mayCompile(ben), wasm);
        await anna.fill('Customer', `${csp}, ${way.name}`);
        await anna.save();
        await ben.shows('Customer', `${csp}, ${way.name}`);
        // The attempt to compile is the only thing that a policy may object to.
        const objections = ben.console.filter(({ text }) => /Content.Security.Policy/i.test(text));
        assert.deepEqual(
          objections.filter(({ text }) => !/WebAssembly|wasm/i.test(text)),
          [],
        );
        assert.deepEqual([...anna.errors, ...ben.errors], []);
      });
    }
  }
});
