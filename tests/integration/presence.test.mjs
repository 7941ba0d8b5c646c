// Presence of the real binary: who has a key open, over tabs, reconnects and nodes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NatsCluster } from '../faults/nats_cluster.mjs';
import { until } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { cleanup, connect as connectTo, scratch, start } from '../support/scene.mjs';
import { launch, notOnWindows, shards, startServer } from '../support/server_process.mjs';

const call = async (server, method, path, body) => {
  const headers = body && { 'Content-Type': 'application/json' };
  const answer = await fetchRaw(server.port, method, path, { headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(answer.text) };
};
const connect = async (server, auth, options) => {
  const client = await connectTo(server.port, auth, options);
  client.reply = client.reply.length > 2 ? JSON.parse(client.reply.slice(2)) : {};
  client.events = [];
  client.asked = 0;
  return client;
};
/** What is said to it, but for the heartbeat, which it answers. */
const next = async (client, what) => {
  for (;;) {
    const packet = await client.next(what);
    if (packet !== '2') return packet;
    client.send('3');
  }
};
const ask = async (client, ...event) => {
  const id = (client.asked += 1);
  client.send(`42${id}${JSON.stringify(event)}`);
  for (;;) {
    const packet = await next(client, `answer to ${event[0]}`);
    if (packet.startsWith(`43${id}[`)) return JSON.parse(packet.slice(`43${id}`.length));
    client.events.push(packet);
  }
};
const join_ = (client, key, user, more = {}) => ask(client, 'create', 'presence', { key, user, ...more });
const state = (key, names, editing = []) => ({ key, count: names.length, names, editing });
/** Waits until the client has been told `wanted`; gives all that it was told on the way. */
const told = async (client, wanted) => {
  const seen = [];
  for (;;) {
    const packet = client.events.shift() ?? (await next(client, `state ${JSON.stringify(wanted)}; it was told ${JSON.stringify(seen)}`));
    const [event, now, ...rest] = JSON.parse(packet.slice(2));
    assert.equal(event, 'presence patched');
    assert.deepEqual(rest, [], 'no offset');
    seen.push(now);
    if (JSON.stringify(now) === JSON.stringify(wanted)) return seen;
  }
};
const present = (server, key, count) =>
  until(async () => (await call(server, 'GET', `/presence/${key}`)).body.count === count, `${count} present on ${key}`);

describe('presence', () => {
  it('says who is on a key, each user once, and who edits', async () => {
    const server = await start();
    const watcher = await connect(server, { subscribe: { presence: ['k'] } });
    assert.deepEqual(watcher.reply.state, { presence: [state('k', [])] });
    const anna = await connect(server);
    const tab = await connect(server, undefined, { eio: 3 });
    const ben = await connect(server, undefined, { transport: 'polling' });
    assert.deepEqual(await join_(anna, 'k', 'anna', { name: 'Anna' }), [null, state('k', ['Anna'])]);
    await join_(tab, 'k', 'anna', { name: 'Anna' });
    await join_(tab, 'k', 'anna', { name: 'Anna' });
    assert.deepEqual((await join_(ben, 'k', 'ben'))[1], state('k', ['Anna', 'ben']));
    await told(watcher, state('k', ['Anna', 'ben']));
    await ask(ben, 'patch', 'presence', 'k', { editing: true, name: 'Ben' });
    await told(watcher, state('k', ['Anna', 'Ben'], ['Ben']));
    assert.deepEqual((await call(server, 'GET', '/presence/k')).body, state('k', ['Anna', 'Ben'], ['Ben']));
    assert.deepEqual((await call(server, 'GET', '/presence')).body.data, [state('k', ['Anna', 'Ben'], ['Ben'])]);
    assert.deepEqual((await call(server, 'GET', '/presence/nobody')).body, state('nobody', []));

    assert.deepEqual((await ask(anna, 'remove', 'presence', 'k'))[1], state('k', ['Anna', 'Ben'], ['Ben']), 'the other tab is still there');
    await ask(tab, 'remove', 'presence', 'k');
    await told(watcher, state('k', ['Ben'], ['Ben']));
    const late = await connect(server);
    assert.deepEqual((await ask(late, 'subscribe', 'presence', ['k', 'other']))[1].state, [state('k', ['Ben'], ['Ben']), state('other', [])]);
  });

  it('ends with the connection, after the grace, and does not flicker when a page is loaded anew', async () => {
    const server = await start({ args: ['--presence-grace', '300'] });
    const watcher = await connect(server, { subscribe: { presence: ['k'] } });
    const before = await connect(server);
    await join_(before, 'k', 'anna');
    await told(watcher, state('k', ['anna']));
    before.socket.abort();
    const after = await connect(server);
    await join_(after, 'k', 'anna');
    const ben = await connect(server);
    await join_(ben, 'k', 'ben');
    ben.socket.abort();
    after.socket.abort();
    const seen = await told(watcher, state('k', []));
    assert.ok(seen.length <= 3, JSON.stringify(seen));
    assert.ok(seen.slice(0, -1).every(({ count }) => count > 0));
  });

  it('belongs to a connection, and to its own join', async () => {
    const server = await start();
    for (const [method, path] of [['POST', '/presence'], ['PUT', '/presence/k'], ['PATCH', '/presence/k'], ['DELETE', '/presence/k']]) {
      const { status, body } = await call(server, method, path, { key: 'k', user: 'a' });
      assert.equal(status, 405, method);
      assert.match(body.message, /belongs to a connection/);
    }
    const client = await connect(server);
    assert.equal((await ask(client, 'patch', 'presence', 'k', { editing: true }))[0].code, 404);
    assert.equal((await ask(client, 'remove', 'presence', 'k'))[0].code, 404);
    assert.equal((await ask(client, 'update', 'presence', 'k', {}))[0].code, 405);
    for (const wrong of [{}, { key: 'k' }, { user: 'a' }, { key: 'k', user: 'x'.repeat(257) }, { key: 'k', user: 'a', name: 'x'.repeat(257) }, { key: 'x'.repeat(513), user: 'a' }, { key: 'k', user: 'a', editing: 1 }, { key: 'k', user: 5 }])
      assert.equal((await ask(client, 'create', 'presence', wrong))[0].code, 400, JSON.stringify(wrong));
    assert.equal((await ask(client, 'create', 'presence', [{ key: 'k', user: 'a' }]))[0].code, 405);
  });

  it('is bounded for each connection and in all, and in names', async () => {
    const server = await start({ args: ['--max-presence-per-session', '2', '--max-presence', '3', '--presence-names', '1'] });
    const client = await connect(server);
    for (const key of ['a', 'b']) assert.equal((await join_(client, key, 'x'))[0], null);
    assert.equal((await join_(client, 'c', 'x'))[0].code, 429);
    assert.equal((await join_(client, 'a', 'x', { editing: true }))[0], null, 'a change is no new one');
    const other = await connect(server);
    assert.deepEqual((await join_(other, 'a', 'y'))[1], { key: 'a', count: 2, names: ['x'], editing: ['x'] });
    assert.equal((await join_(other, 'b', 'y'))[0].code, 429);
  });

  it('of a thousand on one key is few events, and small ones', async () => {
    const server = await start({ args: shards(2) });
    const watcher = await connect(server, { subscribe: { presence: ['k'] } });
    const began = Date.now();
    const clients = [];
    for (let i = 0; i < 1000; i += 50) {
      const some = await Promise.all(Array.from({ length: 50 }, () => connect(server)));
      await Promise.all(some.map((client, at) => join_(client, 'k', `user ${i + at}`)));
      clients.push(...some);
    }
    const names = (await call(server, 'GET', '/presence/k')).body.names;
    assert.equal(names.length, 10);
    const seen = await told(watcher, { key: 'k', count: 1000, names, editing: [] });
    const most = (Date.now() - began) / 250 + 2;
    assert.ok(seen.length <= most, `${seen.length} events, of at most ${most}`);
    for (const each of seen) assert.ok(JSON.stringify(each).length < 250);
  });

  it('leaves what the log has alone: offsets, recovery, stock clients', async () => {
    const server = await start();
    const client = await connect(server, { subscribe: { microflow: ['1'], presence: ['1'] } });
    const stock = await connect(server);
    await join_(client, '1', 'anna');
    await told(client, state('1', ['anna']));
    assert.deepEqual(client.reply.offset, (await ask(client, 'subscribe', 'presence', ['2']))[1].offset, 'nothing is in the log');
    client.socket.abort();
    await call(server, 'POST', '/microflow', { text: '1' });
    const back = await PacketClient.connect(server.port);
    cleanup.push(() => back.socket.abort());
    await back.next('open packet');
    back.send(`40${JSON.stringify({ subscribe: { microflow: ['1'], presence: ['1'] }, offset: client.reply.offset })}`);
    assert.match(await back.next('missed event'), /^42\["microflow created",/);
    const reply = JSON.parse((await back.next('connect packet')).slice(2));
    assert.equal(reply.recovered, true);
    assert.deepEqual(Object.keys(reply.state), ['presence']);
    assert.match(await stock.next('event'), /^42\["microflow created",/);
    await ask(stock, 'find', 'microflow', {});
    assert.deepEqual(stock.events, []);
  });

  it('takes the right to publish its key, and knows the user by the token', async () => {
    const secret = 'a secret of at least sixty-four bytes, so that HS512 can have it too: that is long';
    const secretFile = join(scratch(), 'secret');
    writeFileSync(secretFile, secret);
    const server = await start({ args: ['--jwt-secret-file', secretFile, '--jwt-leeway', '0'] });
    const client = await connect(server, { token: makeToken(secret, { sub: 'anna', flowcast: { subscribe: true, publish: { presence: ['order-*'] } } }) });
    assert.deepEqual(await ask(client, 'create', 'presence', { key: 'order-1' }), [null, state('order-1', ['anna'])]);
    assert.equal((await ask(client, 'create', 'presence', { key: 'invoice-1' }))[0].code, 403);
    const deaf = await connect(server, { token: makeToken(secret, { sub: 'ben', flowcast: { subscribe: { presence: ['invoice-*'] }, publish: false } }) });
    assert.equal((await ask(deaf, 'get', 'presence', 'order-1'))[0].code, 404);
    assert.equal((await ask(deaf, 'find', 'presence', {}))[1].total, 0);
    assert.equal((await ask(deaf, 'subscribe', 'presence', ['order-1']))[0].code, 403);
    assert.equal((await ask(deaf, 'create', 'presence', { key: 'invoice-1' }))[0].code, 403);
  });

  it('is of whom the token says, and not of somebody else', async () => {
    const secret = 'a secret of at least thirty-two bytes, for tokens';
    const secretFile = join(scratch(), 'secret');
    writeFileSync(secretFile, secret);
    const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';
    const server = await start({ args: ['--jwt-secret-file', secretFile, '--publisher-key', `app:${createHash('sha256').update(key).digest('hex')}`, '--anonymous', 'all'] });
    const tokenOf = (sub, more = {}) => makeToken(secret, { sub, flowcast: true, ...more });
    const anna = await connect(server, { token: tokenOf('anna') });
    const [refused] = await join_(anna, 'k', 'ben');
    assert.equal(refused.code, 403);
    assert.match(refused.message, /of 'anna', not of 'ben'/);
    assert.deepEqual(await join_(anna, 'k', 'anna'), [null, state('k', ['anna'])]);
    assert.deepEqual(await join_(anna, 'k', 'anna', { name: 'Anna' }), [null, state('k', ['Anna'])]);

    // A name that the token proves is the one that others see.
    const named = await connect(server, { token: tokenOf('carl', { name: 'Carl' }) });
    assert.deepEqual(await ask(named, 'create', 'presence', { key: 'n', name: 'Anna' }), [null, state('n', ['Carl'])]);
    assert.deepEqual(await ask(named, 'patch', 'presence', 'n', { name: 'Anna', editing: true }), [null, state('n', ['Carl'], ['Carl'])]);

    // The app speaks for its users, and without a token there is nobody to differ from.
    const app = await connect(server, { token: key });
    assert.deepEqual(await join_(app, 'a', 'dora'), [null, state('a', ['dora'])]);
    const nobody = await connect(server);
    assert.deepEqual(await join_(nobody, 'b', 'eve'), [null, state('b', ['eve'])]);
  });

  it('ends for who logs out, or in as somebody else, and not for who renews a token', async () => {
    const secret = 'a secret of at least thirty-two bytes, for tokens';
    const secretFile = join(scratch(), 'secret');
    writeFileSync(secretFile, secret);
    const server = await start({ args: ['--jwt-secret-file', secretFile, '--presence-grace', '0'] });
    const tokenOf = (sub, jti) => makeToken(secret, { sub, jti, flowcast: true });
    const client = await connect(server, { token: tokenOf('anna', '1') });
    const watching = await connect(server, { token: tokenOf('ben', '1'), subscribe: { presence: ['order-1'] } });
    const logIn = (...as) => ask(client, 'create', 'authentication', { strategy: 'jwt', accessToken: tokenOf(...as) });
    await ask(client, 'create', 'presence', { key: 'order-1' });
    await told(watching, state('order-1', ['anna']));
    await logIn('anna', '2');
    assert.equal((await ask(client, 'patch', 'presence', 'order-1', { editing: true }))[0], null);
    await told(watching, state('order-1', ['anna'], ['anna']));
    await logIn('carl', '1');
    await told(watching, state('order-1', []));
    await ask(client, 'create', 'presence', { key: 'order-1' });
    await told(watching, state('order-1', ['carl']));
    await ask(client, 'remove', 'authentication', null);
    await told(watching, state('order-1', []));
  });

  it('is there unless it is switched off', async () => {
    const server = await start({ args: ['--presence', 'false'] });
    assert.equal((await call(server, 'GET', '/presence')).status, 404);
    const refused = launch(['--service', 'presence', '--listen', '127.0.0.1:0', '--store', 'memory']);
    assert.equal((await refused.exit()).code, 2);
  });
});

describe('presence on two nodes', { skip: notOnWindows('it has no NATS') }, () => {
  it('is one: users count once, and those of a node that dies are gone in time', async () => {
    const path = scratch();
    const cluster = await NatsCluster.start(path, 1);
    cleanup.push(() => cluster.stop());
    const node = async (name, run = start) => run({ store: `nats:${cluster.urls}?view=${join(path, `${name}.db`)}`, args: ['--presence-timeout', '1500', '--presence-grace', '200'] });
    const a = await node('a');
    const b = await node('b', startServer);
    cleanup.push(() => b.ended ?? b.stop());
    const onA = await connect(a, { subscribe: { presence: ['k'] } });
    const onB = await connect(b);
    await join_(onA, 'k', 'anna');
    await join_(onB, 'k', 'anna');
    const ben = await connect(b);
    await join_(ben, 'k', 'ben', { editing: true });
    await told(onA, state('k', ['anna', 'ben'], ['ben']));
    await present(b, 'k', 2);

    // A node that comes later knows all.
    const c = await node('c');
    await present(c, 'k', 2);

    b.signal('SIGKILL');
    await b.exit();
    await told(onA, state('k', ['anna']));
    await present(c, 'k', 1);
  });
});
