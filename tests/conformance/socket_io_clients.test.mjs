// Every generation of Socket.IO client, over every transport, against the handlers of conformance-server.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { event, until, within } from '../support/deadline.mjs';
import { conformanceProgram, launch } from '../support/server_process.mjs';
import { client, connected, failure, library, onSession, speaksRevision4, versions, ways } from './socket_io_versions.mjs';

let server;
before(async () => {
  server = await launch(['--port', '0'], { command: conformanceProgram }).listening();
});
after(() => server.stop());

const many = { number: 1.5, text: 'héllo € 😀 \u2028 "quoted" \\ \x1e', list: [null, true, { deep: [[]] }] };

for (const version of versions) {
  for (const way of Object.keys(ways)) {
    describe(`socket.io-client ${version} over ${way}`, () => {
      const open = new Set();
      const start = (path = '/', options = {}) => {
        const socket = client(version, server.url + path, way, options);
        open.add(socket);
        return socket;
      };
      const ready = async (path, options) => connected(start(path, options), way);
      after(() => {
        for (const socket of open) socket.close();
      });
      let shared;
      before(async () => {
        shared = await ready();
      });
      const onShared = (what, test) => it(what, () => onSession(shared, test));

      it('connects on the transport it asked for, with an id', () => {
        assert.equal(shared.io.engine.transport.name, ways[way].ends);
        assert.match(shared.id, /^[\w-]{20,}$/);
      });

      it('hears an event that the server sends unasked, with the auth it gave', async () => {
        const socket = start('/', { auth: { token: 'abc' } });
        assert.deepEqual((await event(socket, 'auth')) ?? {}, speaksRevision4(version) ? { token: 'abc' } : {});
      });

      onShared('exchanges events of any JSON', async () => {
        const back = new Promise((resolve) => shared.once('message-back', (...args) => resolve(args)));
        shared.emit('message', 1, 'two', many, null, [], {});
        assert.deepEqual(await within(back, 'message-back'), [1, 'two', many, null, [], {}]);
      });

      onShared('gets its own order back for a burst', async () => {
        const heard = [];
        const note = (number) => heard.push(number);
        shared.on('message-back', note);
        for (let number = 0; number < 200; number += 1) shared.emit('message', number);
        try {
          await until(() => heard.length >= 200, '200 events');
        } finally {
          shared.off('message-back', note);
        }
        assert.deepEqual(heard, [...Array(200).keys()]);
      });

      onShared('sends binary and gets it back', async () => {
        const back = new Promise((resolve) => shared.once('message-back', (...args) => resolve(args)));
        shared.emit('message', Buffer.from([1, 2, 3]), { at: { depth: Buffer.from('second') } }, 'text');
        const [first, second, third] = await within(back, 'message-back');
        assert.deepEqual(Buffer.from(first), Buffer.from([1, 2, 3]));
        assert.deepEqual(Buffer.from(second.at.depth), Buffer.from('second'));
        assert.equal(third, 'text');
      });

      onShared('is acknowledged', async () => {
        const answer = new Promise((resolve) => shared.emit('message-with-ack', 1, many, (...args) => resolve(args)));
        assert.deepEqual(await within(answer, 'acknowledgement'), [1, many]);
      });

      onShared('is acknowledged with binary', async () => {
        const answer = new Promise((resolve) => shared.emit('message-with-ack', Buffer.from([7, 0, 255]), resolve));
        assert.deepEqual(Buffer.from(await within(answer, 'acknowledgement')), Buffer.from([7, 0, 255]));
      });

      onShared('acknowledges what the server asks', async () => {
        const asked = new Promise((resolve) => {
          shared.once('emit-with-ack', (question, reply) => {
            shared.once('emit-with-ack', resolve);
            reply(`answer to ${question}`);
          });
        });
        shared.emit('emit-with-ack', 'a question');
        assert.equal(await within(asked, 'answer'), 'answer to a question');
      });

      onShared('exchanges half a megabyte', async () => {
        const text = 'é😀'.repeat(80_000);
        const answer = new Promise((resolve) => shared.emit('message-with-ack', text, resolve));
        assert.ok((await within(answer, 'acknowledgement')) === text);
      });

      it('shares its connection with another namespace', async () => {
        const io = library(version);
        const manager = new io.Manager(server.url, { ...ways[way].options });
        const [main, custom] = [manager.socket('/'), manager.socket('/custom')];
        open.add(main).add(custom);
        if (!main.connected) main.open();
        await Promise.all([event(main, 'auth'), event(custom, 'auth')]);
      });

      it('is told of a namespace that does not exist', async () => {
        const reason = await event(start('/nowhere'), failure(version));
        assert.equal(reason.message ?? reason, 'Invalid namespace');
      });

      it('stays connected over many heartbeats', async () => {
        const socket = await ready();
        // Revision 3: the client pings and the server answers. Revision 4: the server pings. Clients say 'pong' in both. On a
        // machine this busy a client may be late once, and starts again on a new engine.
        const beats = new Map();
        const listen = () => {
          const { engine } = socket.io;
          beats.set(engine, 0);
          engine.on('pong', () => beats.set(engine, beats.get(engine) + 1));
        };
        listen();
        socket.on('connect', listen);
        await until(() => beats.get(socket.io.engine) >= 3, 'third heartbeat of one session', 30_000);
        assert.ok(socket.connected);
      });

      it('is disconnected by its own wish', async () => {
        const socket = await ready();
        const gone = event(socket, 'disconnect');
        socket.close();
        assert.equal(await gone, 'io client disconnect');
      });

      it('reconnects with a new session when the connection breaks', async () => {
        const socket = await ready();
        const before = socket.io.engine.id;
        const again = event(socket, 'connect');
        socket.io.engine.close();
        await again;
        assert.notEqual(socket.io.engine.id, before);
        const answer = new Promise((resolve) => socket.emit('message-with-ack', 'still here', resolve));
        assert.equal(await within(answer, 'acknowledgement'), 'still here');
      });
    });
  }
}
