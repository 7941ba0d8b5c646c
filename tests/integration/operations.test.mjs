// What an operator sees from outside: metrics, health, readiness, the log; and who may see it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NatsCluster } from '../faults/nats_cluster.mjs';
import { until } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { frame } from '../support/raw_websocket.mjs';
import { cleanup, connect, scratch, start } from '../support/scene.mjs';
import { launch, notOnWindows, shards } from '../support/server_process.mjs';

const secret = 'a secret of at least thirty-two bytes, for tokens';
const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const digest = createHash('sha256').update(key).digest('hex');

const post = (port, path, record, headers = {}) =>
  fetchRaw(port, 'POST', path, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(record) });

/** The samples by name and labels, and the types by family; fails where the text is not as Prometheus reads it. */
function parse(text) {
  const samples = new Map();
  const types = new Map();
  const helped = new Set();
  assert.ok(text.endsWith('\n'));
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-z0-9_]+) \S/.exec(line);
    const type = /^# TYPE ([a-z0-9_]+) (counter|gauge|histogram)$/.exec(line);
    if (help) {
      assert.ok(!helped.has(help[1]), `${help[1]} is there twice`);
      helped.add(help[1]);
    } else if (type) {
      assert.ok(helped.has(type[1]));
      types.set(type[1], type[2]);
    } else {
      const sample = /^([a-z0-9_]+)(\{[a-z_]+="[^"\n]*"(?:,[a-z_]+="[^"\n]*")*\})? (\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line);
      assert.ok(sample, `a sample: ${line}`);
      const family = types.has(sample[1]) ? sample[1] : sample[1].replace(/_(bucket|sum|count)$/, '');
      assert.equal([...types.keys()].at(-1), family, `${line} stands with its family`);
      assert.match(family, /^flowcast_/);
      if (types.get(family) === 'counter') assert.match(family, /_total$/);
      const name = sample[1] + (sample[2] ?? '');
      assert.ok(!samples.has(name), `${name} is there twice`);
      samples.set(name, Number(sample[3]));
    }
  }
  return { samples, types };
}
const metrics = async (port, headers = {}) => {
  const answer = await fetchRaw(port, 'GET', '/metrics', { headers });
  assert.equal(answer.status, 200, answer.text);
  return parse(answer.text).samples;
};
const rejected = async (port, reason, headers) => (await metrics(port, headers)).get(`flowcast_rejections_total{reason="${reason}"}`);

