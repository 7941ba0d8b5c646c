// WebSocket sessions at their edges: messages in pieces, sessions that break off, neighbours that must not notice.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PacketClient } from '../support/packet_client.mjs';
import { RawWebSocket, frame, opcode } from '../support/raw_websocket.mjs';
import { startServer } from '../support/server_process.mjs';

let server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const connect = async () => {
  const client = await PacketClient.connect(server.port);
  assert.match(await client.next(), /^0/);
  await client.send('40');
  assert.match(await client.next(), /^40/);
  return client;
};
const find = async (client) => {
  await client.send('427["find","microflow",{"$limit":0}]');
  assert.match(await client.next(), /^437\[null,/);
};

describe('a websocket', () => {
  it('leaves nothing to the sessions after it where it breaks off within a message', async () => {
    const first = frame({ fin: false, payload: '42["find"' });
    for (const second of [frame({ op: opcode.continuation, payload: Buffer.from([0xff]) }), frame({ op: opcode.continuation, payload: ',oops]' }), frame({ payload: '4' })]) {
      // Often enough to meet every shard.
      for (let round = 0; round < 12; round += 1) {
        const client = await connect();
        client.socket.sendBytes(Buffer.concat([first, second]));
        assert.notEqual(await client.socket.closed(), 1006);
        const next = await connect();
        await find(next);
        next.socket.abort();
      }
    }
  });

  it('takes a message in as many pieces as there are bytes', async () => {
    const client = await connect();
    const message = Buffer.from('428["create","microflow",{"text":"é😀"}]');
    for (let at = 0; at < message.length; at += 1) {
      client.socket.sendFrame({ op: at === 0 ? opcode.text : opcode.continuation, fin: at === message.length - 1, payload: message.subarray(at, at + 1) });
    }
    assert.match(await client.next(), /^42\["microflow created",\{"text":"é😀"/);
    assert.match(await client.next(), /^438\[null,\{"text":"é😀"/);
    client.socket.abort();
  });

  it('takes a frame whose bytes come one by one', async () => {
    const client = await connect();
    for (const byte of frame({ payload: '429["find","microflow",{"$limit":0}]' })) {
      client.socket.sendBytes(Buffer.from([byte]));
      await new Promise((sent) => setImmediate(sent));
    }
    assert.match(await client.next(), /^439\[null,/);
    client.socket.abort();
  });

  it('takes many messages that come together', async () => {
    const client = await connect();
    client.socket.sendBytes(Buffer.concat([...Array(500).keys()].map((number) => frame({ payload: `42${number}["find","microflow",{"$limit":0}]` }))));
    const answered = new Set();
    while (answered.size < 500) answered.add(/^43(\d+)/.exec(await client.next())[1]);
    client.socket.abort();
  });

  it('answers pings between the pieces of a message', async () => {
    const client = await connect();
    client.socket.sendBytes(
      Buffer.concat([
        frame({ fin: false, payload: '4210["find",' }),
        frame({ op: opcode.ping, payload: 'are you there' }),
        frame({ op: opcode.continuation, payload: '"microflow",{"$limit":0}]' }),
      ]),
    );
    assert.deepEqual(await client.next(), { op: opcode.pong, data: Buffer.from('are you there') });
    assert.match(await client.next(), /^4310\[null,/);
    client.socket.abort();
  });

  it('speaks the first protocol that the client offers: a browser breaks off where it hears of none', async () => {
    const open = async (offered) => {
      const headers = offered === undefined ? {} : { 'Sec-WebSocket-Protocol': offered };
      const socket = await RawWebSocket.open(server.port, '/socket.io/?EIO=4&transport=websocket', { headers });
      socket.abort();
      return socket.answer.header('sec-websocket-protocol');
    };
    assert.equal(await open('token, other'), 'token');
    assert.equal(await open('token'), 'token');
    assert.equal(await open(undefined), undefined);
  });

  it('ends where the client connects twice, as with Node', async () => {
    const client = await connect();
    await client.send('40');
    assert.notEqual(await client.socket.closed(), 1006);
  });

  it('goes down without a trace where the client does', async () => {
    for (let round = 0; round < 50; round += 1) (await connect()).socket.abort();
    const client = await connect();
    await find(client);
    client.socket.abort();
  });
});
