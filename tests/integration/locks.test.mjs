// Locks of the real binary, by REST and by sockets: who holds what, until when, and who is told.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NatsCluster } from '../faults/nats_cluster.mjs';
import { until } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { cleanup, connect as connectTo, scratch, start } from '../support/scene.mjs';
import { launch, notOnWindows, startServer } from '../support/server_process.mjs';

const call = async (server, method, path, body, token) => {
  const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetchRaw(server.port, method, path, { headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(answer.text) };
};
const acquire = (server, key, holder, more = {}) => call(server, 'POST', '/locks', { key, holder, ...more });

const connect = async (server, auth, options) => {
  const client = await connectTo(server.port, auth, options);
  client.reply = client.reply.length > 2 ? JSON.parse(client.reply.slice(2)) : {};
  return client;
};
const ask = async (client, id, ...event) => {
  client.send(`42${id}${JSON.stringify(event)}`);
  const before = [];
  for (;;) {
    const packet = await client.next(`answer to ${event[0]}`);
    if (packet.startsWith(`43${id}[`)) return { answer: JSON.parse(packet.slice(`43${id}`.length)), before };
    before.push(packet);
  }
};
const heard = async (client) => {
  const [event, lease, offset] = JSON.parse((await client.next('event')).slice(2));
  return { event, lease, offset };
};

describe('a lock', () => {
  it('is given to one holder, who renews and releases it', async () => {
    const server = await start();
    const first = await acquire(server, '12345678901234567', 'a', { name: 'Anna', ttl: 60_000 });
    assert.equal(first.status, 201);
    assert.equal(first.body.key, '12345678901234567');
    assert.equal(first.body.name, 'Anna');

    const refused = await acquire(server, '12345678901234567', 'b');
    assert.equal(refused.status, 409);
    assert.deepEqual(refused.body.data, first.body);

    const again = await acquire(server, '12345678901234567', 'a', { ttl: 90_000 });
    assert.equal(again.status, 201);
    assert.equal(again.body.fence, first.body.fence);
    assert.ok(again.body.expires > first.body.expires);
    const renewed = await call(server, 'PATCH', '/locks/12345678901234567', { holder: 'a', ttl: 99_000 });
    assert.equal(renewed.status, 200);
    assert.equal(renewed.body.fence, first.body.fence);
    assert.deepEqual((await call(server, 'GET', '/locks/12345678901234567')).body, renewed.body);
    assert.deepEqual((await call(server, 'GET', '/locks?holder=a')).body.data, [renewed.body]);

    assert.equal((await call(server, 'PATCH', '/locks/12345678901234567', { holder: 'b' })).status, 409);
    assert.equal((await call(server, 'DELETE', '/locks/12345678901234567?holder=b')).status, 409);
    assert.equal((await call(server, 'DELETE', '/locks/12345678901234567')).status, 400);
    assert.equal((await call(server, 'DELETE', `/locks/12345678901234567?holder=a&fence=${first.body.fence + 1}`)).status, 409);
    const released = await call(server, 'DELETE', `/locks/12345678901234567?holder=a&fence=${first.body.fence}`);
    assert.equal(released.status, 200);
    assert.equal(released.body.reason, 'released');
    assert.equal((await call(server, 'GET', '/locks/12345678901234567')).status, 404);
    assert.equal((await call(server, 'DELETE', '/locks/12345678901234567?holder=a')).status, 404);

    const next = await acquire(server, '12345678901234567', 'b');
    assert.ok(next.body.fence > first.body.fence);
  });

  it('is neither replaced nor made in arrays, and bad requests say what is wrong', async () => {
    const server = await start();
    assert.match((await call(server, 'PUT', '/locks/a', { holder: 'a' })).body.message, /create acquires/);
    assert.equal((await call(server, 'PUT', '/locks/a', { holder: 'a' })).status, 405);
    assert.equal((await call(server, 'POST', '/locks', [{ key: 'a', holder: 'a' }])).status, 405);
    assert.equal((await call(server, 'DELETE', '/locks?holder=a')).status, 405);
    for (const wrong of [{}, { key: 'a' }, { holder: 'a' }, { key: 'a', holder: 'a', ttl: 99 }, { key: 'a', holder: 'a', ttl: 3_600_001 }, { key: 'a', holder: 'x'.repeat(257) }, { key: 'x'.repeat(513), holder: 'a' }])
      assert.equal((await call(server, 'POST', '/locks', wrong)).status, 400, JSON.stringify(wrong));
    assert.equal((await call(server, 'POST', '/locks?$deliverAfter=5', { key: 'a', holder: 'a' })).status, 400);
  });

  it('tells whoever watches its key, with offsets, and says its state with the subscription', async () => {
    const server = await start();
    const watcher = await connect(server);
    const other = await connect(server, { subscribe: { locks: ['other'] } });
    const unasked = await connect(server);
    assert.deepEqual(other.reply.state, { locks: [] });
    assert.deepEqual((await ask(watcher, 1, 'subscribe', 'locks', ['k'])).answer[1].state, []);

    const { body: lease } = await acquire(server, 'k', 'a', { ttl: 100 });
    const created = await heard(watcher);
    assert.equal(created.event, 'locks created');
    assert.deepEqual(created.lease, lease);
    assert.equal(typeof created.offset, 'string');
    const { body: renewed } = await call(server, 'PATCH', '/locks/k', { holder: 'a' });
    assert.deepEqual(await heard(watcher).then(({ event, lease: told }) => [event, told]), ['locks patched', renewed]);
    // Nobody renews it: the server says so.
    const gone = await heard(watcher);
    assert.equal(gone.event, 'locks removed');
    assert.deepEqual(gone.lease, { ...renewed, reason: 'expired' });

    const { body: held } = await acquire(server, 'k', 'b');
    assert.equal((await heard(watcher)).event, 'locks created');
    const late = await connect(server, { subscribe: { locks: ['k', 'free'] } });
    assert.deepEqual(late.reply.state, { locks: [held] });
    for (const nothing of [other, unasked]) assert.deepEqual((await ask(nothing, 1, 'find', 'microflow', {})).before, []);
  });

  it('is asked for by sockets of both revisions', async () => {
    const server = await start();
    for (const eio of [3, 4]) {
      const client = await connect(server, undefined, { eio });
      const key = `by ${eio}`;
      const subscribed = (await ask(client, 0, 'subscribe', 'locks', key)).answer;
      assert.deepEqual(subscribed[1].state, []);
      const { answer, before } = await ask(client, 1, 'create', 'locks', { key, holder: 'a' });
      assert.equal(answer[1].key, key);
      assert.deepEqual(JSON.parse(before[0].slice(2)).slice(0, 2), ['locks created', answer[1]]);
      assert.equal(JSON.parse(before[0].slice(2)).length, eio === 4 ? 3 : 2);
      assert.equal((await ask(client, 2, 'create', 'locks', { key, holder: 'b' })).answer[0].data.holder, 'a');
      assert.equal((await ask(client, 3, 'patch', 'locks', key, { holder: 'a' })).answer[1].fence, answer[1].fence);
      assert.equal((await ask(client, 4, 'get', 'locks', key)).answer[1].holder, 'a');
      assert.equal((await ask(client, 5, 'remove', 'locks', key, {})).answer[0].code, 400);
      assert.equal((await ask(client, 6, 'remove', 'locks', key, { holder: 'a' })).answer[1].reason, 'released');
    }
  });

  it('outlives its client, who gets what it missed and renews it', async () => {
    const server = await start();
    const client = await connect(server, { subscribe: { locks: ['k'] } });
    const { answer } = await ask(client, 1, 'create', 'locks', { key: 'k', holder: 'a', ttl: 60_000 });
    const { offset } = client.reply;
    client.socket.abort();
    assert.equal((await acquire(server, 'k', 'b')).status, 409);
    const back = await connect(server, { subscribe: { locks: ['k'] }, offset }).catch((error) => assert.fail(error));
    // What it missed comes before the answer to its CONNECT.
    assert.deepEqual(back.reply[0], 'locks created');
    const reply = JSON.parse((await back.next('connect packet')).slice(2));
    assert.equal(reply.recovered, true);
    assert.deepEqual(reply.state, { locks: [answer[1]] });
    assert.equal((await ask(back, 1, 'patch', 'locks', 'k', { holder: 'a' })).answer[1].fence, answer[1].fence);
  });

  it('is kept over a restart with SQLite, and runs out while the server is away', { skip: notOnWindows('it has no SQLite') }, async () => {
    const store = `sqlite:${join(scratch(), 'flowcast.sqlite')}`;
    const before = await startServer({ store });
    const { body: long } = await acquire(before, 'long', 'a', { ttl: 3_600_000 });
    const { body: short } = await acquire(before, 'short', 'a', { ttl: 100 });
    before.signal('SIGKILL');
    await before.exit();
    const after = await start({ store });
    const refused = await acquire(after, 'long', 'b');
    assert.deepEqual(refused.body.data, long);
    const watcher = await connect(after, { subscribe: { locks: ['long'] } });
    assert.deepEqual(watcher.reply.state, { locks: [long] });
    const taken = await until(async () => {
      const answer = await acquire(after, 'short', 'b');
      return answer.status === 201 && answer.body;
    }, 'lock that has run out');
    assert.ok(taken.fence > long.fence && taken.fence > short.fence);
  });

  it('takes the right to publish its key, and to subscribe to it to see it', async () => {
    const secret = 'a secret of at least sixty-four bytes, so that HS512 can have it too: that is long';
    const secretFile = join(scratch(), 'secret');
    writeFileSync(secretFile, secret);
    const server = await start({ args: ['--jwt-secret-file', secretFile, '--jwt-leeway', '0'] });
    const may = (subscribe, publish) => makeToken(secret, { sub: 'anna', flowcast: { subscribe, publish } });
    const lock = { key: 'order-1', holder: 'a' };
    assert.equal((await call(server, 'POST', '/locks', lock)).status, 401);
    assert.equal((await call(server, 'POST', '/locks', lock, may(true, false))).status, 403);
    assert.equal((await call(server, 'POST', '/locks', lock, may(true, { locks: ['invoice-*'] }))).status, 403);
    assert.equal((await call(server, 'POST', '/locks', lock, may(false, { locks: ['order-*'] }))).status, 201);
    assert.equal((await call(server, 'GET', '/locks/order-1', undefined, may({ locks: ['invoice-*'] }, false))).status, 404);
    assert.equal((await call(server, 'GET', '/locks', undefined, may({ locks: ['invoice-*'] }, false))).body.total, 0);
    assert.equal((await call(server, 'GET', '/locks/order-1', undefined, may({ locks: ['order-*'] }, false))).status, 200);
    assert.equal((await call(server, 'DELETE', '/locks/order-1?holder=a', undefined, may(true, { locks: ['invoice-*'] }))).status, 403);
    const client = await connect(server, { token: may({ locks: ['order-*'] }, false) });
    assert.equal((await ask(client, 1, 'subscribe', 'locks', ['invoice-1'])).answer[0].code, 403);
    assert.equal((await ask(client, 2, 'subscribe', 'locks', ['order-1'])).answer[1].state.length, 1);
  });

  it('that a token took is of its user, though all who watch are told the holder', async () => {
    const secret = 'a secret of at least thirty-two bytes, for tokens';
    const secretFile = join(scratch(), 'secret');
    writeFileSync(secretFile, secret);
    const server = await start({ args: ['--jwt-secret-file', secretFile, '--anonymous', 'all', '--max-locks-per-holder', '2'] });
    const as = (sub, more = {}) => makeToken(secret, { sub, flowcast: true, ...more });
    const taken = await call(server, 'POST', '/locks', { key: '1', holder: 'tab' }, as('anna'));
    assert.equal(taken.status, 201);
    assert.equal(taken.body.user, 'anna');
    for (const token of [as('ben'), undefined]) {
      assert.equal((await call(server, 'POST', '/locks', { key: '1', holder: 'tab' }, token)).status, 409);
      assert.equal((await call(server, 'PATCH', '/locks/1', { holder: 'tab' }, token)).status, 409);
      assert.equal((await call(server, 'DELETE', '/locks/1?holder=tab', undefined, token)).status, 409);
    }
    assert.equal((await call(server, 'PATCH', '/locks/1', { holder: 'tab', name: 'Ben' }, as('anna', { name: 'Anna' }))).body.name, 'Anna');
    assert.equal((await call(server, 'POST', '/locks', { key: '2', holder: 'another tab' }, as('anna'))).status, 201);
    assert.equal((await call(server, 'POST', '/locks', { key: '3', holder: 'a third' }, as('anna'))).status, 429);
    assert.equal((await call(server, 'DELETE', '/locks/1?holder=tab', undefined, as('anna'))).status, 200);
  });

  it('is one of so many of its holder, and of all', async () => {
    const server = await start({ args: ['--max-locks', '4', '--max-locks-per-holder', '2'] });
    for (const key of ['1', '2']) assert.equal((await acquire(server, key, 'a')).status, 201);
    const refused = await acquire(server, '3', 'a');
    assert.equal(refused.status, 429);
    assert.match(refused.body.message, /release some/);
    assert.equal((await acquire(server, '1', 'a')).status, 201, 'a renewal is no new one');
    for (const key of ['3', '4']) assert.equal((await acquire(server, key, 'b')).status, 201);
    assert.equal((await acquire(server, '5', 'c')).status, 429);
    await call(server, 'DELETE', '/locks/1?holder=a');
    assert.equal((await acquire(server, '5', 'c')).status, 201);
  });
});

describe('a lock on two nodes', { skip: notOnWindows('it has no NATS') }, () => {
  it('is one: it runs out once, and is held on when the node that gave it dies', async () => {
    const path = scratch();
    const cluster = await NatsCluster.start(path, 1);
    cleanup.push(() => cluster.stop());
    const store = (name) => `nats:${cluster.urls}?view=${join(path, `${name}.db`)}`;
    const a = await start({ store: store('a') });
    const b = await startServer({ store: store('b') });
    cleanup.push(() => b.ended ?? b.stop());
    const watchers = await Promise.all([a, b].map((node) => connect(node, { subscribe: { locks: ['k', 'last'] } })));
    const all = (event, reason) =>
      Promise.all(
        watchers.map(async (watcher) => {
          const told = await heard(watcher);
          assert.deepEqual([told.event, told.lease.reason], [event, reason]);
        }),
      );
    assert.equal((await acquire(b, 'k', 'anna', { ttl: 1000 })).status, 201);
    await all('locks created');
    assert.equal((await acquire(a, 'k', 'ben')).status, 409);
    await all('locks removed', 'expired');
    // What comes next is not a second end of it.
    assert.equal((await acquire(a, 'last', 'ben')).status, 201);
    await all('locks created');

    const { body: held } = await acquire(b, 'k', 'anna', { ttl: 3000 });
    await all('locks created');
    b.signal('SIGKILL');
    await b.exit();
    assert.equal((await acquire(a, 'k', 'ben')).body.data.holder, 'anna');
    const gone = await heard(watchers[0]);
    assert.deepEqual([gone.event, gone.lease.reason], ['locks removed', 'expired']);
    assert.ok((await acquire(a, 'k', 'ben')).body.fence > held.fence);
  });
});

describe('the service', () => {
  it('is there unless it is switched off, and then its name is free', async () => {
    const without = await start({ args: ['--locks', 'false', '--service', 'locks'] });
    assert.equal((await call(without, 'POST', '/locks', { text: 'a' })).body.text, 'a');
    const refused = launch(['--service', 'locks', '--listen', '127.0.0.1:0', '--store', 'memory']);
    assert.equal((await refused.exit()).code, 2);
    assert.match(refused.output, /`locks` is a service that the server has by itself/);
  });
});