describe('/metrics', () => {
  it('is what Prometheus reads, from the first moment', async () => {
    const server = await start({ args: ['--service', 'microflow', '--service', 'orders'] });
    const answer = await fetchRaw(server.port, 'GET', '/metrics');
    assert.equal(answer.header('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(answer.header('access-control-allow-origin'), undefined, 'no web page reads it');
    const { samples, types } = parse(answer.text);
    assert.equal(samples.get('flowcast_store_ready'), 1);
    assert.equal(samples.get('flowcast_deliveries_total{service="orders"}'), 0);
    assert.equal(types.get('flowcast_publish_to_socket_seconds'), 'histogram');
    assert.ok(samples.get('flowcast_process_resident_memory_bytes') > 1e6);
    assert.ok(samples.get('flowcast_process_open_fds') > 3 || notOnWindows('Wine counts no handles'));
    assert.ok([...samples.keys()].some((name) => /^flowcast_build_info\{version="\d/.test(name)));
  });

  it('counts publishes, deliveries, sessions and subscriptions', async () => {
    const server = await start({ args: shards(2) });
    const whole = await connect(server.port);
    const polling = await connect(server.port, { subscribe: { microflow: ['a', 'b'] } }, { transport: 'polling' });
    for (const text of ['a', 'a', 'c']) assert.equal((await post(server.port, '/microflow', { text })).status, 201);
    for (let i = 0; i < 3; ++i) await whole.next('event');
    for (let i = 0; i < 2; ++i) await polling.next('event');
    const now = await until(async () => {
      const samples = await metrics(server.port);
      return samples.get('flowcast_publish_to_socket_seconds_count') >= 3 && samples;
    }, 'deliveries that are timed');
    assert.equal(now.get('flowcast_publishes_total{service="microflow",type="created"}'), 3);
    assert.equal(now.get('flowcast_events_total{service="microflow"}'), 3);
    assert.equal(now.get('flowcast_deliveries_total{service="microflow"}'), 5);
    assert.equal(now.get('flowcast_sessions{transport="websocket"}'), 1);
    assert.equal(now.get('flowcast_sessions{transport="polling"}'), 1);
    assert.equal(now.get('flowcast_connections{transport="websocket"}'), 1);
    assert.equal(now.get('flowcast_subscriptions{service="microflow"}'), 2);
    assert.equal(now.get('flowcast_watched_keys{service="microflow"}'), 2);
    assert.equal(now.get('flowcast_listeners'), 2);
    assert.equal(now.get('flowcast_store_seconds_count{operation="write"}'), 3);
    whole.socket.close();
    await until(async () => (await metrics(server.port)).get('flowcast_session_ends_total{reason="client_left"}') === 1, 'an end that is counted');
  });

  for (const args of [[], ['--io-uring=false']]) {
    it(`counts what was sent together: ${args[0] ?? 'as the kernel lets it'}`, async () => {
      const server = await start({ args: [...shards(1), ...args] });
      const clients = await Promise.all(Array.from({ length: 5 }, () => connect(server.port)));
      await post(server.port, '/microflow', { text: 'a' });
      for (const client of clients) await client.next('event');
      const together = (await metrics(server.port)).get('flowcast_sends_together_total');
      assert.ok(together === 0 || (args.length === 0 && together === clients.length), `${together} of ${clients.length}`);
    });
  }

  it('counts how clients come back', async () => {
    const server = await start();
    const first = await connect(server.port, { subscribe: { microflow: ['a'] } });
    const { offset } = JSON.parse(first.reply.slice(2));
    first.socket.abort();
    await post(server.port, '/microflow', { text: 'a' });
    const again = await connect(server.port, { subscribe: { microflow: ['a'] }, offset });
    assert.match(again.reply, /created/, 'what it missed comes first');
    await connect(server.port, { subscribe: { microflow: ['a'] }, offset: '0000000000000001-5' });
    const now = await metrics(server.port);
    assert.equal(now.get('flowcast_recoveries_total{outcome="recovered"}'), 1);
    assert.equal(now.get('flowcast_recoveries_total{outcome="out_of_reach"}'), 1);
    assert.equal(now.get('flowcast_recovered_events_total'), 1);
  });

  it('counts each limit that turns something away', async () => {
    const server = await start({
      args: ['--max-body', '200', '--max-header', '1024', '--header-timeout', '300', '--body-timeout', '300', '--max-payload', '1024',
        '--max-publishes', '20', '--allow-origin', 'https://app.example'],
    });
    const { port } = server;
    const once = async (reason, cause) => {
      const before = await rejected(port, reason);
      await cause();
      await until(async () => (await rejected(port, reason)) === before + 1, `${reason} that is counted`);
    };
    const silent = (bytes) => () => {
      const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes)).on('error', () => {});
      cleanup.push(() => socket.destroy());
    };
    await once('body_size', () => post(port, '/microflow', { text: 'x'.repeat(300) }));
    await once('header_size', () => fetchRaw(port, 'GET', '/microflow', { headers: { 'X-Long': 'x'.repeat(2000) } }));
    await once('json_depth', () => fetchRaw(port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: `{"a":${'['.repeat(70)}${']'.repeat(70)}}` }));
    await once('malformed', () => fetchRaw(port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: '{"a":' }));
    await once('unknown_service', () => post(port, '/microflows', { text: '1' }));
    await once('header_timeout', silent('GET / HTTP/1.1\r\nHost: x\r\n'));
    await once('body_timeout', silent('POST /microflow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'));
    await once('origin', () => assert.rejects(PacketClient.connect(port, { headers: { Origin: 'https://elsewhere.example' } })));
    // Scripts, of whatever page: no browser tells of which.
    await once('origin', async () => assert.equal((await fetchRaw(port, 'GET', '/socket.io/?EIO=4&transport=polling&j=0')).status, 403));
    await once('unknown_service', () => connect(port, { subscribe: { microflows: ['1'] } }));
    const client = await connect(port);
    await once('subscriptions', () => client.send(`421["subscribe","microflow",["${'k'.repeat(600)}"]]`));
    await once('unknown_namespace', () => client.send('40/elsewhere,'));
    await once('message_size', () => client.send(`42["${'x'.repeat(2000)}"]`));
    await until(async () => {
      await Promise.all(Array.from({ length: 40 }, () => post(port, '/microflow', { text: 'a' })));
      return (await rejected(port, 'publish_rate')) > 0;
    }, 'publish_rate that is counted');
  });

  it('counts each limit that ends a session', async () => {
    const server = await start({ args: ['--max-packets', '20', '--message-timeout', '300', '--max-outbound', '65536'] });
    const { port } = server;
    const flooding = await connect(port);
    flooding.socket.sendBytes(Buffer.concat(Array(300).fill(frame({ payload: '42["nothing"]' }))));
    await until(async () => (await rejected(port, 'packet_rate')) === 1, 'packet_rate that is counted');
    const unfinished = await connect(port);
    unfinished.socket.sendFrame({ fin: false, payload: '42["fi' });
    await until(async () => (await rejected(port, 'message_timeout')) === 1, 'message_timeout that is counted');
    const slow = await connect(port);
    slow.socket.connection.socket.pause();
    await until(async () => {
      await post(port, '/microflow', { text: 'x'.repeat(50_000) });
      return (await rejected(port, 'outbound_size')) === 1;
    }, 'outbound_size that is counted', 60_000);
    const ends = await metrics(port);
    for (const reason of ['too_many_packets', 'message_did_not_arrive_in_time', 'too_slow']) assert.equal(ends.get(`flowcast_session_ends_total{reason="${reason}"}`), 1, reason);
  });

  it('counts answers that nobody takes', async () => {
    const { port } = await start({ args: ['--write-timeout', '300'] });
    for (let i = 0; i < 50; ++i) await post(port, '/microflow', { text: 'x'.repeat(50_000) });
    const slow = net.connect(port, '127.0.0.1', () => slow.write('GET /microflow?$limit=50 HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(8))).on('error', () => {});
    slow.pause();
    cleanup.push(() => slow.destroy());
    await until(async () => (await rejected(port, 'write_timeout')) === 1, 'write_timeout that is counted');
    await until(async () => (await metrics(port)).get('flowcast_http_queue_bytes') === 0, 'memory that is given back');
  });

  it('counts what locks and presence turn away', async () => {
    const { port } = await start({ args: ['--max-locks-per-holder', '1', '--max-presence-per-session', '1'] });
    assert.equal((await post(port, '/locks', { key: '1', holder: 'anna' })).status, 201);
    assert.equal((await post(port, '/locks', { key: '2', holder: 'anna' })).status, 429);
    assert.equal(await rejected(port, 'locks'), 1);
    const client = await connect(port);
    for (const key of ['1', '2']) client.send(`42${key}["create","presence",{"key":"${key}","user":"anna"}]`);
    await until(async () => (await rejected(port, 'presence')) === 1, 'a rejection that is counted');
  });

  it('counts connections past the limit of one address', async () => {
    const { port } = await start({ args: ['--max-connections-per-address', '2', '--trusted-proxy', '127.0.0.1'] });
    const open = () => fetchRaw(port, 'GET', '/socket.io/?EIO=4&transport=polling', { headers: { 'X-Forwarded-For': '192.0.2.1' } });
    for (const status of [200, 200, 503]) assert.equal((await open()).status, status);
    assert.equal(await rejected(port, 'connections_per_address'), 1);
  });

  it('counts connections past the limit', async () => {
    const server = await start({ args: ['--max-connections', '3'] });
    const held = [1, 2, 3, 4].map(() => net.connect(server.port, '127.0.0.1').on('error', () => {}));
    await until(() => held.some((each) => each.readableEnded || each.destroyed || each.bytesRead > 0), 'one that is turned away');
    for (const each of held) each.destroy();
    await until(async () => {
      const answer = await fetchRaw(server.port, 'GET', '/metrics').catch(() => undefined);
      return answer?.status === 200 && parse(answer.text).samples.get('flowcast_rejections_total{reason="connections"}') >= 1;
    }, 'a rejection that is counted');
  });

  it('is not for whom a proxy on this machine forwards, unless it is trusted to say from where', async () => {
    const from = (port, address) => fetchRaw(port, 'GET', '/metrics', { headers: { 'X-Forwarded-For': address } });
    const { port } = await start();
    assert.equal((await from(port, '192.0.2.1')).status, 404);
    assert.equal((await fetchRaw(port, 'GET', '/status', { headers: { 'X-Forwarded-For': '192.0.2.1' } })).status, 404);
    const trusting = await start({ args: ['--trusted-proxy', '127.0.0.1'] });
    assert.equal((await from(trusting.port, '192.0.2.1')).status, 403);
    assert.equal((await from(trusting.port, '127.0.0.1')).status, 200);
  });

  it('asks for the right to observe, once there are keys', async () => {
    const file = join(scratch(), 'secret');
    writeFileSync(file, secret);
    const server = await start({
      args: ['--jwt-secret-file', file, '--publisher-key', `prometheus:${digest}:observe`, '--metrics-listen', '127.0.0.1:0'],
    });
    // Here and on the listener of its own below.
    assert.equal((await fetchRaw(server.port, 'GET', '/metrics')).status, 404, 'it has a listener of its own');
    const apart = Number(/metrics on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output)[1]);
    await metrics(apart);

    const together = await start({ args: ['--jwt-secret-file', file, '--publisher-key', `prometheus:${digest}:observe`] });
    const status = async (token) => (await fetchRaw(together.port, 'GET', '/metrics', { headers: token ? { Authorization: `Bearer ${token}` } : {} })).status;
    assert.equal(await status(), 401);
    assert.equal(await status('wrong'), 401);
    assert.equal(await status(makeToken(secret, { sub: 'anna' })), 403, 'to subscribe is not to observe');
    assert.equal(await status(makeToken(secret, { sub: 'anna', flowcast: { publish: true, subscribe: true } })), 403);
    assert.equal(await status(makeToken(secret, { sub: 'olga', flowcast: { observe: true } })), 200);
    assert.equal(await status(key), 200);
    const as = { Authorization: `Bearer ${key}` };
    assert.equal((await post(together.port, '/microflow', { text: '1' }, as)).status, 403, 'to observe is not to publish');
    assert.equal(await rejected(together.port, 'token', as), 2);
    assert.equal(await rejected(together.port, 'permission', as), 3);
  });
});

describe('/healthz and /readyz', () => {
  it('say that all is well', async () => {
    const server = await start();
    assert.equal((await fetchRaw(server.port, 'GET', '/healthz')).text, 'ok\n');
    assert.equal((await fetchRaw(server.port, 'HEAD', '/healthz')).status, 200);
    const ready = await fetchRaw(server.port, 'GET', '/readyz');
    assert.equal(ready.status, 200);
    assert.deepEqual(JSON.parse(ready.text), { ready: true });
  });

  it('are on the listener for metrics, too', async () => {
    const server = await start({ args: ['--metrics-listen', '127.0.0.1:0'] });
    const apart = Number(/metrics on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output)[1]);
    assert.equal((await fetchRaw(apart, 'GET', '/readyz')).status, 200);
  });

  it('say why not, while the store can not be reached', { skip: notOnWindows('it has no NATS') }, async () => {
    const folder = scratch();
    const nats = await NatsCluster.start(folder, 1);
    cleanup.push(() => nats.stop());
    const server = await start({ store: `nats:${nats.urls}?view=${join(folder, 'view.db')}` });
    assert.equal((await fetchRaw(server.port, 'GET', '/readyz')).status, 200);
    await nats.stop();
    const answer = await until(async () => {
      const told = await fetchRaw(server.port, 'GET', '/readyz');
      return told.status === 503 && told;
    }, 'a server that is not ready');
    assert.equal(JSON.parse(answer.text).ready, false);
    assert.match(JSON.parse(answer.text).reason, /NATS/);
    assert.equal((await fetchRaw(server.port, 'GET', '/healthz')).status, 200, 'it is alive');
    assert.equal((await metrics(server.port)).get('flowcast_store_ready'), 0);
  });

  it('say why not, while the server stops', async () => {
    const server = await start({ args: ['--drain-time', '3000'] });
    await connect(server.port);
    const kept = net.connect(server.port, '127.0.0.1');
    cleanup.push(() => kept.destroy());
    // A request that has begun is still answered.
    kept.write('GET /readyz HTTP/1.1\r\nHost: x\r\n');
    await until(async () => (await metrics(server.port)).get('flowcast_connections{transport="http"}') >= 2, 'a request that has begun');
    server.signal('SIGTERM');
    await until(() => /stopping/.test(server.output), 'the stop');
    let heard = '';
    kept.on('data', (bytes) => (heard += bytes));
    kept.write('\r\n');
    await until(() => heard.includes('}'), 'an answer');
    assert.match(heard, /^HTTP\/1\.1 503 /);
    assert.match(heard, /"ready":false,"reason":"the server is stopping"/);
  });
});

describe('the log', () => {
  for (const format of ['text', 'json']) {
    it(`holds no token and no record at the default level, as ${format}`, async () => {
      const file = join(scratch(), 'secret');
      writeFileSync(file, secret);
      const server = await start({ args: ['--jwt-secret-file', file, '--publisher-key', `mendix:${digest}`, '--log-format', format] });
      const token = makeToken(secret, { sub: 'anna' });
      const wrong = makeToken('another secret of at least thirty-two bytes', { sub: 'eve' });
      const client = await connect(server.port, { token, subscribe: { microflow: ['key-nobody-may-read'] } });
      await connect(server.port, { token: wrong });
      const body = { text: 'key-nobody-may-read', note: 'a body that nobody may read' };
      assert.equal((await post(server.port, '/microflow', body, { Authorization: `Bearer ${key}` })).status, 201);
      await post(server.port, '/microflow', body, { Authorization: `Bearer ${wrong}` });
      await post(server.port, `/microflow?accessToken=${token}`, { ...body, id: 1 }, { Authorization: `Bearer ${token}` });
      await client.next('event');
      client.socket.close();
      await until(() => /disconnected/.test(server.output), 'a line of the end');
      for (const told of [token, wrong, key, secret, 'nobody may read', 'nobody-may-read']) assert.ok(!server.output.includes(told), `${told} in the log`);
      const all = server.output.split('\n').filter(Boolean);
      // For programs, the first lines as well.
      const lines = format === 'json' ? all : all.filter((line) => /connected|refused/.test(line));
      assert.ok(lines.length >= 3);
      assert.ok(all.some((line) => /listening on http:/.test(line)));
      for (const line of lines) {
        if (format === 'json') {
          const { time, level, message } = JSON.parse(line);
          assert.ok(Date.parse(time) > 0 && level && message);
        } else {
          assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z (info|warning|error) +\S/);
        }
      }
    });
  }
});
