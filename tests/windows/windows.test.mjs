// The Windows build as a developer beside Studio Pro meets it, under Wine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { event, until } from '../support/deadline.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { launch, program as serverProgram, repository, startServer } from '../support/server_process.mjs';

const require = createRequire(join(repository, 'tests/conformance/package.json'));
const { io } = require('socket.io-client-4.8');
const program = join(repository, 'build/windows/bin/flowcast-server.exe');

const cleanup = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'flowcast-windows-'));
  cleanup.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
};
const start = async (options) => {
  const server = await startServer(options);
  cleanup.push(() => server.stop());
  return server;
};
const run = (args) => {
  const server = launch(args, { cwd: folder() });
  cleanup.push(() => server.stop());
  return server;
};
const connect = async (server, options = {}) => {
  const socket = io(server.url, { reconnection: false, ...options });
  cleanup.push(() => socket.close());
  await event(socket, 'connect');
  return socket;
};
const headers = { 'Content-Type': 'application/json' };
const call = async ({ port }, method, path, body, more = {}) => {
  const answer = await fetchRaw(port, method, path, { headers: { ...headers, ...more }, body: body && JSON.stringify(body) });
  return { status: answer.status, body: answer.text && JSON.parse(answer.text) };
};

describe('the program', () => {
  it('needs no file beside it but those of Windows 10', () => {
    const told = execFileSync('x86_64-w64-mingw32-objdump', ['-p', program], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
    const needed = [...told.matchAll(/DLL Name: (\S+)/g)].map(([, name]) => name.toLowerCase()).sort();
    const windows = ['advapi32.dll', 'bcrypt.dll', 'kernel32.dll', 'msvcrt.dll', 'mswsock.dll', 'psapi.dll', 'ws2_32.dll'];
    assert.deepEqual(needed.filter((name) => !windows.includes(name)), []);
  });

  it('started without a word keeps records in memory, and leaves nothing behind', async () => {
    const cwd = folder();
    const server = launch(['--listen', '127.0.0.1:0'], { cwd });
    cleanup.push(() => server.stop());
    await server.listening();
    assert.match(server.output, /store: memory/);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.deepEqual(readdirSync(cwd), []);
  });

  it('takes names with spaces, and those of every language', async () => {
    const cwd = folder();
    const secret = 'a secret of at least thirty-two bytes, for tokens';
    writeFileSync(join(cwd, 'geheim ☂.txt'), secret);
    const settings = 'listen = "127.0.0.1:0"\r\n\r\nservice = ["microflow", "orders"]\r\njwt-secret-file = "geheim ☂.txt"\r\n';
    writeFileSync(join(cwd, 'Jürgens Flowcast 設定.toml'), `\uFEFF${settings}`);
    const server = launch(['--config', 'Jürgens Flowcast 設定.toml'], { cwd, env: { FLOWCAST_JWT_AUDIENCE: 'Größe' } });
    cleanup.push(() => server.stop());
    await server.listening();
    assert.match(server.output, /services: microflow orders locks presence/);
    const publish = (claims) =>
      call(server, 'POST', '/orders', { text: '1' }, { Authorization: `Bearer ${makeToken(secret, { flowcast: { publish: true }, ...claims })}` });
    assert.equal((await publish({ aud: 'Größe' })).status, 201);
    assert.equal((await publish({ aud: 'Grosse' })).status, 401);
  });

  it('names what it cannot find as it was typed', async () => {
    const server = run(['--config', 'C:\\Users\\Jürgen\\flöwcast.toml']);
    assert.equal((await server.exit()).code, 2);
    assert.match(server.output, /cannot read C:\\Users\\Jürgen\\flöwcast\.toml/);
  });
});

describe('the zip', () => {
  const zip = join(repository, 'build/windows/dist', readdirSync(join(repository, 'build/windows/dist')).find((name) => name.endsWith('.zip')));
  const unpacked = () => {
    const at = folder();
    execFileSync('unzip', ['-q', zip, '-d', at]);
    return join(at, 'flowcast');
  };

  it('has the program, its settings, and what to read, in lines as Notepad has them', () => {
    const at = unpacked();
    assert.deepEqual(readdirSync(at).sort(), ['LICENSE.txt', 'NOTICES.txt', 'README.txt', 'flowcast-server.exe', 'flowcast.toml']);
    for (const name of ['LICENSE.txt', 'NOTICES.txt', 'README.txt', 'flowcast.toml']) {
      const text = readFileSync(join(at, name), 'utf8');
      assert.doesNotMatch(text, /[^\r]\n/, name);
    }
    const notices = readFileSync(join(at, 'NOTICES.txt'), 'utf8');
    for (const library of ['cli11', 'tomlplusplus', 'libz', 'mingw']) assert.match(notices, new RegExp(library, 'i'));
  });

  it('has settings that it starts with, and a line for each that this build has', async () => {
    const at = unpacked();
    const settings = join(at, 'flowcast.toml');
    const text = readFileSync(settings, 'utf8');
    const help = execFileSync(serverProgram, ['--help'], { encoding: 'utf8' });
    const names = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name).filter((name) => !['version', 'config'].includes(name));
    assert.ok(names.length > 40);
    const here = names.filter((name) => new RegExp(`^(# )?${name} = `, 'm').test(text));
    assert.deepEqual(names.filter((name) => !here.includes(name)), ['tls-certificate', 'tls-key', 'threads', 'jwt-public-key', 'jwks', 'jwks-refresh']);
    assert.doesNotMatch(text, /systemctl|sqlite/);
    writeFileSync(settings, text.replace(/^# listen = .*$/m, 'listen = ["127.0.0.1:0"]'));
    const server = launch(['--config', 'flowcast.toml'], { cwd: at });
    cleanup.push(() => server.stop());
    await server.listening();
    assert.match(server.output, /store: memory/);
  });

  it('tells what is true of it', () => {
    const text = readFileSync(join(unpacked(), 'README.txt'), 'utf8');
    for (const [, flag] of text.matchAll(/ (--[a-z-]+)/g)) assert.match(execFileSync(serverProgram, ['--help'], { encoding: 'utf8' }), new RegExp(`${flag}\\b`));
    assert.match(text, /listening on http:\/\/127\.0\.0\.1:3030/);
  });
});

describe('REST', () => {
  it('creates, finds, reads, changes and removes', async () => {
    const server = await start();
    const made = await call(server, 'POST', '/microflow', { text: '281474976710657', note: 'één' });
    assert.equal(made.status, 201);
    assert.equal(made.body.note, 'één');
    const path = `/microflow/${made.body.id}`;
    assert.deepEqual((await call(server, 'GET', path)).body, made.body);
    assert.equal((await call(server, 'PATCH', path, { note: 'two' })).body.note, 'two');
    assert.equal((await call(server, 'PUT', path, { text: '281474976710657' })).body.note, undefined);
    assert.equal((await call(server, 'GET', '/microflow?text=281474976710657')).body.total, 1);
    assert.equal((await call(server, 'DELETE', path)).status, 200);
    assert.equal((await call(server, 'GET', path)).status, 404);
  });

  it('carries a megabyte, in and out', async () => {
    const server = await start({ args: ['--max-body', '2000000'] });
    const note = 'x'.repeat(1_000_000);
    const made = await call(server, 'POST', '/microflow', { text: '1', note });
    assert.equal(made.status, 201);
    assert.equal((await call(server, 'GET', `/microflow/${made.body.id}`)).body.note, note);
  });
});

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  describe(`a stock client over ${transports.join(', then ')}`, () => {
    it('hears of its keys, and of no others', async () => {
      const server = await start();
      const socket = await connect(server, { transports });
      if (transports.length === 2) await until(() => socket.io.engine.transport.name === 'websocket', 'upgrade');
      const heard = [];
      socket.on('microflow created', (record) => heard.push(record.text));
      await socket.emitWithAck('subscribe', 'microflow', ['2']);
      for (const text of ['1', '2', '3', '2']) await call(server, 'POST', '/microflow', { text });
      await until(() => heard.length === 2, 'two events');
      assert.deepEqual(heard, ['2', '2']);
    });

    it('publishes and is answered', async () => {
      const server = await start();
      const socket = await connect(server, { transports });
      const [failed, made] = await new Promise((done) => {
        socket.emit('create', 'microflow', { text: '7' }, {}, (...answer) => done(answer));
      });
      assert.equal(failed, null);
      assert.equal(made.text, '7');
    });
  });
}

describe('many at once', () => {
  it('each hears all, in order', async () => {
    const server = await start();
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connect(server, { transports: ['websocket'] })));
    const heard = sockets.map((socket) => {
      const texts = [];
      socket.on('microflow created', (record) => texts.push(Number(record.text)));
      return texts;
    });
    const sent = Array.from({ length: 100 }, (_, index) => index);
    for (const text of sent) await call(server, 'POST', '/microflow', { text: String(text) });
    await until(() => heard.every((texts) => texts.length === sent.length), 'all events', 30_000);
    for (const texts of heard) assert.deepEqual(texts, sent);
  });

  it('one that does not read is ended, the others hear all', async () => {
    const server = await start({ args: ['--max-outbound', '100000'] });
    const slow = await connect(server, { transports: ['websocket'] });
    const good = await connect(server, { transports: ['websocket'] });
    let heard = 0;
    good.on('microflow created', () => (heard += 1));
    slow.io.engine.transport.ws._socket.pause();
    const note = 'x'.repeat(50_000);
    const count = 400; // more than the sockets between them hold
    for (let text = 0; text < count; text++) await call(server, 'POST', '/microflow', { text: String(text), note });
    await until(() => heard === count, 'all events', 30_000);
    const gone = event(slow, 'disconnect', 30_000);
    slow.io.engine.transport.ws._socket.resume();
    await gone;
  });
});

