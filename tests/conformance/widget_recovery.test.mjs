// What the widget misses while it is away, against the real server: its socket is cut as networks cut it, and the server killed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { createRegistry } from '../../widget-wasm/host/bridge.js';
import { until } from '../support/deadline.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { isReference, repository, scratchFolder, startServer } from '../support/server_process.mjs';

const path = process.env.FLOWCAST_WASM ?? join(repository, 'build/wasm/widget-wasm/flowcast.wasm');
const skip = !existsSync(path) ? `${path} is not built: cmake --preset wasm && cmake --build --preset wasm` : isReference && 'a plain server recovers nothing';

/** As a browser's: a connection that fails is a `close`, and nothing is thrown. */
class PageSocket extends WebSocket {
  constructor(address) {
    super(address);
    this.on('error', () => {});
  }
}

describe('the widget, when it was away', { skip }, () => {
  const leaving = [];
  afterEach(async () => {
    for (const leave of leaving.splice(0).reverse()) await leave();
  });

  async function start(options) {
    const server = await startServer({ args: ['--service', 'microflow'], ...options });
    leaving.push(() => server.stop());
    return server;
  }

  const publish = async (server, body) => {
    const answer = await fetchRaw(server.port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    assert.equal(answer.status, 201, answer.text);
  };

  /** A page with one widget; `cut` ends its connections as a network does, and keeps new ones from opening until `heal`. */
  async function openPage(server, interest, how = {}) {
    const sockets = new Set();
    let broken = false;
    globalThis.WebSocket = class extends PageSocket {
      constructor(address) {
        super(broken ? 'ws://127.0.0.1:1/' : address);
        sockets.add(this);
        this.on('close', () => sockets.delete(this));
      }
    };
    const registry = createRegistry({ wasm: async () => readFileSync(path) });
    await registry.started;
    const statuses = [];
    const runs = [];
    const listener = registry.hub(server.url).listen({ service: 'microflow', ...interest, onStatus: ({ state }) => statuses.push(state) });
    listener.action(['created'], how, (event, done) => {
      runs.push(event);
      done();
    });
    leaving.push(() => listener.release());
    const connected = () => until(() => statuses.at(-1) === 'connected', 'connection', 60_000);
    await connected();
    return {
      runs,
      connected,
      cut() {
        broken = true;
        for (const socket of sockets) socket.terminate();
        return until(() => statuses.at(-1) !== 'connected', 'loss of the connection');
      },
      heal() {
        broken = false;
        return connected();
      },
    };
  }

  const keysOf = (runs) => runs.map(({ key, missed }) => key + (missed ? ' missed' : ''));

  it('runs for exactly what it missed, also if it had never heard an event', async () => {
    const server = await start();
    const page = await openPage(server, { keys: ['1', '2', '3'] }, { perKey: true });
    await page.cut();
    await publish(server, { text: '1' });
    await publish(server, { text: '9' });
    await publish(server, { text: 3 });
    await page.heal();
    assert.deepEqual(keysOf(page.runs), ['1', '3']);
    await publish(server, { text: '2' });
    await until(() => page.runs.length === 3, 'event after the recovery');
    assert.deepEqual(keysOf(page.runs), ['1', '3', '2']);
  });

  it('runs for nothing when it missed nothing', async () => {
    const server = await start();
    const page = await openPage(server, { keys: ['1'] });
    await publish(server, { text: '1' });
    await until(() => page.runs.length === 1, 'event');
    await page.cut();
    await page.heal();
    await publish(server, { text: '1' });
    await until(() => page.runs.length === 2, 'event');
    assert.deepEqual(keysOf(page.runs), ['1', '1']);
  });

  it('runs once for a burst that it missed, with the last of it', async () => {
    const server = await start();
    const page = await openPage(server, { keys: ['1'] }, { throttle: 300 });
    await publish(server, { text: '1', n: 0 });
    await until(() => page.runs.length === 1, 'event');
    await page.cut();
    for (let n = 1; n <= 20; n++) await publish(server, { text: '1', n });
    await page.heal();
    await until(() => page.runs.some(({ payload }) => JSON.parse(payload).n === 20), 'last event of the burst');
    assert.ok(page.runs.length <= 3, `${page.runs.length} runs`);
  });

  it('recovers what was published around a kill of the server, from the log on disk', async () => {
    const folder = scratchFolder();
    leaving.push(() => folder.remove());
    const store = `sqlite:${join(folder.path, 'flowcast.sqlite')}`;
    const first = await startServer({ args: ['--service', 'microflow'], store });
    const page = await openPage(first, { keys: ['1', '2'] }, { perKey: true });
    await page.cut();
    await publish(first, { text: '1' });
    first.signal('SIGKILL');
    await first.exit();
    const second = await start({ store, listen: `127.0.0.1:${first.port}` });
    await publish(second, { text: '2' });
    await page.heal();
    assert.deepEqual(keysOf(page.runs), ['1', '2']);
  });

  it('runs each action once where the log is another one', async () => {
    const first = await startServer({ args: ['--service', 'microflow'] });
    const page = await openPage(first, { keys: ['1', '2'] }, { perKey: true });
    await page.cut();
    await first.stop();
    await start({ listen: `127.0.0.1:${first.port}` });
    await page.heal();
    assert.deepEqual(keysOf(page.runs), ['1 missed', '2 missed']);
  });

  it('says so where the server does not know the service', async () => {
    const server = await start();
    const statuses = [];
    globalThis.WebSocket = PageSocket;
    const registry = createRegistry({ wasm: async () => readFileSync(path) });
    const listener = registry.hub(server.url).listen({ service: 'microfow', keys: ['1'], onStatus: (status) => statuses.push(status) });
    leaving.push(() => listener.release());
    await until(() => statuses.at(-1).state === 'refused', 'refusal');
    assert.equal(statuses.at(-1).cause, 'service');
    assert.match(statuses.at(-1).detail, /microfow/);
  });
});
