#!/usr/bin/env node
// What an event costs on a page, in µs: the widget's core through its bridge, in both its forms, beside socket.io-client's
// own parser with a Map of keys. 1,000 subscriptions, 10,000 events of which half are for one of them. And what it takes to
// start: to unpack the module as the packages embed it, and instantiate it. The median of several rounds; of the start the
// first, too, since a page starts once.
//
//   node tests/bench/widget_core.mjs        after the presets wasm and tests/conformance/run, which fetches socket.io-client
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fallbackModule } from '../../packaging/mpk/fallback.mjs';
import { pack } from '../../packaging/mpk/pack.mjs';
import { createRegistry } from '../../widget-wasm/host/bridge.js';
import { unpack } from '../../widget-wasm/host/unpack.js';

const subscriptions = 1_000;
const events = 10_000;
const rounds = 7;
const path = process.env.FLOWCAST_WASM ?? new URL('../../build/wasm/widget-wasm/flowcast.wasm', import.meta.url).pathname;
const bytes = readFileSync(path);
const source = fallbackModule(path);
const clients = new URL('../conformance/node_modules/socket.io-client-4.8/package.json', import.meta.url);

const keyOf = (index) => String(281474976710657n + BigInt(index));
const packets = (size) =>
  Array.from({ length: events }, (_, index) => {
    const record = { text: keyOf(index % (2 * subscriptions)), id: index, data: 'x'.repeat(size) };
    return '42' + JSON.stringify(['microflow created', record, `e-${index}`]);
  });

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

/** Microseconds an event, of a function that takes all packets and says how often it ran an action. */
function measure(all, take) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    const runs = take(all);
    times.push(((performance.now() - begin) * 1000) / events);
    if (runs !== events / 2) throw new Error(`${runs} runs instead of ${events / 2}`);
  }
  return median(times).toFixed(2);
}

async function page(module) {
  let socket;
  globalThis.WebSocket = class {
    readyState = 1;
    constructor() {
      socket = this;
    }
    send() {}
    close() {}
  };
  const registry = createRegistry(module);
  await registry.started;
  let runs = 0;
  const listeners = Array.from({ length: subscriptions }, (_, index) => {
    const listener = registry.hub('http://127.0.0.1').listen({ service: 'microflow', keys: [keyOf(index)] });
    listener.action(['created'], {}, (event, done) => {
      runs++;
      done();
    });
    return listener;
  });
  socket.onopen({});
  socket.onmessage({ data: '0{"sid":"s"}' });
  socket.onmessage({ data: '40{"sid":"a","offset":"e-0"}' });
  return {
    take(all) {
      runs = 0;
      for (const data of all) socket.onmessage({ data });
      return runs;
    },
    release: () => listeners.forEach((listener) => listener.release()),
  };
}

function socketIo() {
  const require = createRequire(clients);
  const { Decoder } = require('socket.io-parser');
  const decoder = new Decoder();
  let runs = 0;
  const actions = new Map(Array.from({ length: subscriptions }, (_, index) => [keyOf(index), () => runs++]));
  decoder.on('decoded', ({ data: [name, record] }) => {
    const action = name === 'microflow created' && actions.get(record.text);
    if (action) action(record);
  });
  return {
    take(all) {
      runs = 0;
      for (const data of all) decoder.add(data.slice(1));
      return runs;
    },
    release() {},
  };
}

const wasm = { wasm: () => Promise.resolve(bytes) };
const plain = {
  wasm: () => Promise.reject(new Error('blocked')),
  loadFallback: () => import('data:text/javascript;base64,' + Buffer.from(source).toString('base64')),
};
const contestants = { 'core as wasm': await page(wasm), 'core as JavaScript': await page(plain) };
if (existsSync(clients)) contestants['socket.io-client 4.8'] = socketIo();

const table = {};
for (const [name, { take, release }] of Object.entries(contestants)) {
  table[name] = { '185 B': measure(packets(110), take), '5 kB': measure(packets(4_920), take) };
  release();
}
console.table(table);

const starts = [];
const imports = { env: Object.fromEntries(WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => [name, () => 0])) };
const text = pack(bytes);
for (let round = 0; round < 51; round++) {
  const begin = performance.now();
  new WebAssembly.Instance(new WebAssembly.Module(await unpack(text)), imports);
  starts.push(performance.now() - begin);
}
console.log(`unpack and instantiate: first ${starts[0].toFixed(2)} ms, median ${median(starts).toFixed(2)} ms`);
