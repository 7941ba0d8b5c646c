// What one client may cost the real binary: each limit, by a client that goes past it, and one beside it that is not troubled.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { until } from '../support/deadline.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { RawConnection, fetchRaw } from '../support/raw_http.mjs';
import { RawWebSocket, frame, opcode } from '../support/raw_websocket.mjs';
import { cleanup } from '../support/scene.mjs';
import { notOnWindows, startServer } from '../support/server_process.mjs';

async function start(...args) {
  const server = await startServer({ args });
  cleanup.push(() => server.stop());
  return server;
}
async function connect(server, { transport = 'websocket', headers = {} } = {}) {
  const client = await PacketClient.connect(server.port, { transport, headers });
  cleanup.push(() => (client.socket ? client.socket.abort() : (client.ended = true)));
  await client.next('open packet');
  await client.send('40');
  await client.next('connect packet');
  return client;
}
const ask = async (client, id, ...event) => {
  await client.send(`42${id}${JSON.stringify(event)}`);
  for (;;) {
    const packet = await client.next(`answer to ${event[0]}`);
    if (packet.startsWith(`43${id}[`)) return JSON.parse(packet.slice(`43${id}`.length));
  }
};
const isServed = async (server, client) => assert.equal((await ask(client, 99, 'find', 'microflow', {}))[0], null);
const handshake = (server, headers) => fetchRaw(server.port, 'GET', '/socket.io/?EIO=4&transport=polling', { headers });

describe('sessions that poll and are abandoned', () => {
  it('take places, in all and of their address, and give them back', async () => {
    const server = await start('--max-connections', '20');
    const statuses = [];
    const ids = [];
    for (let i = 0; i < 40; ++i) {
      const { status, text } = await handshake(server);
      statuses.push(status);
      if (status === 200) ids.push(JSON.parse(text.slice(1)).sid);
    }
    assert.deepEqual([...new Set(statuses)], [200, 503]);
    assert.equal(statuses.indexOf(503), 19);
    assert.equal((await handshake(server)).header('Retry-After'), '10');
    const end = () => fetchRaw(server.port, 'POST', `/socket.io/?EIO=4&transport=polling&sid=${ids[0]}`, { body: '1' });
    // The connection before it may hold the last place for a moment.
    await until(async () => (await end()).status === 200, 'end of a session');
    await until(async () => (await handshake(server)).status === 200, 'place of a session that has ended');
  });

  it('are counted for the client behind a trusted proxy', async () => {
    const server = await start('--max-connections-per-address', '3', '--trusted-proxy', '127.0.0.1');
    const from = (address) => handshake(server, { 'X-Forwarded-For': address });
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '2001:db8::1', '2001:db8::2', '2001:db8::3']) assert.equal((await from(address)).status, 200);
    for (const address of ['192.0.2.1', '2001:db8::4']) assert.equal((await from(address)).status, 503);
    for (const address of ['192.0.2.2', '2001:db8:0:1::1']) assert.equal((await from(address)).status, 200);
  });

  it('give their place back when they move to a websocket, which has its own', async () => {
    const server = await start('--max-connections-per-address', '2', '--trusted-proxy', '127.0.0.1');
    const headers = { 'X-Forwarded-For': '192.0.2.1' };
    const client = await connect(server, { transport: 'polling', headers });
    await client.upgrade();
    await isServed(server, client);
    assert.equal((await handshake(server, headers)).status, 200);
    assert.equal((await handshake(server, headers)).status, 503);
  });
});

describe('websockets', () => {
  it('are counted for the client behind a trusted proxy, not for the proxy', async () => {
    const server = await start('--max-connections-per-address', '2', '--trusted-proxy', '127.0.0.1');
    const from = (address) => connect(server, { headers: { 'X-Forwarded-For': address } });
    const refused = (address) => assert.rejects(from(address), ({ answer }) => answer.status === 503 && answer.header('Retry-After') === '10');
    const first = await from('192.0.2.1');
    await from('192.0.2.1');
    await refused('192.0.2.1');
    await isServed(server, await from('192.0.2.2'));
    first.socket.abort();
    await until(() => from('192.0.2.1').then(() => true, () => false), 'place of a websocket that has ended');
    await refused('192.0.2.1');
  });
});