describe('keys and tokens', () => {
  const secret = 'a secret of at least thirty-two bytes, for tokens';
  const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';

  it("a publisher's key and tokens of a shared secret are asked for", async () => {
    const file = join(folder(), 'secret');
    writeFileSync(file, secret);
    const digest = createHash('sha256').update(key).digest('hex');
    const server = await start({ args: ['--jwt-secret-file', file, '--publisher-key', `app:${digest}:publish`] });
    const publish = (token) => call(server, 'POST', '/microflow', { text: '1' }, token && { Authorization: `Bearer ${token}` });
    assert.equal((await publish()).status, 401);
    assert.equal((await publish('c0ffee00c0ffee00c0ffee00c0ffee01')).status, 401);
    assert.equal((await publish(key)).status, 201);
    for (const algorithm of ['HS256', 'HS384']) {
      const token = makeToken(secret, { flowcast: { publish: { microflow: ['*'] } } }, { algorithm });
      assert.equal((await publish(token)).status, 201, algorithm);
      assert.equal((await publish(`${token.slice(0, -4)}AAAA`)).status, 401, algorithm);
    }
  });

  it('a public key is refused, with what to do', async () => {
    const file = join(folder(), 'key.pem');
    writeFileSync(file, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
    const server = run(['--listen', '127.0.0.1:0', '--jwt-public-key', file]);
    assert.equal((await server.exit()).code, 1);
    assert.match(server.output, /HS256, HS384 and HS512 alone: give the secret, or run the server on Linux/);
  });
});

describe('what this build has not', () => {
  const refusals = {
    'a store in a file': [['--store', 'sqlite:flowcast.sqlite'], /give --store memory/],
    'NATS': [['--store', 'nats:nats://127.0.0.1:4222'], /does not know NATS: give another --store/],
    'threads': [['--threads', '2'], /leave --threads out/],
    'TLS': [
      ['--listen', 'https://127.0.0.1:0', '--tls-certificate', 'a.pem', '--tls-key', 'a.key', '--store', 'memory'],
      /no TLS: listen on http:\/\//,
    ],
  };
  for (const [what, [args, says]] of Object.entries(refusals)) {
    it(`${what}: is refused in one line, with what to do`, async () => {
      const server = run(args.includes('--listen') ? args : ['--listen', '127.0.0.1:0', ...args]);
      assert.notEqual((await server.exit()).code, 0);
      assert.match(server.output, says);
      assert.equal(server.output.trim().split('\n').length, 1, server.output);
    });
  }

  it('a port that is taken: is refused', async () => {
    const { port } = await start();
    const second = run(['--listen', `127.0.0.1:${port}`]);
    assert.equal((await second.exit()).code, 1);
    assert.match(second.output, /choose another/);
  });
});

describe('Ctrl-C', () => {
  it('ends the server in order, and its clients are told', async () => {
    const server = await start();
    const socket = await connect(server, { transports: ['websocket'] });
    const poller = await connect(server, { transports: ['polling'] });
    const left = Promise.all([event(socket, 'disconnect'), event(poller, 'disconnect')]);
    server.signal('SIGINT');
    await left;
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    assert.match(server.output, /stopping[^]*stopped/);
  });

  it('given twice ends it at once', async () => {
    const server = await start({ args: ['--drain-time', '60000'] });
    await connect(server, { transports: ['websocket'] });
    await connect(server, { transports: ['websocket'] });
    server.signal('SIGINT');
    await until(() => /stopping/.test(server.output), 'drain');
    server.signal('SIGINT');
    assert.equal((await server.exit()).code, 0);
  });
});
