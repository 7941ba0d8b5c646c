#!/usr/bin/env node
// What a page waits for the widget's core: to unpack the module as the packages embed it, compile and instantiate it, in ms,
// by code that runs for the first time, on a page that does nothing else. The median of 21 pages of one Chromium, and of as
// many that a Chromium of its own opens.
//
//   node tests/bench/widget_start.mjs        after the preset wasm and tests/browser/run
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { pack } from '../../packaging/mpk/pack.mjs';
import { startBrowser } from '../browser/support/browser.mjs';

const pages = 21;
const root = new URL('../../', import.meta.url);
const wasm = process.env.FLOWCAST_WASM ?? new URL('build/wasm/widget-wasm/flowcast.wasm', root).pathname;
const packed = pack(readFileSync(wasm));

/** In the page. Calls into the core are not part of it, so any imports do. */
const measure = `
  import { unpack } from "/widget-wasm/host/unpack.js";
  const env = new Proxy({}, { get: () => () => 0 });
  const packed = ${JSON.stringify(packed)};
  await new Promise((resolve) => setTimeout(resolve, 500)); // while the page does nothing else
  const begun = performance.now();
  const code = await unpack(packed);
  const unpacked = performance.now();
  new WebAssembly.Instance(new WebAssembly.Module(code), { env });
  globalThis.took = { unpack: unpacked - begun, instantiate: performance.now() - unpacked };
`;
const server = createServer((request, response) => {
  const script = request.url.startsWith('/widget-wasm/host/') ? readFileSync(new URL('.' + request.url, root)) : measure;
  const isPage = request.url === '/';
  response.setHeader('Content-Type', isPage ? 'text/html' : 'text/javascript');
  response.end(isPage ? '<!doctype html><script type="module" src="/measure.js"></script>' : script);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

async function open(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.took);
  const took = await page.evaluate(() => globalThis.took);
  await context.close();
  return took;
}

function tell(where, rows) {
  const median = (name) => rows.map((row) => row[name]).sort((a, b) => a - b)[rows.length >> 1].toFixed(1);
  console.log(`${where}: unpack ${median('unpack')} ms, compile and instantiate ${median('instantiate')} ms`);
}

const rows = { running: [], starting: [] };
const running = await startBrowser();
for (let page = 0; page < pages; page++) {
  rows.running.push(await open(running));
  const starting = await startBrowser();
  rows.starting.push(await open(starting));
  await starting.close();
}
await running.close();
server.close();
tell('in a browser that runs', rows.running);
tell('in a browser that starts', rows.starting);
