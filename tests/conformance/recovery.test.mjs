// Connection state recovery as socket.io-client 4.8 has it built in, and as our own clients ask for it: also in the cases where
// Node's own fails (no event received yet, the old connection still open, a server that was restarted).
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { join } from 'node:path';
import { event, until, within } from '../support/deadline.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { isReference, notOnWindows, scratchFolder, startServer } from '../support/server_process.mjs';
import { connected, library } from './socket_io_versions.mjs';

const cleanup = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

const publish = async (server, text) => {
  const answer = await fetchRaw(server.port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });
  assert.equal(answer.status, 201, answer.text);
};

describe('recovery', { skip: isReference && 'Node recovers nothing with Feathers' }, () => {
  let server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  /** A stock client that notes what it hears, and each time it connects. */
  const stock = async ({ port } = server, transports = ['websocket']) => {
    const socket = library('4.8')(`http://127.0.0.1:${port}`, { transports, forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
    cleanup.push(() => socket.close());
    const client = { socket, heard: [], connects: [] };
    socket.on('microflow created', ({ text }) => client.heard.push(text));
    socket.on('connect', () => client.connects.push(socket.recovered));
    await event(socket, 'connect');
    return client;
  };
  /** Breaks the connection and keeps it broken until `meanwhile` is done. */
  const away = async ({ socket, connects }, meanwhile) => {
    const times = connects.length;
    socket.io.reconnection(false);
    const gone = event(socket, 'disconnect');
    socket.io.engine.transport.ws?.terminate() ?? socket.io.engine.close();
    await gone;
    await meanwhile();
    socket.io.reconnection(true);
    socket.connect();
    await until(() => connects.length > times, 'connection');
  };

  it('of a stock client replays what it missed, in order, each once, and goes on', async () => {
    const client = await stock();
    const { id } = client.socket;
    await publish(server, 'before');
    await until(() => client.heard.length === 1, 'first event');
    await away(client, async () => {
      for (const text of ['missed 1', 'missed 2', 'missed 3']) await publish(server, text);
    });
    assert.deepEqual(client.connects, [false, true]);
    assert.equal(client.socket.id, id);
    await publish(server, 'after');
    await until(() => client.heard.includes('after'), 'live event');
    assert.deepEqual(client.heard, ['before', 'missed 1', 'missed 2', 'missed 3', 'after']);
  });

  it('of a stock client that moved from polling to websocket', async () => {
    const client = await stock(server, ['polling', 'websocket']);
    await connected(client.socket, 'upgrade');
    await publish(server, 'before');
    await until(() => client.heard.length === 1, 'first event');
    await away(client, () => publish(server, 'missed'));
    await until(() => client.heard.length === 2, 'missed event');
    assert.deepEqual(client.heard, ['before', 'missed']);
  });

  it('happens again and again', async () => {
    const client = await stock();
    for (let round = 0; round < 5; round += 1) {
      await publish(server, `live ${round}`);
      await until(() => client.heard.at(-1) === `live ${round}`, 'live event');
      await away(client, () => publish(server, `missed ${round}`));
      await until(() => client.heard.at(-1) === `missed ${round}`, 'missed event');
    }
    assert.equal(client.heard.length, 10);
    assert.deepEqual(client.connects, [false, true, true, true, true, true]);
  });

  /** A stock client behind a network that ends its second connection after some bytes from the server. */
  const brokenAfter = async (bytes) => {
    let connections = 0;
    const proxy = createServer((client) => {
      let left = ++connections === 2 ? bytes : Infinity;
      const target = connect({ port: server.port, host: '127.0.0.1' });
      const end = () => [client, target].forEach((each) => each.destroy());
      for (const each of [client, target]) each.on('error', end).on('close', end);
      client.pipe(target);
      target.on('data', (data) => {
        client.write(data.subarray(0, left));
        left -= data.length;
        if (left <= 0) client.end();
      });
    });
    proxy.listen(0, '127.0.0.1');
    await event(proxy, 'listening');
    cleanup.push(() => proxy.close());
    const client = await stock(proxy.address());
    return client;
  };

  for (const [what, count, bytes] of [
    ['of a stock client hears nothing twice where the connection breaks in the middle of it', 1000, 40_000],
    ['of a stock client that has much to catch up with keeps what it asks for meanwhile in order', 1000, Infinity],
  ]) {
    it(what, async () => {
      const client = await brokenAfter(bytes);
      const missed = Array.from({ length: count }, (_, index) => `missed ${index}`);
      const answers = [];
      client.socket.on('connect', () => client.socket.emit('create', 'microflow', { text: 'asked' }, (error) => answers.push([error, client.heard.at(-1)])));
      await publish(server, 'before');
      await until(() => client.heard.length === 1, 'first event');
      await away(client, async () => {
        for (const text of missed) await publish(server, text);
      });
      await until(() => answers.length > 0, 'the end of the replay');
      assert.deepEqual(client.heard.filter((text) => text !== 'asked'), ['before', ...missed]);
      assert.deepEqual(answers.at(-1), [null, 'asked']);
      assert.equal(client.connects.at(-1), true);
    });
  }

  it('misses nothing of a stream that never stops', async () => {
    const client = await stock();
    let published = 0;
    let isOver = false;
    const stream = (async () => {
      while (!isOver) await publish(server, published++);
    })();
    for (let round = 0; round < 5; round += 1) {
      const had = client.heard.length;
      await until(() => client.heard.length > had + 20, 'events');
      await away(client, () => until(() => published % 10 === 0, 'some more'));
    }
    isOver = true;
    await stream;
    await until(() => client.heard.length >= published, 'the last event');
    assert.deepEqual(client.heard, [...Array(published).keys()]);
  });

  describe("in socket.io's own terms", () => {
    const connect = async (auth = '', to = server) => {
      const client = await PacketClient.connect(to.port);
      cleanup.push(() => client.socket.abort());
      await client.next('open packet');
      client.send(`40${auth}`);
      return client;
    };
    const welcomed = async (client) => JSON.parse(/^40(.*)$/.exec(await client.next('connect packet'))[1]);
    const offsetOf = (packet) => JSON.parse(packet.slice(2)).at(-1);

    it('replays first and then answers, with the same sid and pid', async () => {
      const first = await connect();
      const { sid, pid } = await welcomed(first);
      await publish(server, 'heard');
      const offset = offsetOf(await first.next());
      first.socket.abort();
      for (const text of ['missed 1', 'missed 2']) await publish(server, text);
      const second = await connect(JSON.stringify({ pid, offset }));
      assert.match(await second.next(), /^42\["microflow created",\{"text":"missed 1","id":\d+\},"[^"]+"\]$/);
      assert.match(await second.next(), /"missed 2"/);
      assert.deepEqual(await welcomed(second), { sid, pid });
    });

    it('answers without an offset what was missed since the connection', async () => {
      const first = await connect();
      const { sid, pid } = await welcomed(first);
      first.socket.abort();
      await publish(server, 'missed');
      const second = await connect(JSON.stringify({ pid }));
      assert.match(await second.next(), /"missed"/);
      assert.deepEqual(await welcomed(second), { sid, pid });
    });

    it('takes over from a connection that still looks open, which ends', async () => {
      const first = await connect();
      const { sid, pid } = await welcomed(first);
      await publish(server, 'heard');
      const offset = offsetOf(await first.next());
      const second = await connect(JSON.stringify({ pid, offset }));
      assert.deepEqual(await welcomed(second), { sid, pid });
      await first.socket.closed();
      await publish(server, 'live');
      assert.match(await second.next(), /"live"/);
    });

    it('knows whole services that were subscribed to, beside the keys of others', async () => {
      const other = await startServer({ args: ['--service', 'microflow', '--service', 'orders', '--delivery', 'keyed'] });
      cleanup.push(() => other.stop());
      const open = (auth) => connect(auth, other);
      const first = await open();
      const { pid } = await welcomed(first);
      first.send('421["subscribe","microflow",["a"]]');
      first.send('422["subscribe","orders"]');
      for (const answer of ['431', '432']) assert.ok((await first.next('answer')).startsWith(answer));
      first.socket.abort();
      for (const [service, text] of [['microflow', 'b'], ['orders', '1'], ['microflow', 'a'], ['orders', '2']]) {
        await fetchRaw(other.port, 'POST', `/${service}`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });
      }
      const second = await open(JSON.stringify({ pid }));
      for (const missed of ['"1"', '"a"', '"2"']) assert.ok((await second.next('missed event')).includes(missed), missed);
      assert.equal((await welcomed(second)).pid, pid);
    });

    it('starts anew where the pid or the offset is unknown', async () => {
      for (const unknown of [{ pid: 'nope', offset: 'nope' }, { pid: 'nope' }, { pid: 5, offset: {} }]) {
        const { sid, pid } = await welcomed(await connect(JSON.stringify(unknown)));
        assert.notEqual(pid, unknown.pid);
        assert.ok(sid);
      }
    });
  });

  it('never gives an offset or a pid to a client of revision 3', async () => {
    const client = await PacketClient.connect(server.port, { eio: 3 });
    cleanup.push(() => client.close());
    await client.next();
    assert.equal(await client.next(), '40');
    await publish(server, 'plain');
    assert.match(await client.next(), /^42\["microflow created",\{"text":"plain","id":\d+\}\]$/);
  });

  describe('of our own client', () => {
    const connect = async (auth, { port } = server) => {
      const client = await PacketClient.connect(port);
      cleanup.push(() => client.socket.abort());
      await client.next('open packet');
      client.send(`40${JSON.stringify(auth)}`);
      const replay = [];
      for (;;) {
        const packet = await client.next('connect packet');
        if (packet.startsWith('40')) return { client, replay, ...JSON.parse(packet.slice(2)) };
        replay.push(JSON.parse(packet.slice(2))[1].text);
      }
    };
    const texts = async (client, count) => {
      const heard = [];
      while (heard.length < count) heard.push(JSON.parse((await client.next('event')).replace(/^42/, ''))[1].text);
      return heard;
    };
    const keys = (...list) => ({ subscribe: { microflow: list } });

    it('gives an offset before there was any event, and recovers from it', async () => {
      const first = await connect(keys('k1'));
      assert.equal(typeof first.offset, 'string');
      first.client.socket.abort();
      await publish(server, 'k1');
      await publish(server, 'other');
      const second = await connect({ ...keys('k1'), offset: first.offset });
      assert.equal(second.recovered, true);
      const heard = [...second.replay, ...(await texts(second.client, 1 - second.replay.length))];
      assert.deepEqual(heard, ['k1']);
    });

    it('gives the keys that were asked for, and no others', async () => {
      const { client } = await connect(keys('k1', 'k2'));
      for (const text of ['k1', 'k3', 'k2']) await publish(server, text);
      assert.deepEqual(await texts(client, 2), ['k1', 'k2']);
      assert.deepEqual(client.waiting, []);
    });

    it('changes what it asks for, and is told the offset from which that holds', async () => {
      const { client } = await connect(keys('k1'));
      client.send('421["subscribe","microflow",["k2"]]');
      const [, answer] = /^431(.*)$/.exec(await client.next());
      assert.equal(typeof JSON.parse(answer)[1].offset, 'string');
      client.send('422["unsubscribe","microflow",["k1"]]');
      assert.match(await client.next(), /^432\[null,\{"offset":"[^"]+"\}\]$/);
      for (const text of ['k1', 'k2']) await publish(server, text);
      assert.deepEqual(await texts(client, 1), ['k2']);
      assert.deepEqual(client.waiting, []);
    });

    it('takes over where the old connection still looks open', async () => {
      const first = await connect(keys('k1'));
      await publish(server, 'k1');
      await texts(first.client, 1);
      const second = await connect({ ...keys('k1'), pid: first.pid, offset: first.offset });
      assert.equal(second.recovered, true);
      const heard = [...second.replay, ...(await texts(second.client, 1 - second.replay.length))];
      assert.deepEqual(heard, ['k1']);
    });

    it('is told where the log does not reach back', async () => {
      const other = await startServer();
      cleanup.push(() => other.stop());
      const elsewhere = await connect(keys('k1'), other);
      const here = await connect({ ...keys('k1'), offset: elsewhere.offset });
      assert.equal(here.recovered, false);
      assert.equal(typeof here.offset, 'string');
    });
  });

  it('survives a restart of the server', { skip: notOnWindows('it has no SQLite') }, async () => {
    const folder = scratchFolder();
    cleanup.push(folder.remove);
    const store = `sqlite:${join(folder.path, 'log.sqlite')}`;
    let mine = await startServer({ store });
    cleanup.push(() => mine.stop());
    const { port } = mine;
    const client = await stock(mine);
    await publish(mine, 'before');
    await until(() => client.heard.length === 1, 'first event');
    client.socket.io.reconnection(false);
    const gone = event(client.socket, 'disconnect');
    await mine.stop();
    await gone;
    mine = await startServer({ store, listen: `127.0.0.1:${port}` });
    await publish(mine, 'missed');
    client.socket.io.reconnection(true);
    client.socket.connect();
    await within(until(() => client.heard.length === 2, 'missed event'), 'recovery');
    assert.deepEqual(client.heard, ['before', 'missed']);
    assert.deepEqual(client.connects, [false, true]);
  });
});