describe('packets', () => {
  const floods = {
    events: (client) => client.socket.sendBytes(Buffer.concat(Array(300).fill(frame({ payload: '42["nothing"]' })))),
    pongs: (client) => client.socket.sendBytes(Buffer.concat(Array(300).fill(frame({ payload: '3' })))),
    'pings of the websocket': (client) => client.socket.sendBytes(Buffer.concat(Array(300).fill(frame({ op: opcode.ping, payload: 'x' })))),
    'subscriptions that come and go': (client) => {
      const one = ['subscribe', 'unsubscribe'].map((name) => frame({ payload: `42["${name}","microflow",["1"]]` }));
      client.socket.sendBytes(Buffer.concat(Array(150).fill(Buffer.concat(one))));
    },
    'acknowledgements of nothing': (client) => client.socket.sendBytes(Buffer.concat(Array(300).fill(frame({ payload: '43123456789[]' })))),
  };
  for (const [what, flood] of Object.entries(floods)) {
    it(`end a session that sends too many: ${what}`, async () => {
      const server = await start('--max-packets', '20');
      const other = await connect(server);
      const client = await connect(server);
      flood(client);
      assert.equal(await client.socket.closed(), 1008);
      assert.equal(client.socket.closeReason, 'too many packets');
      await until(() => /reason="?too many packets/.test(server.output), 'line in the log');
      await isServed(server, other);
    });
  }

  it('end a polling session that sends too many', async () => {
    const server = await start('--max-packets', '20');
    const client = await connect(server, { transport: 'polling' });
    await client.send(Array(300).fill('42["nothing"]').join('\x1e'));
    await assert.rejects(async () => {
      for (;;) assert.equal(await client.next('end'), '1');
    }, /session|Session|400/);
  });

  it('end a session that probes without end', async () => {
    const server = await start('--max-packets', '20');
    const { text } = await handshake(server);
    const socket = await RawWebSocket.open(server.port, `/socket.io/?EIO=4&transport=websocket&sid=${JSON.parse(text.slice(1)).sid}`);
    cleanup.push(() => socket.abort());
    socket.sendBytes(Buffer.concat(Array(300).fill(frame({ payload: '2probe' }))));
    assert.equal(await socket.closed(), 1008);
  });

  it('may come in a burst of ten seconds worth', async () => {
    const server = await start('--max-packets', '20');
    const client = await connect(server);
    client.socket.sendBytes(Buffer.concat(Array(150).fill(frame({ payload: '42["nothing"]' }))));
    await isServed(server, client);
  });
});

describe('a packet that does not end', () => {
  it('ends its session, also where the client pings meanwhile', async () => {
    const server = await start('--message-timeout', '300');
    const client = await connect(server);
    client.socket.sendFrame({ fin: false, payload: '42["fi' });
    const pings = setInterval(() => client.socket.sendFrame({ op: opcode.ping, payload: '' }), 50);
    cleanup.push(() => clearInterval(pings));
    assert.equal(await client.socket.closed(), 1008);
    assert.equal(client.socket.closeReason, 'message did not arrive in time');
  });

  it('ends its session when it is a frame that breaks off', async () => {
    const server = await start('--message-timeout', '300');
    const client = await connect(server);
    client.socket.sendBytes(Buffer.concat([frame({ payload: '42["nothing"]' }), frame({ payload: 'x'.repeat(100) }).subarray(0, 50)]));
    assert.equal(await client.socket.closed(), 1008);
  });

  it('ends its session when attachments are missing', async () => {
    const server = await start('--message-timeout', '300');
    const client = await connect(server);
    client.send('452-["create","microflow",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    client.send(Buffer.from('one of two'));
    assert.equal(await client.socket.closed(), 1008);
  });

  it('is no longer than max-payload together with its attachments', async () => {
    const server = await start('--max-payload', '2000');
    const client = await connect(server);
    client.send('453-["create","microflow",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1},{"_placeholder":true,"num":2}]');
    for (let i = 0; i < 3; ++i) client.send(Buffer.alloc(900));
    assert.equal(await client.socket.closed(), 1009);
  });

  it('costs a session nothing that ends its packets in time', async () => {
    const server = await start('--message-timeout', '100', '--ping-interval', '50');
    const client = await connect(server);
    client.socket.sendFrame({ fin: false, payload: '42["noth' });
    client.socket.sendFrame({ fin: true, op: opcode.continuation, payload: 'ing"]' });
    for (let beats = 0; beats < 6; ) {
      if ((await client.next('heartbeat')) !== '2') continue;
      client.send('3');
      beats += 1;
    }
    await isServed(server, client);
  });
});

describe('publishes', () => {
  it('of one address are limited by sockets and REST together, with the time to come back', async () => {
    const server = await start('--max-publishes', '5');
    const client = await connect(server);
    const refusal = { name: 'TooManyRequests', message: 'too many publishes from your address: come back in 1 s', code: 429, className: 'too-many-requests', data: { retryAfter: 1 } };
    const flood = async () => {
      for (let i = 0; i < 20; ++i) client.send(`42${i}["create","microflow",{"text":"${i}"}]`);
      const refused = new Set();
      for (let answered = 0; answered < 20; ) {
        const [, answer] = /^43\d+(\[.*)$/.exec(await client.next('answer')) ?? [];
        answered += answer ? 1 : 0;
        if (answer?.startsWith('[{')) refused.add(answer);
      }
      assert.deepEqual([...refused].map((each) => JSON.parse(each)), [[refusal]]);
    };
    const headers = { 'Content-Type': 'application/json' };
    const byRest = await until(async () => {
      await flood();
      const answer = await fetchRaw(server.port, 'POST', '/microflow', { headers, body: '{"text":"rest"}' });
      return answer.status === 429 && answer;
    }, 'refusal by REST of an address that has published by a socket');
    assert.deepEqual(JSON.parse(byRest.text), refusal);
    assert.equal(byRest.header('Retry-After'), '1');
    await isServed(server, client);
  });
});

describe('subscriptions', () => {
  it('of one session are limited in number and length', async () => {
    const server = await start('--max-subscriptions', '3', '--max-key', '16');
    const client = await connect(server);
    assert.equal((await ask(client, 1, 'subscribe', 'microflow', ['1', '2', '3']))[0], null);
    assert.equal((await ask(client, 2, 'subscribe', 'microflow', ['4']))[0].code, 400);
    assert.equal((await ask(client, 3, 'unsubscribe', 'microflow', ['1']))[0], null);
    assert.equal((await ask(client, 4, 'subscribe', 'microflow', ['4']))[0], null);
    assert.match((await ask(client, 5, 'unsubscribe', 'microflow', ['x'.repeat(17)]))[0].message, /16 bytes/);
  });
});

describe('a record', () => {
  it('is no deeper than max-depth, by REST, in a list, and by sockets', async () => {
    const server = await start('--max-depth', '3');
    const client = await connect(server);
    const post = (body) => fetchRaw(server.port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body });
    assert.equal((await post('{"text":"1","a":[[1]]}')).status, 201);
    assert.equal((await post('[{"text":"1","a":[[1]]}]')).status, 201);
    const { status, text } = await post('{"text":"1","a":[[[1]]]}');
    assert.equal(status, 400);
    assert.match(text, /at most 3 arrays and objects/);
    assert.equal((await post('[{"text":"1","a":[[[1]]]}]')).status, 400);
    assert.equal((await ask(client, 1, 'create', 'microflow', { text: '1', a: [[[1]]] }))[0].code, 400);
    assert.equal((await ask(client, 2, 'create', 'microflow', { text: '1', a: [[1]] }))[0], null);
  });
});

describe('a client that does not read', () => {
  it('is sent away at max-outbound, and costs the others nothing', async () => {
    const server = await start('--max-outbound', '65536');
    const slow = await connect(server);
    const other = await connect(server);
    slow.socket.connection.socket.pause();
    const body = JSON.stringify({ text: 'x'.repeat(50_000) });
    let sent = 0;
    await until(async () => {
      await fetchRaw(server.port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body });
      sent += 1;
      return /reason="?too slow/.test(server.output);
    }, 'end of the slow client', 60_000);
    for (let i = 0; i < sent; ++i) await other.next('event');
  });
});

describe('clients that do not read, each within its limit', () => {
  const most = 4_000_000;
  const publishLong = async (server, count) => {
    for (let i = 0; i < count; ++i) assert.equal((await fetchRaw(server.port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: 'x'.repeat(50_000) }) })).status, 201);
  };
  const waiting = async (server, of) => {
    const { text } = await fetchRaw(server.port, 'GET', '/metrics');
    return Number(new RegExp(`^flowcast_${of}_queue_bytes (\\d+)$`, 'm').exec(text)[1]);
  };
  const refused = async (server) => Number(/^flowcast_rejections_total{reason="outbound_size"} (\d+)$/m.exec((await fetchRaw(server.port, 'GET', '/metrics')).text)[1]);
  const isBounded = async (server, of) => {
    // What still comes may be past it for a turn of the shard's loop.
    await until(async () => (await waiting(server, of)) <= most, 'bytes that wait within their limit');
    assert.ok((await refused(server)) > 0, 'clients that were sent away');
  };

  it('do not fill the memory by sessions that never poll', async () => {
    const server = await start('--threads', '1', '--max-outbound-total', String(most));
    await publishLong(server, 10);
    const honest = await connect(server, { transport: 'polling' });
    for (let i = 0; i < 20; ++i) {
      const { sid } = JSON.parse((await handshake(server)).text.slice(1));
      const post = (body) => fetchRaw(server.port, 'POST', `/socket.io/?EIO=4&transport=polling&sid=${sid}`, { headers: { 'Content-Type': 'text/plain' }, body });
      await post('40');
      await post('420["find","microflow",{}]');
      await isServed(server, honest);
    }
    await isBounded(server, 'socket');
    await isServed(server, honest);
  });

  it('do not fill the memory by websockets', async () => {
    const server = await start('--threads', '1', '--max-outbound-total', String(most), '--max-outbound', '20000000');
    await publishLong(server, 10);
    const honest = await connect(server);
    for (let i = 0; i < 10; ++i) {
      const slow = await connect(server);
      slow.socket.connection.socket.pause();
      for (let asked = 0; asked < 20; ++asked) slow.send('421["find","microflow",{}]');
      await isServed(server, honest);
    }
    await isBounded(server, 'socket');
    await isServed(server, honest);
  });

  it('do not fill the memory by requests', async () => {
    const server = await start('--threads', '1', '--max-outbound-total', String(most));
    await publishLong(server, 50);
    const honest = await connect(server);
    for (let i = 0; i < 20; ++i) {
      const slow = new RawConnection(server.port);
      cleanup.push(() => slow.abort());
      slow.send('GET /microflow?$limit=50 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(4)).socket.pause();
      await isServed(server, honest);
    }
    await until(async () => (await refused(server)) > 0, 'end of some');
    await isBounded(server, 'http');
    assert.equal((await fetchRaw(server.port, 'GET', '/microflow?$limit=50')).status, 200);
  });
});

