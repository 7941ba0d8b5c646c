// Who may do what, at every door of the real binary: REST, sockets, recovery, polling.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { cleanup, connect as connectTo, open as openTo } from '../support/scene.mjs';
import { launch, scratchFolder, startServer } from '../support/server_process.mjs';

const secret = 'a secret of at least sixty-four bytes, so that HS512 can have it too: that is long';
const publisherKey = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const digest = createHash('sha256').update(publisherKey).digest('hex');

let scratch;
let server;
let secretFile;
before(async () => {
  scratch = scratchFolder();
  secretFile = join(scratch.path, 'secret');
  writeFileSync(secretFile, `${secret}\n`);
  server = await startServer({ args: ['--jwt-secret-file', secretFile, '--publisher-key', `mendix:${digest}:publish`, '--jwt-leeway', '0'] });
});
after(async () => {
  await server.stop();
  scratch.remove();
});

const may = (subscribe, publish, more = {}) => makeToken(secret, { sub: 'anna', flowcast: { subscribe, publish }, ...more });
const call = async (method, path, token, body) => {
  const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetchRaw(server.port, method, path, { headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(answer.text), header: (name) => answer.header(name) };
};
const publish = async (text, more = {}) => {
  const { status, body } = await call('POST', '/microflow', publisherKey, { text, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};
const connect = (auth, { port = server.port, ...options } = {}) => connectTo(port, auth, options);
const ask = async (client, id, ...event) => {
  client.send(`42${id}${JSON.stringify(event)}`);
  const skipped = [];
  for (;;) {
    const packet = await client.next(`answer to ${event[0]}`);
    if (packet.startsWith(`43${id}[`)) return { answer: JSON.parse(packet.slice(`43${id}`.length)), skipped };
    skipped.push(packet);
  }
};
const keyOf = (packet) => JSON.parse(packet.slice(2))[1].text;

describe('without a token', () => {
  it('nothing is published or read, and the answer says what to send', async () => {
    for (const [method, path, body] of [['POST', '/microflow', { text: '1' }], ['GET', '/microflow'], ['GET', '/microflow/0'], ['DELETE', '/microflow/0']]) {
      const { status, body: error, header } = await call(method, path, undefined, body);
      assert.equal(status, 401);
      assert.equal(error.name, 'NotAuthenticated');
      assert.match(error.message, /Authorization: Bearer/);
      assert.equal(header('WWW-Authenticate'), 'Bearer');
    }
  });

  it('a client may connect, and hears nothing until it has logged in', async () => {
    const client = await connect();
    assert.match(client.reply, /^40\{/);
    await publish('unheard');
    const token = may(true, false);
    const { answer } = await ask(client, 1, 'create', 'authentication', { strategy: 'jwt', accessToken: token });
    assert.equal(answer[0], null);
    assert.equal(answer[1].accessToken, token);
    assert.equal(answer[1].authentication.payload.sub, 'anna');
    await publish('heard');
    assert.equal(keyOf(await client.next('event')), 'heard');
    await ask(client, 2, 'remove', 'authentication', null);
    await publish('unheard again');
    const { answer: refused, skipped } = await ask(client, 3, 'find', 'microflow', {});
    assert.equal(refused[0].code, 401);
    assert.deepEqual(skipped, []);
  });

  it('a subscription is refused when connecting', async () => {
    const { reply } = await connect({ subscribe: { microflow: ['1'] } });
    assert.match(reply, /^44\{.*NotAuthenticated/);
  });

  it('pages about the server are open', async () => {
    for (const path of ['/', '/healthz', '/readyz']) assert.equal((await fetchRaw(server.port, 'GET', path)).status, 200);
  });
});

describe('a wrong token', () => {
  for (const [what, token] of Object.entries({
    'of another secret': makeToken('another secret of at least thirty-two bytes', {}),
    'that has expired': makeToken(secret, { exp: Math.floor(Date.now() / 1000) - 60 }),
    'that is not signed': `${makeToken(secret).split('.').slice(0, 2).join('.')}.`,
    'that says none': [{ alg: 'none' }, { exp: 9_999_999_999 }].map((each) => Buffer.from(JSON.stringify(each)).toString('base64url')).join('.').concat('.'),
    'that is no token': 'nonsense',
  })) {
    it(`${what} is refused at each door`, async () => {
      assert.equal((await call('POST', '/microflow', token, { text: '1' })).status, 401);
      assert.equal((await call('POST', '/authentication', undefined, { strategy: 'jwt', accessToken: token })).status, 401);
      assert.match((await connect({ token })).reply, /^44\{.*NotAuthenticated/);
      assert.match((await connect(undefined, { headers: { Authorization: `Bearer ${token}` } })).reply, /^44\{.*NotAuthenticated/);
    });
  }
});

describe('a token', () => {
  it('of every algorithm is known by its key', async () => {
    const pairs = {
      RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
      ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      EdDSA: generateKeyPairSync('ed25519'),
    };
    pairs.PS256 = pairs.RS256;
    const args = [];
    for (const [name, { publicKey }] of Object.entries(pairs)) {
      const path = join(scratch.path, `${name}.pem`);
      writeFileSync(path, publicKey.export({ type: 'spki', format: 'pem' }));
      args.push('--jwt-public-key', path);
    }
    const keySet = join(scratch.path, 'jwks.json');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(keySet, JSON.stringify({ keys: [{ ...other.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }] }));
    const here = await startServer({ args: [...args, '--jwks', keySet, '--jwt-secret-file', secretFile] });
    cleanup.push(() => here.stop());
    const tokens = Object.entries(pairs).map(([algorithm, { privateKey }]) => makeToken(privateKey, {}, { algorithm }));
    tokens.push(...['HS256', 'HS384', 'HS512'].map((algorithm) => makeToken(secret, {}, { algorithm })));
    tokens.push(makeToken(other.privateKey, {}, { algorithm: 'ES256', header: { kid: 'one' } }));
    for (const token of tokens) {
      const answer = await fetchRaw(here.port, 'GET', '/microflow', { headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200, answer.text);
    }
    const pem = pairs.RS256.publicKey.export({ type: 'spki', format: 'pem' });
    const confused = await fetchRaw(here.port, 'GET', '/microflow', { headers: { Authorization: `Bearer ${makeToken(pem, {})}` } });
    assert.equal(confused.status, 401);
  });

  it('that says nothing of rights may subscribe, and not publish', async () => {
    const token = makeToken(secret, { sub: 'ben' });
    assert.equal((await call('GET', '/microflow', token)).status, 200);
    const { status, body } = await call('POST', '/microflow', token, { text: '1' });
    assert.equal(status, 403);
    assert.equal(body.name, 'Forbidden');
  });

  it('shows the records of its keys alone, counted as if there were no others', async () => {
    await publish('mine-1');
    const { id } = await publish('yours-1');
    const token = may({ microflow: ['mine-*'] }, {});
    const { body } = await call('GET', '/microflow', token);
    assert.ok(body.total >= 1);
    assert.ok(body.data.every(({ text }) => text.startsWith('mine-')));
    assert.equal((await call('GET', `/microflow/${id}`, token)).status, 404);
  });

  it('changes the records of its keys alone, and gives none another key', async () => {
    const token = may({}, { microflow: ['own'] });
    const { id } = (await call('POST', '/microflow', token, { text: 'own' })).body;
    const foreign = (await publish('foreign')).id;
    assert.equal((await call('POST', '/microflow', token, { text: 'foreign' })).status, 403);
    assert.equal((await call('POST', '/microflow', token, [{ text: 'own' }, { text: 'foreign' }])).status, 403);
    assert.equal((await call('PATCH', `/microflow/${id}`, token, { text: 'foreign' })).status, 403);
    assert.equal((await call('PUT', `/microflow/${id}`, token, { other: 1 })).status, 403);
    assert.equal((await call('PATCH', `/microflow/${foreign}`, token, { note: 1 })).status, 404);
    assert.equal((await call('DELETE', `/microflow/${foreign}`, token)).status, 404);
    assert.equal((await call('PATCH', `/microflow/${id}`, token, { note: 1 })).status, 200);
    assert.equal((await call('DELETE', `/microflow/${id}`, token)).status, 200);
  });

  it('is not given the answer to a change of a key that it does not allow, by its Idempotency-Key', async () => {
    const limited = may(false, { microflow: ['a-*'] });
    const headers = (token) => ({ Authorization: `Bearer ${token}`, 'Idempotency-Key': 'one' });
    const { id } = await publish('b-1', { note: 'secret' });
    const remove = (token) => fetchRaw(server.port, 'DELETE', `/microflow/${id}`, { headers: headers(token) });
    assert.equal((await remove(publisherKey)).status, 200);
    const again = await remove(publisherKey);
    assert.deepEqual([again.status, again.header('Idempotency-Replayed')], [200, 'true']);
    const refused = await remove(limited);
    assert.equal(refused.status, 403);
    assert.ok(!refused.text.includes('secret'));
  });

  it('lets nobody hear of a key that it does not allow, whatever they subscribe to', async () => {
    for (const transport of ['websocket', 'polling']) {
      const whole = await connect({ token: may({ microflow: ['mine-*'] }, {}) }, { transport });
      const listed = await connect({ token: may({ microflow: ['mine-2'] }, {}), subscribe: { microflow: ['mine-2'] } }, { transport });
      const none = await connect({ token: may({}, {}) }, { transport });
      assert.equal((await ask(listed, 1, 'subscribe', 'microflow', ['yours-2'])).answer[0].code, 403);
      assert.equal((await ask(whole, 1, 'subscribe', 'microflow')).answer[0], null);
      await publish('yours-2');
      await publish('mine-2');
      assert.equal(keyOf(await whole.next('event')), 'mine-2');
      assert.equal(keyOf(await listed.next('event')), 'mine-2');
      assert.deepEqual((await ask(none, 2, 'find', 'microflow', {})).skipped, []);
    }
  });

  it('is asked for again when a client recovers: it hears what it may by now', async () => {
    const first = await connect({ token: may(true, {}), offset: '' });
    const { offset, pid } = JSON.parse(first.reply.slice(2));
    const start = offset ?? JSON.parse((await connect({ token: may(true, {}), subscribe: { microflow: ['x'] } })).reply.slice(2)).offset;
    await publish('mine-3');
    await publish('yours-3');
    const again = await connect({ token: may({ microflow: ['mine-*'] }, {}), subscribe: { microflow: ['mine-3'] }, offset: start });
    assert.equal(keyOf(again.reply), 'mine-3');
    assert.match(await again.next('connect packet'), /^40.*"recovered":true/);
    const whole = await connect({ token: may({ microflow: ['mine-*'] }, {}), offset: start });
    assert.equal(keyOf(whole.reply), 'mine-3');
    assert.match(await whole.next('connect packet'), /^40/);
    const nobody = await connect({ pid, offset: start });
    assert.doesNotMatch(nobody.reply, /^42/);
  });

  it('in the header of the handshake counts, too', async () => {
    const client = await connect({ subscribe: { microflow: ['by header'] } }, { headers: { Authorization: `Bearer ${may(true, {})}` } });
    await publish('by header');
    assert.equal(keyOf(await client.next('event')), 'by header');
  });

  it('that expires is warned of, and may be renewed without a gap', async () => {
    const soon = Math.floor(Date.now() / 1000) + 2;
    const client = await connect({ token: may(true, {}, { exp: soon }), subscribe: { microflow: ['kept'] } });
    assert.deepEqual(JSON.parse((await client.next('warning')).slice(2)), ['token_expiring', { expires: soon }]);
    const { answer } = await ask(client, 1, 'authenticate', { token: may(true, {}) });
    assert.equal(answer[0], null);
    await until(() => Date.now() / 1000 > soon + 0.2, 'time after the first token');
    await publish('kept');
    assert.equal(keyOf(await client.next('event')), 'kept');
  });

  it('that has expired ends the session, with a reason', async () => {
    const client = await connect({ token: may(true, {}, { exp: Math.floor(Date.now() / 1000) + 1 }) });
    let packet = await client.next('warning or end');
    if (packet.includes('token_expiring')) packet = await client.next('end');
    const [name, why] = JSON.parse(packet.slice(2));
    assert.equal(name, 'token_expired');
    assert.equal(why.name, 'NotAuthenticated');
    assert.equal(await client.next('disconnect packet'), '41');
    await client.socket.closed();
  });
});

describe('revocation', () => {
  it('in the settings ends sessions at once, on SIGHUP', async () => {
    const config = join(scratch.path, 'flowcast.toml');
    const write = (more) => writeFileSync(config, `jwt-secret-file = ["${secretFile}"]\n${more}`);
    write('');
    const here = await startServer({ args: ['--config', config] });
    cleanup.push(() => here.stop());
    const revoked = await connect({ token: makeToken(secret, { jti: 'stolen' }) }, { port: here.port });
    const kept = await connect({ token: makeToken(secret, { jti: 'good' }) }, { port: here.port });
    write('revoke-token = ["stolen"]\n');
    here.signal('SIGHUP');
    assert.match(await revoked.next('end'), /token_expired/);
    assert.equal((await ask(kept, 1, 'find', 'microflow', {})).answer[0], null);
    assert.match((await connect({ token: makeToken(secret, { jti: 'stolen' }) }, { port: here.port })).reply, /^44.*revoked/);
    writeFileSync(config, 'nonsense = ');
    here.signal('SIGHUP');
    await until(() => /could not reload/.test(here.output), 'line in the log');
    assert.equal((await ask(kept, 2, 'find', 'microflow', {})).answer[0], null);
  });
});

describe('settings that change, on SIGHUP', () => {
  const other = 'another secret of at least thirty-two bytes, for tokens';
  let here;
  let write;
  const startWith = async (text) => {
    const config = join(scratch.path, 'changing.toml');
    write = (to) => writeFileSync(config, to);
    write(text);
    here = await startServer({ args: ['--config', config] });
    cleanup.push(() => here.stop());
  };
  const change = async (to) => {
    write(to);
    here.signal('SIGHUP');
    await until(() => /reloaded.*keys and revocations/.test(here.output), 'line in the log');
  };
  const join_ = (auth, options) => connect(auth, { port: here.port, ...options });
  const ended = (client) => assert.rejects(async () => {
    for (;;) assert.doesNotMatch(await client.next('end'), /^42/);
  }, /closed|ended|refused/i);
  const publishAs = (key, text) => fetchRaw(here.port, 'POST', '/microflow', { headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

  for (const transport of ['websocket', 'polling']) {
    it(`end the sessions of a key that is taken out, by ${transport}`, async () => {
      const more = join(scratch.path, 'more');
      writeFileSync(more, other);
      await startWith(`jwt-secret-file = ["${secretFile}", "${more}"]`);
      const kept = await join_({ token: makeToken(secret) }, { transport });
      const ended = await join_({ token: makeToken(other) }, { transport });
      await change(`jwt-secret-file = ["${secretFile}"]`);
      assert.match(await ended.next('end'), /^42\["token_expired"/);
      assert.equal((await ask(kept, 1, 'find', 'microflow', {})).answer[0], null);
    });

    it(`hold for the sessions that there are, by ${transport}`, async () => {
      const keys = (rights) => `jwt-secret-file = ["${secretFile}"]\npublisher-key = ["mendix:${digest}:all"]\n${rights}`;
      await startWith(keys('token-default = "all"\nanonymous = "subscribe"'));
      const plain = await join_({ token: makeToken(secret, { sub: 'anna' }), subscribe: { microflow: ['1'] } }, { transport });
      const nobody = await join_({ subscribe: { microflow: ['1'] } }, { transport });
      const own = await join_({ token: may(true, true), subscribe: { microflow: ['1', '2'] } }, { transport });
      await change(keys('token-default = "publish"\nanonymous = "none"'));
      assert.equal((await publishAs(publisherKey, '1')).status, 201);
      assert.equal(keyOf(await own.next('event')), '1');
      // Those whom it concerns are cut off, and told when they come back.
      for (const client of [plain, nobody]) await ended(client);
      const again = (token) => join_({ token, subscribe: { microflow: ['1'] } }, { transport });
      assert.match((await again(makeToken(secret, { sub: 'anna' }))).reply, /^44.*"code":403/);
      assert.match((await again()).reply, /^44.*"code":401/);
    });
  }

  it('hold for publishers that are connected', async () => {
    const keys = (rights) => `publisher-key = ["mendix:${digest}:${rights}"]`;
    await startWith(keys('all'));
    const client = await join_({ token: publisherKey });
    assert.equal((await ask(client, 1, 'create', 'microflow', { text: '1' })).answer[0], null);
    await change(keys('subscribe'));
    await ended(client);
    const again = await join_({ token: publisherKey });
    assert.equal((await ask(again, 1, 'create', 'microflow', { text: '1' })).answer[0].code, 403);
    assert.equal((await publishAs(publisherKey, '1')).status, 403);
  });

  it('end a look at the status of who may not observe any more', async () => {
    const keys = (rights) => `publisher-key = ["mendix:${digest}:${rights}", "another:${'0'.repeat(64)}"]`;
    await startWith(keys('observe'));
    const looks = await openTo(here.port);
    looks.send(`40/status,${JSON.stringify({ token: publisherKey })}`);
    assert.match(await looks.next('connect packet'), /^40\/status,/);
    await change(keys('publish'));
    for (let packet; packet !== '41/status,'; ) packet = await looks.next('end');
  });
});

describe('a JWK set by URL', () => {
  const pair = (kid) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }, token: () => makeToken(privateKey, { sub: kid }, { algorithm: 'ES256', header: { kid } }) };
  };
  async function issuer(made, keys) {
    const asked = { times: 0, keys, status: 200 };
    const at = made((request, answer) => {
      asked.times += 1;
      answer.writeHead(asked.status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ keys: asked.keys }));
    }).listen(0, '127.0.0.1');
    await once(at, 'listening');
    cleanup.push(() => (at.closeAllConnections(), at.close()));
    return Object.assign(asked, { port: at.address().port });
  }
  const read = async (port, token) => (await fetchRaw(port, 'GET', '/microflow', { headers: { Authorization: `Bearer ${token}` } })).status;
  const startWith = async (url, options = {}) => {
    const here = await startServer({ args: ['--jwks', url], ...options });
    cleanup.push(() => here.stop());
    return here;
  };

  it('is fetched, and again when its keys have been rotated; old keys then know nobody', async () => {
    const [first, second] = [pair('first'), pair('second')];
    const at = await issuer(createServer, [first.jwk]);
    const here = await startWith(`http://localhost:${at.port}/keys`);
    await until(async () => (await read(here.port, first.token())) === 200, 'keys');
    const live = await connect({ token: first.token() }, { port: here.port });
    at.keys = [second.jwk];
    await until(async () => (await read(here.port, second.token())) === 200, 'rotated keys', 40_000);
    assert.equal(await read(here.port, first.token()), 401);
    assert.match(await live.next('end of who has a token of the old key'), /^42\["token_expired"/);
    assert.ok(at.times < 10, `asked ${at.times} times`);
  });

  it('that cannot be fetched keeps nobody out for good: 503 until it can, and the log says why', async () => {
    const { jwk, token } = pair('late');
    const at = await issuer(createServer, [jwk]);
    at.status = 500;
    const here = await startWith(`http://localhost:${at.port}/keys`);
    await until(() => /cannot fetch keys/.test(here.output), 'line in the log');
    assert.equal(await read(here.port, token()), 503);
    assert.match((await connect({ token: token() }, { port: here.port })).reply, /^44.*503/);
    at.status = 200;
    await until(async () => (await read(here.port, token())) === 200, 'keys', 40_000);
    at.status = 500;
    assert.equal(await read(here.port, token()), 200);
  });

  it('gives no secrets', async () => {
    const at = await issuer(createServer, [{ kty: 'oct', k: Buffer.from(secret).toString('base64url') }]);
    const here = await startWith(`http://127.0.0.1:${at.port}/keys`);
    await until(() => /no public key/.test(here.output), 'line in the log');
    assert.notEqual(await read(here.port, makeToken(secret)), 200);
  });

  it('is believed of a server alone whose certificate is right', async () => {
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(scratch.path, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const { jwk, token } = pair('tls');
    const at = await issuer((serve) => createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) }, serve), [jwk]);
    const trusting = await startWith(`https://localhost:${at.port}/keys`, { env: { SSL_CERT_FILE: certificate } });
    await until(async () => (await read(trusting.port, token())) === 200, 'keys');
    const other = await startWith(`https://localhost:${at.port}/keys`);
    await until(() => /cannot fetch keys.*certificate/.test(other.output), 'line in the log');
    const elsewhere = await startWith(`https://127.0.0.1:${at.port}/keys`, { env: { SSL_CERT_FILE: certificate } });
    await until(() => /cannot fetch keys/.test(elsewhere.output), 'line in the log');
  });

  it('is not fetched in clear', async () => {
    const refused = launch(['--store', 'memory', '--listen', '127.0.0.1:0', '--jwks', 'http://login.example/keys']);
    assert.equal((await refused.exit()).code, 2);
    assert.match(refused.output, /https:\/\//);
  });
});

describe("Feathers' authentication", () => {
  const post = (body) => call('POST', '/authentication', undefined, body);

  it('answers as Feathers does', async () => {
    const token = makeToken(secret, { sub: 'anna' });
    const { status, body } = await post({ strategy: 'jwt', accessToken: token });
    assert.equal(status, 201);
    assert.equal(body.accessToken, token);
    assert.deepEqual([body.authentication.strategy, body.authentication.accessToken, body.authentication.payload.sub], ['jwt', token, 'anna']);
    const out = await call('DELETE', '/authentication', token);
    assert.equal(out.status, 200);
    assert.equal(out.body.accessToken, token);
    assert.equal((await call('DELETE', '/authentication', 'a.b.c')).status, 401);
  });

  it('refuses as Feathers does', async () => {
    const cases = [
      [{}, /^Invalid authentication information \(no `strategy` set\)/, undefined],
      [{ strategy: 'nope' }, /^Invalid authentication information \(strategy not allowed in authStrategies\)/, undefined],
      [{ strategy: 'jwt', accessToken: 'a.b.c' }, /^jwt malformed/, 'JsonWebTokenError'],
      [{ strategy: 'jwt', accessToken: 'junk' }, /JWT/, 'JsonWebTokenError'],
      [{ strategy: 'jwt', accessToken: makeToken(secret, { exp: 1 }) }, /expired/, 'TokenExpiredError'],
      [{ strategy: 'jwt', accessToken: makeToken(secret, { nbf: 9_999_999_999, exp: 9_999_999_999 }) }, /not valid yet/, 'NotBeforeError'],
    ];
    const client = await connect();
    for (const [data, message, name] of cases) {
      const { status, body } = await post(data);
      const { answer } = await ask(client, 1, 'create', 'authentication', data);
      for (const error of [body, answer[0]]) {
        assert.equal(error.name, 'NotAuthenticated');
        assert.equal(error.code, 401);
        assert.match(error.message, message);
        assert.equal(error.data?.name, name);
      }
      assert.equal(status, 401);
    }
    const found = await call('GET', '/authentication');
    assert.equal(found.status, 405);
    assert.match(found.body.message, /^Method `find` is not supported by this endpoint/);
  });
});

describe('starting', () => {
  it('on an address that others reach takes keys, or --allow-anonymous', async () => {
    const refused = launch(['--listen', '0.0.0.0:0', '--store', 'memory']);
    assert.equal((await refused.exit()).code, 2);
    assert.match(refused.output, /--jwt-secret-file/);
    const known = launch(['--listen', '0.0.0.0:0', '--store', 'memory', '--publisher-key', `mendix:${digest}`]);
    cleanup.push(() => known.stop());
    await known.listening();
    await until(() => /safe: tokens and keys/.test(known.output), 'line that says how safe it is');
  });

  for (const [what, content, says] of [
    ['a short secret', 'too short', /at least 32 bytes/],
    ['a secret in UTF-16', Buffer.from(`\ufeff${secret}`, 'utf16le'), /UTF-16.*save it as UTF-8/],
    ['a PEM file as a secret', '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n', /public key/],
  ]) {
    it(`refuses ${what}`, async () => {
      const path = join(scratch.path, 'wrong');
      writeFileSync(path, content);
      const refused = launch(['--store', 'memory', '--listen', '127.0.0.1:0', '--jwt-secret-file', path]);
      assert.equal((await refused.exit()).code, 1);
      assert.match(refused.output, says);
    });
  }

  it('takes a byte order mark for no part of a secret, of keys or of settings', async () => {
    const [config, marked, set] = ['marked.toml', 'marked', 'marked.json'].map((name) => join(scratch.path, name));
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(marked, `\ufeff${secret}\r\n`);
    writeFileSync(set, `\ufeff${JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] })}`);
    writeFileSync(config, `\ufeffjwt-secret-file = ["${marked}"]\r\njwks = ["${set}"]\r\n`);
    const here = await startServer({ args: ['--config', config] });
    cleanup.push(() => here.stop());
    for (const token of [makeToken(secret), makeToken(privateKey, {}, { algorithm: 'ES256' })])
      assert.equal((await fetchRaw(here.port, 'GET', '/microflow', { headers: { Authorization: `Bearer ${token}` } })).status, 200);
  });

  it('shows no token in the log', async () => {
    const token = may(true, true);
    await call('POST', '/microflow', token, { text: 'secret text' });
    await connect({ token });
    assert.ok(!server.output.includes(token.split('.')[2]));
    assert.ok(!server.output.includes('secret text'));
  });
});
