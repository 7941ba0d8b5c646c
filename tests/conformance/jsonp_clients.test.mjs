// Clients of the time before XMLHttpRequest crossed origins: their JSONP transport, as it is in the clients of generation 1 and 2.
import './jsonp_document.mjs';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { event, until, within } from '../support/deadline.mjs';
import { conformanceProgram, launch } from '../support/server_process.mjs';
import { client, onSession } from './socket_io_versions.mjs';

let server;
before(async () => {
  server = await launch(['--port', '0'], { command: conformanceProgram }).listening();
});
after(() => server.stop());

for (const version of ['1.7', '2.0', '2.5']) {
  describe(`socket.io-client ${version} over JSONP`, () => {
    let socket;
    before(async () => {
      socket = client(version, server.url, 'polling', { forceJSONP: true });
      await event(socket, 'connect');
    });
    after(() => socket.close());
    const onShared = (what, test) => it(what, () => onSession(socket, test));
    const acknowledged = (...args) => within(new Promise((resolve) => socket.emit('message-with-ack', ...args, (...answer) => resolve(answer))), 'acknowledgement');

    it('travels by script and form', () => assert.equal(socket.io.engine.transport.query.j, socket.io.engine.transport.index));

    onShared('exchanges events', async () => {
      const back = event(socket, 'message-back');
      socket.emit('message', 'hello');
      assert.equal(await back, 'hello');
    });

    onShared('keeps line ends, backslashes and quotes as they are', async () => {
      for (const text of ['a\nb', 'a\\nb', 'a\\\nb', '\\\\n', "'\"<script>", 'tab\tend\r\n']) assert.deepEqual(await acknowledged(text), [text]);
    });

    onShared('sends binary and gets it back', async () => {
      const [answer] = await acknowledged(Buffer.from([0, 1, 254, 255]));
      assert.deepEqual(Buffer.from(answer), Buffer.from([0, 1, 254, 255]));
    });

    onShared('gets its own order back for a burst', async () => {
      const heard = [];
      const note = (number) => heard.push(number);
      socket.on('message-back', note);
      for (let number = 0; number < 50; number += 1) socket.emit('message', number);
      try {
        await until(() => heard.length >= 50, '50 events');
      } finally {
        socket.off('message-back', note);
      }
      assert.deepEqual(heard, [...Array(50).keys()]);
    });
  });
}