describe('under slowloris and slow readers together', () => {
  it('others are served, and memory and descriptors come back', { skip: notOnWindows('Wine takes too long with 400 sockets where a machine is busy') }, async () => {
    const server = await start('--header-timeout', '1000', '--body-timeout', '1000', '--write-timeout', '1000');
    for (let i = 0; i < 50; ++i) await fetchRaw(server.port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: 'x'.repeat(50_000) }) });
    const attackers = [];
    for (let i = 0; i < 400; ++i) {
      const one = new RawConnection(server.port);
      cleanup.push(() => one.abort());
      const kind = i % 4;
      if (kind === 0) one.send('GET /micro');
      if (kind === 1) one.send('POST /microflow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"te');
      if (kind === 2) one.send('GET /microflow?$limit=50 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20)).socket.pause();
      attackers.push(one);
    }
    const drip = setInterval(() => attackers.forEach((one, i) => i % 4 < 2 && !one.isClosed && one.socket.write('x')), 100);
    cleanup.push(() => clearInterval(drip));
    const client = await connect(server);
    for (let i = 0; i < 50; ++i) await isServed(server, client);
    // Those that never read do not see the end: the server's own count says it.
    await until(() => readdirSync(`/proc/${server.pid}/fd`).length < 60, 'end of the attackers', 60_000);
    await isServed(server, client);
  });
});

