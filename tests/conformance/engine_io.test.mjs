// The Engine.IO protocol, both revisions, case by case as its documents put it: handshake, messages, heartbeats, closing and
// upgrading, against the echo of conformance-server (ping every 300 ms, 200 ms to answer).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { within } from '../support/deadline.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { RawConnection, fetchRaw, request } from '../support/raw_http.mjs';
import { RawWebSocket, opcode } from '../support/raw_websocket.mjs';
import { conformanceProgram, isReference, launch } from '../support/server_process.mjs';

let server;
before(async () => {
  server = await launch(['--port', '0'], { command: conformanceProgram }).listening();
});
after(() => server.stop());

const unknownSession = '{"code":1,"message":"Session ID unknown"}';
const text = { 'Content-Type': 'text/plain;charset=UTF-8' };

for (const eio of [4, 3]) {
  const base = `/engine.io/?EIO=${eio}`;
  const payload = (...packets) => (eio === 4 ? packets.join('\x1e') : packets.map((packet) => `${packet.length}:${packet}`).join(''));
  const get = (query) => fetchRaw(server.port, 'GET', `${base}${query}`);
  const post = (query, body, headers = text) => fetchRaw(server.port, 'POST', `${base}${query}`, { body, headers });
  const openPolling = async (query = '') => {
    const answer = await get(`&transport=polling${query}`);
    assert.equal(answer.status, 200);
    const packet = eio === 4 ? answer.text : /^\d+:([^]*)$/.exec(answer.text)[1];
    return { answer, open: packet, sid: JSON.parse(packet.slice(1)).sid };
  };
  const openWebSocket = async () => {
    const socket = await RawWebSocket.open(server.port, `${base}&transport=websocket`);
    return { socket, open: await socket.next() };
  };
  const session = ({ sid }) => `&transport=polling&sid=${sid}`;
  const poll = async (opened) => {
    const answer = await get(session(opened));
    return answer.text;
  };
  const checkOpenPacket = (packet, upgrades) => {
    assert.equal(packet[0], '0');
    const { sid, ...rest } = JSON.parse(packet.slice(1));
    assert.match(sid, /^[\w-]{10,}$/);
    const maxPayload = eio === 4 || isReference ? { maxPayload: 1_000_000 } : {};
    assert.deepEqual(rest, { upgrades, pingInterval: 300, pingTimeout: 200, ...maxPayload });
  };
  /** Polls until the session is gone, answering nothing. */
  const pollToTheEnd = async (opened) => {
    for (let polls = 0; polls < 10; polls += 1) {
      const answer = await get(session(opened));
      if (answer?.status !== 200) return answer;
    }
    return assert.fail('the session lives on');
  };

  describe(`Engine.IO ${eio}: handshake`, () => {
    it('opens a session over polling', async () => {
      const { answer, open } = await openPolling();
      checkOpenPacket(open, ['websocket']);
      assert.equal(answer.header('content-type'), 'text/plain; charset=UTF-8');
    });

    it('gives every session an id of its own', async () => {
      const sids = await Promise.all([...Array(20)].map(async () => (await openPolling()).sid));
      assert.equal(new Set(sids).size, 20);
    });

    it('opens a session over websocket', async () => {
      const { socket, open } = await openWebSocket();
      checkOpenPacket(open, []);
      socket.abort();
    });

    for (const transport of ['polling', 'websocket']) {
      for (const bad of ['', 'EIO=abc', 'EIO=2', 'EIO=5', 'EIO=', 'EIO=34']) {
        it(`refuses ${bad || 'no'} revision over ${transport}`, { skip: isReference }, async () => {
          const path = `/engine.io/?${bad}&transport=${transport}`;
          if (transport === 'websocket') await assert.rejects(RawWebSocket.open(server.port, path), ({ answer }) => answer.status === 400);
          else {
            const answer = await fetchRaw(server.port, 'GET', path);
            assert.deepEqual([answer.status, answer.text], [400, '{"code":5,"message":"Unsupported protocol version"}']);
          }
        });
      }
    }

    it('refuses an unknown transport', async () => {
      for (const transport of ['', '&transport=', '&transport=abc', '&transport=Polling']) {
        const answer = await get(transport);
        assert.deepEqual([answer.status, answer.text], [400, '{"code":0,"message":"Transport unknown"}']);
      }
      await assert.rejects(RawWebSocket.open(server.port, `${base}&transport=abc`), ({ answer }) => answer.status === 400);
    });

    it('refuses to open with another method than GET', async () => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const answer = await fetchRaw(server.port, method, `${base}&transport=polling`);
        assert.deepEqual([answer.status, answer.text], [400, '{"code":2,"message":"Bad handshake method"}']);
      }
    });

    it('refuses an unknown session', async () => {
      for (const answer of [await get('&transport=polling&sid=unknown'), await post('&transport=polling&sid=unknown', payload('4a'))]) {
        assert.deepEqual([answer.status, answer.text], [400, unknownSession]);
      }
    });

    it('wants an upgrade request where the transport is websocket', async () => {
      const answer = await get('&transport=websocket');
      assert.deepEqual([answer.status, answer.text], [400, '{"code":3,"message":"Bad request"}']);
    });
  });

  describe(`Engine.IO ${eio}: message over polling`, () => {
    it('carries a text packet both ways', async () => {
      const opened = await openPolling();
      const answer = await post(session(opened), payload('4hello'));
      assert.deepEqual([answer.status, answer.text], [200, 'ok']);
      assert.equal(await poll(opened), payload('4hello'));
    });

    it('carries several text packets both ways', async () => {
      const opened = await openPolling();
      await post(session(opened), payload('4one', '4two', '4thrée 😀'));
      assert.equal(await poll(opened), payload('4one', '4two', '4thrée 😀'));
    });

    it('carries an empty message', async () => {
      const opened = await openPolling();
      await post(session(opened), payload('4', '4x'));
      assert.equal(await poll(opened), payload('4', '4x'));
    });

    it('carries binary as base64, beside text', async () => {
      const opened = await openPolling(eio === 3 ? '&b64=1' : '');
      const binary = eio === 4 ? 'bAQIDBA==' : 'b4AQIDBA==';
      await post(session(opened) + (eio === 3 ? '&b64=1' : ''), payload('4text', binary));
      const answer = await get(session(opened) + (eio === 3 ? '&b64=1' : ''));
      assert.equal(answer.text, payload('4text', binary));
    });

    if (eio === 3) {
      it('keeps to base64 where the session was opened so', async () => {
        const opened = await openPolling('&b64=1');
        await post(session(opened), payload('4text', 'b4AQIDBA=='));
        assert.equal(await poll(opened), payload('4text', 'b4AQIDBA=='));
      });

      it('carries binary as bytes', async () => {
        const opened = await openPolling();
        const body = Buffer.from([0, 6, 0xff, 0x34, ...Buffer.from('hello'), 1, 5, 0xff, 4, 1, 2, 3, 4]);
        const answer = await post(session(opened), body, { 'Content-Type': 'application/octet-stream' });
        assert.equal(answer.text, 'ok');
        const echo = await get(session(opened));
        assert.equal(echo.header('content-type'), 'application/octet-stream');
        assert.deepEqual(echo.body, body);
      });

      it('counts lengths in UTF-16 code units', async () => {
        const opened = await openPolling();
        await post(session(opened), '5:4é😀x3:4ab');
        assert.equal(await poll(opened), '5:4é😀x3:4ab');
      });
    }

    it('answers JSONP', async () => {
      const answer = await get('&transport=polling&j=7');
      assert.match(answer.text, /^___eio\[7\]\("[^]*"\);$/);
      const packet = JSON.parse(answer.text.slice('___eio[7]('.length, -2));
      const sid = /"sid":"([^"]+)"/.exec(packet)[1];
      const form = `d=${encodeURIComponent(payload('4a "quoted" \\ é\u2028'))}`;
      const posted = await post(`&transport=polling&j=8&sid=${sid}`, form, { 'Content-Type': 'application/x-www-form-urlencoded' });
      assert.equal(posted.text, 'ok');
      const echo = await get(`&transport=polling&j=9&sid=${sid}`);
      assert.equal(JSON.parse(echo.text.slice('___eio[9]('.length, -2)), payload('4a "quoted" \\ é\u2028'));
    });

    it('holds a poll until there is something to say', async () => {
      const opened = await openPolling();
      const pending = new RawConnection(server.port).send(request('GET', `${base}${session(opened)}`, { Connection: 'close' }));
      for (let turn = 0; turn < 3; turn += 1) await get('&transport=none');
      await post(session(opened), payload('4late'));
      assert.equal((await pending.answer()).text, payload('4late'));
      pending.abort();
    });

    it('ends the session at a packet that is none', async () => {
      for (const bad of eio === 4 ? ['abc', '7', ...(isReference ? [] : ['b!!!!x'])] : ['abc', '3:abc', '99:4a', ':4a', '-1:4a']) {
        const opened = await openPolling();
        await post(session(opened), bad);
        const answer = await get(session(opened));
        assert.deepEqual([answer.status, answer.text], [400, unknownSession], bad);
      }
    });

    it('ends the session at a second poll beside the first', { skip: isReference }, async () => {
      const opened = await openPolling();
      const polls = [1, 2].map(() => new RawConnection(server.port).send(request('GET', `${base}${session(opened)}`, { Connection: 'close' })));
      const answers = await Promise.all(polls.map((connection) => connection.answer()));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
      assert.equal(answers.find(({ status }) => status === 200).text, payload('1'));
      const next = await get(session(opened));
      assert.deepEqual([next.status, next.text], [400, unknownSession]);
      for (const connection of polls) connection.abort();
    });

    it('ends the session when a poll is dropped', async () => {
      const opened = await openPolling();
      const pending = new RawConnection(server.port).send(request('GET', `${base}${session(opened)}`));
      await post(session(opened), payload(eio === 4 ? '3' : '2'));
      if (eio === 3) await pending.answer();
      if (eio === 3) pending.send(request('GET', `${base}${session(opened)}`));
      pending.abort();
      assert.equal((await pollToTheEnd(opened)).status, 400);
    });
  });

  describe(`Engine.IO ${eio}: message over websocket`, () => {
    it('carries text both ways', async () => {
      const { socket } = await openWebSocket();
      socket.send('4hé😀');
      assert.equal(await socket.next(), '4hé😀');
      socket.abort();
    });

    it('carries binary both ways', async () => {
      const { socket } = await openWebSocket();
      const bytes = Buffer.from(eio === 4 ? [1, 2, 3, 4] : [4, 1, 2, 3, 4]);
      socket.send(bytes);
      assert.deepEqual(await socket.next(), bytes);
      socket.abort();
    });

    it('puts a message in pieces together', async () => {
      const { socket } = await openWebSocket();
      socket.sendFrame({ fin: false, payload: '4he' });
      socket.sendFrame({ op: opcode.ping, payload: 'between' });
      socket.sendFrame({ fin: false, op: opcode.continuation, payload: 'll' });
      socket.sendFrame({ op: opcode.continuation, payload: 'o' });
      assert.deepEqual(await socket.next(), { op: opcode.pong, data: Buffer.from('between') });
      assert.equal(await socket.next(), '4hello');
      socket.abort();
    });

    it('ends the session at a packet that is none', async () => {
      for (const bad of ['abc', '9', '']) {
        const { socket } = await openWebSocket();
        socket.send(bad);
        await socket.closed();
      }
    });
  });

  describe(`Engine.IO ${eio}: heartbeat`, () => {
    if (eio === 4) {
      it('goes out over polling, and the session lives while it is answered', async () => {
        const opened = await openPolling();
        for (let beat = 0; beat < 3; beat += 1) {
          assert.equal(await poll(opened), '2');
          assert.equal((await post(session(opened), '3')).text, 'ok');
        }
      });

      it('goes out over websocket, and the session lives while it is answered', async () => {
        const { socket } = await openWebSocket();
        for (let beat = 0; beat < 3; beat += 1) {
          assert.equal(await socket.next(), '2');
          socket.send('3');
        }
        socket.abort();
      });
    } else {
      it('is answered over polling, with what it carries', async () => {
        const opened = await openPolling();
        for (let beat = 0; beat < 3; beat += 1) {
          await post(session(opened), payload('2'));
          assert.equal(await poll(opened), payload('3'));
        }
      });

      it('is answered over websocket', async () => {
        const { socket } = await openWebSocket();
        for (let beat = 0; beat < 3; beat += 1) {
          socket.send('2');
          assert.equal(await socket.next(), '3');
        }
        socket.abort();
      });
    }

    it('ends a polling session where it stays out', async () => {
      assert.equal((await pollToTheEnd(await openPolling())).status, 400);
    });

    it('ends a session in the very time that was told', { skip: isReference }, async () => {
      // Clients count from when they hear of it; that is the whole of their patience.
      const opened = await openPolling();
      await new Promise((over) => setTimeout(over, 300 + 200));
      const answer = await get(session(opened));
      assert.deepEqual([answer.status, answer.text], [400, unknownSession]);
    });

    it('ends a websocket session where it stays out', async () => {
      const { socket } = await openWebSocket();
      await socket.closed();
    });
  });

  describe(`Engine.IO ${eio}: close`, () => {
    it('ends a polling session, and releases its poll', async () => {
      const opened = await openPolling();
      const pending = new RawConnection(server.port).send(request('GET', `${base}${session(opened)}`, { Connection: 'close' }));
      // By the time that these are answered, the poll is known to be there.
      for (let turn = 0; turn < 3; turn += 1) await get('&transport=none');
      const answer = await post(session(opened), payload('1'));
      assert.equal(answer.text, 'ok');
      const released = await pending.answer();
      assert.deepEqual([released.status, released.text], [200, payload('6')]);
      const next = await get(session(opened));
      assert.deepEqual([next.status, next.text], [400, unknownSession]);
    });

    it('ends a websocket session', async () => {
      const { socket } = await openWebSocket();
      socket.send('1');
      await socket.closed();
    });
  });

  describe(`Engine.IO ${eio}: upgrade`, () => {
    it('moves a session from polling to websocket', async () => {
      const client = await PacketClient.connect(server.port, { eio, transport: 'polling', path: '/engine.io/' });
      await client.next('open packet');
      await client.upgrade();
      client.send('4over the websocket');
      assert.equal(await client.next(), '4over the websocket');
      client.socket.abort();
    });

    it('loses nothing that was sent in between', async () => {
      const client = await PacketClient.connect(server.port, { eio, transport: 'polling', path: '/engine.io/' });
      await client.next('open packet');
      for (const packet of ['4a', '4b', '4c']) await client.send(packet);
      await client.upgrade();
      const heard = [];
      while (heard.length < 3) {
        const packet = await client.next();
        if (packet[0] === '4') heard.push(packet);
      }
      assert.deepEqual(heard, ['4a', '4b', '4c']);
      client.socket.abort();
    });

    it('takes no polls for a session that has moved', async () => {
      const client = await PacketClient.connect(server.port, { eio, transport: 'polling', path: '/engine.io/' });
      await client.next('open packet');
      await client.upgrade();
      client.send('4moved');
      assert.equal(await client.next(), '4moved');
      const answer = await get(`&transport=polling&sid=${client.sid}`);
      assert.equal(answer.status, 400);
      client.send('4unharmed');
      assert.equal(await client.next(), '4unharmed');
      client.socket.abort();
    });

    it('takes no second websocket for a session that has moved', async () => {
      const client = await PacketClient.connect(server.port, { eio, transport: 'polling', path: '/engine.io/' });
      await client.next('open packet');
      await client.upgrade();
      client.send('4moved');
      assert.equal(await client.next(), '4moved');
      const second = await RawWebSocket.open(server.port, `${base}&transport=websocket&sid=${client.sid}`).catch(({ answer }) => answer);
      if (second instanceof RawWebSocket) await second.closed();
      else assert.equal(second.status, 400);
      client.send('4unharmed');
      assert.equal(await client.next(), '4unharmed');
      client.socket.abort();
    });

    it('keeps polling where the probe is left', async () => {
      const opened = await openPolling();
      const probe = await RawWebSocket.open(server.port, `${base}&transport=websocket&sid=${opened.sid}`);
      probe.send('2probe');
      assert.equal(await probe.next(), '3probe');
      probe.abort();
      await post(session(opened), payload('4still here'));
      const heard = await within((async () => {
        for (;;) {
          const answer = await poll(opened);
          if (answer.includes('still here')) return answer;
        }
      })(), 'echo over polling');
      assert.ok(heard.includes('4still here'));
    });
  });
}
