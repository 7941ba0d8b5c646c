// The widget's core, through its bridge as a page has it, against a plain Feathers server and against ours: to the widget there is
// no difference but that ours sends it less. A plain server knows nothing of `subscribe`; then the widget compares the keys itself.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { createRegistry } from '../../widget-wasm/host/bridge.js';
import { until } from '../support/deadline.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { program, repository, startServer } from '../support/server_process.mjs';

/** As in a page: a socket that nobody listens to any more fails in silence. */
class PageWebSocket extends WebSocket {
  constructor(...args) {
    super(...args);
    this.on('error', () => {});
  }
}

const path = process.env.FLOWCAST_WASM ?? join(repository, 'build/wasm/widget-wasm/flowcast.wasm');
const plain = new URL('reference/feathers_5.mjs', import.meta.url).pathname;

describe('the widget', { skip: !existsSync(path) && `${path} is not built: cmake --preset wasm && cmake --build --preset wasm` }, () => {
  for (const [what, command] of Object.entries({ 'a plain Feathers server': plain, Flowcast: program })) {
    describe(`with ${what}`, () => {
      let server;
      let hub;
      const listeners = [];
      before(async () => {
        server = await startServer({ command, args: ['--service', 'microflow', '--service', 'notes'] });
        globalThis.WebSocket = PageWebSocket;
        const registry = createRegistry({ wasm: async () => readFileSync(path) });
        await registry.started;
        hub = registry.hub(server.url);
      });
      afterEach(() => {
        for (const listener of listeners.splice(0)) listener.release();
      });
      after(() => server.stop());

      /** A widget for some keys, which notes the payloads that it ran its action with. */
      const widget = async (interest, events = ['created', 'updated', 'patched', 'removed']) => {
        const statuses = [];
        const listener = hub.listen({ service: 'microflow', ...interest, onStatus: (status) => statuses.push(status) });
        listeners.push(listener);
        const heard = [];
        listener.action(events, {}, (event, done) => {
          heard.push([event.event, event.key]);
          done();
        });
        await until(() => statuses.at(-1)?.state === 'connected', `connection; last it was ${JSON.stringify(statuses.at(-1))}`);
        // One more round trip: the subscription holds.
        return { listener, heard, statuses };
      };
      const call = async (method, where, body) => {
        const answer = await fetchRaw(server.port, method, where, { headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
        assert.ok(answer.status < 300, answer.text);
        return JSON.parse(answer.text);
      };
      /** Publishes until the first widget hears: what was published before that may have come before its subscription. */
      const settled = async ({ heard }, key) => {
        await until(async () => {
          await call('POST', '/microflow', { text: key });
          return heard.length > 0;
        }, `event for ${key}`);
      };

      it('runs the action for its key, and for no other', async () => {
        const one = await widget({ keys: ['281474976710657'] });
        const two = await widget({ keys: ['281474976710658'] });
        await settled(one, '281474976710657');
        await settled(two, '281474976710658');
        assert.deepEqual(new Set(one.heard.map(String)), new Set(['created,281474976710657']));
        assert.deepEqual(new Set(two.heard.map(String)), new Set(['created,281474976710658']));
      });

      it('knows its key also where it was published as a number', async () => {
        const { heard } = await widget({ keys: ['4711'] });
        await until(async () => {
          await call('POST', '/microflow', { text: 4711 });
          return heard.length > 0;
        }, 'event');
      });

      it('hears what happens to a record, by the event that it asked for', async () => {
        const one = await widget({ keys: ['changing'] });
        const removed = await widget({ keys: ['changing'] }, ['removed']);
        await settled(one, 'changing');
        const { id } = await call('POST', '/microflow', { text: 'changing' });
        await call('PATCH', `/microflow/${id}`, { more: true });
        await until(() => one.heard.some(([event]) => event === 'patched'), 'patched event');
        await call('PUT', `/microflow/${id}`, { text: 'changing' });
        await until(() => one.heard.some(([event]) => event === 'updated'), 'updated event');
        assert.deepEqual(removed.heard, []);
        await call('DELETE', `/microflow/${id}`);
        await until(() => removed.heard.length === 1, 'removed event');
      });

      it('listens to a whole service where it names no key', async () => {
        const all = await widget({ keys: null });
        await settled(all, 'anything');
      });

      it('hears nothing of another service', async () => {
        const one = await widget({ keys: ['shared'] });
        await call('POST', '/notes', { text: 'shared' });
        const other = await widget({ service: 'notes', keys: ['shared'] });
        await until(async () => {
          await call('POST', '/notes', { text: 'shared' });
          return other.heard.length > 0;
        }, 'event of the other service');
        assert.deepEqual(one.heard, []);
      });

      it('follows its context object from key to key', async () => {
        const one = await widget({ keys: ['first'] });
        await settled(one, 'first');
        one.listener.setKeys(['second']);
        one.heard.length = 0;
        await settled(one, 'second');
        assert.ok(one.heard.every(([, key]) => key === 'second'));
      });

      it('comes back by itself after the server did, and says that it may have missed something', async () => {
        const one = await widget({ keys: ['patient'] });
        await settled(one, 'patient');
        const { port } = server;
        await server.stop();
        await until(() => one.statuses.at(-1).state !== 'connected', 'loss of the connection');
        server = await startServer({ command, listen: `127.0.0.1:${port}`, args: ['--service', 'microflow', '--service', 'notes'] });
        one.heard.length = 0;
        await until(() => one.statuses.at(-1).state === 'connected', 'connection', 60_000);
        await settled(one, 'patient');
      });
    });
  }
});
