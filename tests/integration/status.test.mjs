// The stream behind the status page, as any Socket.IO client hears it: the namespace /status.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until as reached } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { connect, open, scratch, start } from '../support/scene.mjs';
import { shards } from '../support/server_process.mjs';

const secret = 'a secret of at least thirty-two bytes, for tokens';
const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const digest = createHash('sha256').update(key).digest('hex');

const look = async (port, auth, options) => {
  const client = await open(port, options);
  client.send(`40/status,${auth ? JSON.stringify(auth) : ''}`);
  client.reply = await client.next('connect packet');
  return client;
};
/** The next status for which `holds` gives something. */
const until = async (client, holds, what) => {
  for (;;) {
    const packet = await client.next(what, 20_000);
    if (!packet.startsWith('42/status,')) continue;
    const [event, status] = JSON.parse(packet.slice('42/status,'.length));
    assert.equal(event, 'status');
    const found = holds(status);
    if (found) return found;
  }
};
const post = (port, record, headers = {}) => fetchRaw(port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(record) });

describe('the namespace /status', () => {
  for (const transport of ['websocket', 'polling']) {
    it(`tells by ${transport} what happens on all shards together`, async () => {
      const { port } = await start({ args: shards(3) });
      const watching = [];
      for (let i = 0; i < 6; ++i) watching.push(await connect(port, { subscribe: { microflow: ['a', `own-${i}`] } }));
      const observer = await look(port, undefined, { transport });
      const first = await until(observer, (status) => status.keys && status, 'first status');
      assert.deepEqual(first.keys[0], { service: 'microflow', key: 'a', watchers: 6 });
      assert.equal(first.clients.length, 6);
      assert.equal(first.clients[0].subscriptions, 2);
      assert.equal(first.storeReady, true);
      const { id } = JSON.parse((await post(port, { text: 'a' })).text);
      const told = await until(observer, ({ publishes }) => publishes.find((each) => each.microseconds > 0), 'a publish');
      assert.deepEqual([told.service, told.type, told.key, told.id, told.reached], ['microflow', 'created', 'a', String(id), 6]);
      await post(port, { text: 'nobody' });
      const missed = await until(observer, ({ publishes }) => publishes.find((each) => each.key === 'nobody'), 'a publish that nobody hears');
      assert.equal(missed.reached, 0);
      watching[0].socket.close();
      await until(observer, ({ clients }) => clients?.length === 5, 'one that has left');
    });
  }

  it('tells whoever comes later what is known, and everybody what is new', async () => {
    const { port } = await start();
    const early = await look(port);
    await until(early, (status) => status.anew, 'first status');
    await post(port, { text: 'a' });
    await until(early, ({ publishes }) => publishes.length === 1, 'a publish');
    await fetchRaw(port, 'POST', '/microflows', { headers: { 'Content-Type': 'application/json' }, body: '{}' });
    await until(early, ({ rejections }) => rejections.some((each) => each.reason === 'unknown_service'), 'a rejection');
    const late = await look(port);
    const all = await until(late, (status) => status.anew && status, 'all that is known');
    assert.equal(all.publishes.length, 1);
    assert.equal(all.rejections.length, 1);
  });

  it('starts anew when nobody has looked for a while', async () => {
    const { port } = await start();
    const first = await look(port);
    await until(first, (status) => status.anew, 'first status');
    first.socket.close();
    await reached(async () => /^flowcast_observers 0$/m.test((await fetchRaw(port, 'GET', '/metrics')).text), 'nobody who looks');
    await post(port, { text: 'unobserved' });
    const again = await look(port);
    const status = await until(again, (each) => each.anew && each, 'all that is known');
    assert.deepEqual(status.publishes, []);
  });

  it('says what is wrong with a publish of another type', async () => {
    const { port } = await start();
    const observer = await look(port);
    await post(port, { text: '1' }, { 'Content-Type': 'text/xml' });
    const { detail } = await until(observer, ({ rejections }) => rejections[0], 'what was turned away');
    assert.match(detail, /^POST \/microflow: .*text\/xml/);
  });

  it('names a session, and keeps the id by which it could be taken over', async () => {
    const server = await start();
    const victim = await connect(server.port, { subscribe: { microflow: ['a'] } }, { transport: 'polling' });
    const { session } = await until(await look(server.port), ({ clients }) => clients?.[0], 'the client');
    assert.ok(victim.sid.startsWith(session));
    assert.ok(victim.sid.length - session.length >= 10, 'as good a secret as ever');
    assert.ok(server.output.includes(`session=${session}`));
    assert.ok(!server.output.includes(victim.sid), 'nor is it in the log');
  });

  it('is kept from web pages that do not tell their origin', async () => {
    const { port } = await start();
    const path = '/socket.io/?EIO=4&transport=polling';
    const answerTo = async (query, headers = {}) => {
      const opened = await fetchRaw(port, 'GET', path + query, { headers });
      const at = `${path}${query}&sid=${/sid[\\":]+([\w-]+)/.exec(opened.text)[1]}`;
      const body = query ? `d=${encodeURIComponent('40/status,')}` : '40/status,';
      const type = query ? 'application/x-www-form-urlencoded' : 'text/plain;charset=UTF-8';
      assert.equal((await fetchRaw(port, 'POST', at, { headers: { ...headers, 'Content-Type': type }, body })).text, 'ok');
      return (await fetchRaw(port, 'GET', at, { headers })).text;
    };
    assert.match(await answerTo(''), /^40\/status,/);
    assert.match(await answerTo('&j=0'), /Invalid namespace/, 'a script of any page');
    assert.match(await answerTo('', { Host: 'elsewhere.example' }), /Invalid namespace/, 'a page whose name was pointed here');
  });

  it('is kept from pages of other origins', async () => {
    const { port } = await start();
    assert.match((await look(port, undefined, { headers: { Origin: 'https://elsewhere.example' } })).reply, /Invalid namespace/);
    assert.match((await look(port, undefined, { headers: { Origin: `http://127.0.0.1:${port}` } })).reply, /^40\/status,/);
    const rebound = { Host: 'elsewhere.example', Origin: 'http://elsewhere.example' };
    assert.match((await look(port, undefined, { headers: rebound })).reply, /Invalid namespace/, 'a name that was pointed here');
  });

  it('is open to its own page, also where allow-origin names others alone', async () => {
    const { port } = await start({ args: ['--allow-origin', 'https://app.example'] });
    assert.match((await look(port, undefined, { headers: { Origin: `http://127.0.0.1:${port}` } })).reply, /^40\/status,/);
    await assert.rejects(open(port, { headers: { Host: 'elsewhere.example', Origin: 'http://elsewhere.example' } }), /403/);
  });

  it('is for those with the right to observe, as long as they have it', async () => {
    const file = join(scratch(), 'secret');
    writeFileSync(file, secret);
    const { port } = await start({ args: ['--jwt-secret-file', file, '--publisher-key', `ops:${digest}:observe`, '--jwt-leeway', '0'] });
    assert.match((await look(port)).reply, /^44\/status,\{"message":".*right to observe.*"code":401/);
    assert.match((await look(port, { token: 'wrong' })).reply, /^44\/status,.*"code":401/);
    assert.match((await look(port, { token: makeToken(secret, { sub: 'anna' }) })).reply, /^44\/status,.*"code":403/);
    assert.match((await look(port, { token: key })).reply, /^40\/status,\{"sid"/);
    // One that has sent no token hears nothing, whatever broadcasts.
    await connect(port);
    const deaf = await until(await look(port, { token: key }), ({ clients }) => clients?.[0], 'the client');
    assert.deepEqual([deaf.mayHear, deaf.subscriptions, deaf.keys], [false, 0, []]);
    const brief = await look(port, { token: makeToken(secret, { sub: 'olga', exp: Math.floor(Date.now() / 1000) + 3, flowcast: { observe: true } }) });
    assert.match(brief.reply, /^40\/status,/);
    for (;;) if ((await brief.next('end of the look', 20_000)) === '41/status,') break;
  });

  it('is not there where metrics have a listener of their own, and open on that one', async () => {
    const server = await start({ args: ['--publisher-key', `ops:${digest}:observe`, '--metrics-listen', '127.0.0.1:0'] });
    const apart = Number(/metrics on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output)[1]);
    assert.match((await look(server.port, { token: key })).reply, /Invalid namespace/);
    assert.equal((await fetchRaw(server.port, 'GET', '/status')).status, 404);
    assert.match((await look(apart)).reply, /^40\/status,/);
    assert.equal((await fetchRaw(apart, 'GET', '/status')).status, 200);
  });
});
