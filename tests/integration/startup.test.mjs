// The real binary as an operator meets it: its flags, its first line, its exit codes, and what survives a restart.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { event, until } from '../support/deadline.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { cleanup } from '../support/scene.mjs';
import { launch, scratchFolder, startServer } from '../support/server_process.mjs';

const folder = () => {
  const scratch = scratchFolder();
  cleanup.push(scratch.remove);
  return scratch.path;
};
const start = async (options) => {
  const server = await startServer(options);
  cleanup.push(() => server.stop());
  return server;
};
const run = (args, options) => {
  const server = launch(args, { cwd: folder(), ...options });
  cleanup.push(() => server.stop());
  return server;
};
const json = { 'Content-Type': 'application/json' };
const publish = async ({ port }, record) => {
  const answer = await fetchRaw(port, 'POST', '/microflow', { headers: json, body: JSON.stringify(record) });
  assert.equal(answer.status, 201, answer.text);
  return JSON.parse(answer.text);
};
const find = async ({ port }, query = '') => JSON.parse((await fetchRaw(port, 'GET', `/microflow${query}`)).text);

describe('first line', () => {
  it('says where the server listens', async () => {
    const server = await start();
    assert.ok(server.port > 0);
    assert.equal((await find(server)).total, 0);
  });

  it('names each address', async () => {
    const server = run(['--store', 'memory', '--listen', '127.0.0.1:0', '--listen', '127.0.0.1:0']);
    const ports = await until(() => {
      const found = [...server.output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
      return new Set(found).size === 2 && [...new Set(found)];
    }, 'two addresses');
    for (const port of ports) assert.equal((await find({ port })).total, 0);
  });

  it('says that everyone may publish', async () => {
    const server = await start();
    assert.match(server.output, /anonymous|open|without authentication/i);
  });
});

describe('a refusal to start', () => {
  const refusals = {
    'an unknown flag': { args: ['--lisen', '127.0.0.1:0'], says: /lisen/ },
    'a value that is missing': { args: ['--listen'], says: /listen/ },
    'an address without a port': { args: ['--listen', '127.0.0.1'], says: /listen/ },
    'a port above all': { args: ['--listen', '127.0.0.1:65536'], says: /listen/ },
    'a store that is unknown': { args: ['--store', 'redis:localhost'], says: /memory, sqlite:PATH.* or nats:URL/ },
    'a number that is none': { args: ['--ping-interval', 'often'], says: /ping-interval/ },
    'a number out of range': { args: ['--ping-interval', '-1'], says: /ping-interval/ },
    'a service name that is no path': { args: ['--service', 'a/b?c'], says: /service/ },
    'a service twice': { args: ['--service', 'a', '--service', 'a'], says: /'?a'?/ },
    'a file that is not there': { args: ['--config', '/no/such/file.toml'], says: /no\/such\/file\.toml/ },
    'words that are no flag': { args: ['start'], says: /start/ },
  };
  for (const [what, { args, says }] of Object.entries(refusals)) {
    it(`names ${what}`, async () => {
      const server = run(args);
      assert.deepEqual(await server.exit(), { code: 2, signal: null });
      assert.match(server.output, says);
      assert.ok(server.output.trim().split('\n').length <= 5, `a few lines:\n${server.output}`);
    });
  }

  it('names what is wrong in the file', async () => {
    const path = join(folder(), 'flowcast.toml');
    writeFileSync(path, 'listen = "127.0.0.1:0"\nping-intervall = 5\n');
    const server = run(['--config', path]);
    assert.deepEqual(await server.exit(), { code: 2, signal: null });
    assert.match(server.output, /ping-intervall/);
  });

  it('says what to do where the address is open to others', async () => {
    const server = run(['--listen', '0.0.0.0:0', '--store', 'memory']);
    const { code } = await server.exit();
    assert.notEqual(code, 0);
    assert.match(server.output, /--allow-anonymous/);
  });

  it('names the port that is taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await event(other, 'listening');
    cleanup.push(() => other.close());
    const { port } = other.address();
    const server = run(['--listen', `127.0.0.1:${port}`, '--store', 'memory']);
    const { code } = await server.exit();
    assert.ok(code > 0);
    assert.match(server.output, new RegExp(`${port}`));
    assert.match(server.output, /another process/);
  });

  it('names a store file that is none', async () => {
    const path = join(folder(), 'records.sqlite');
    writeFileSync(path, 'this is no database, but a text that somebody put here '.repeat(100));
    const server = run(['--listen', '127.0.0.1:0', '--store', `sqlite:${path}`]);
    const { code } = await server.exit();
    assert.ok(code > 0);
    assert.match(server.output, /records\.sqlite/);
  });

  it('names a store file that another server holds', async () => {
    const path = join(folder(), 'records.sqlite');
    await start({ store: `sqlite:${path}` });
    const second = run(['--listen', '127.0.0.1:0', '--store', `sqlite:${path}`]);
    const { code } = await second.exit();
    assert.ok(code > 0);
    assert.match(second.output, /records\.sqlite/);
  });

  it('names a folder that is not there', async () => {
    const server = run(['--listen', '127.0.0.1:0', '--store', 'sqlite:/no/such/folder/a.sqlite']);
    const { code } = await server.exit();
    assert.ok(code > 0);
    assert.match(server.output, /no\/such\/folder/);
  });
});

describe('settings', () => {
  it('come from flags before the environment, and from there before the file', async () => {
    const path = join(folder(), 'flowcast.toml');
    writeFileSync(path, 'service = ["from-file"]\nstore = "memory"\nping-interval = 1111\nping-timeout = 1112\nmax-payload = 11113\n');
    const server = run(['--config', path, '--listen', '127.0.0.1:0', '--ping-interval', '3333'], { env: { FLOWCAST_PING_INTERVAL: '2222', FLOWCAST_PING_TIMEOUT: '2223' } });
    await server.listening();
    assert.equal((await fetchRaw(server.port, 'GET', '/from-file')).status, 200);
    const client = await PacketClient.connect(server.port);
    const { sid, ...open } = JSON.parse((await client.next()).slice(1));
    assert.deepEqual(open, { upgrades: [], pingInterval: 3333, pingTimeout: 2223, maxPayload: 11_113 });
    client.socket.abort();
  });

  it('are explained by --help', async () => {
    const server = run(['--help']);
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    for (const flag of ['--listen', '--service', '--store', '--threads', '--allow-anonymous', '--ping-interval', '--ping-timeout', '--connect-timeout', '--max-payload', '--start-id']) {
      assert.ok(server.output.includes(flag), flag);
    }
  });

  it('give the version', async () => {
    const server = run(['--version']);
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    assert.match(server.output, /flowcast-server \d+\.\d+\.\d+/);
  });

  it('choose the first id', async () => {
    assert.equal((await publish(await start({ startId: 1 }), { text: 'a' })).id, 1);
    assert.equal((await publish(await start({ startId: 41 }), { text: 'a' })).id, 41);
  });
});

describe('the end', () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    it(`is 0 at ${signal}`, async () => {
      const server = await start();
      server.signal(signal);
      assert.deepEqual(await server.exit(), { code: 0, signal: null });
    });
  }

  it('is 0 with clients of all kinds connected, who are told', async () => {
    const server = await start();
    const websocket = await PacketClient.connect(server.port);
    const polling = await PacketClient.connect(server.port, { transport: 'polling' });
    for (const client of [websocket, polling]) {
      await client.next();
      await client.send('40');
      await client.next();
    }
    server.signal('SIGTERM');
    assert.deepEqual(await server.exit(), { code: 0, signal: null });
    assert.ok((await websocket.socket.closed()) !== 1006, 'a close frame came');
  });

  it('takes no new clients meanwhile', async () => {
    const server = await start();
    server.signal('SIGTERM');
    await server.exit();
    const { code } = await event(net.connect(server.port, '127.0.0.1'), 'error');
    assert.equal(code, 'ECONNREFUSED');
  });
});

describe('a restart', () => {
  it('keeps what was acknowledged, and goes on counting', async () => {
    const store = `sqlite:${join(folder(), 'records.sqlite')}`;
    const first = await start({ store });
    const records = [];
    for (const text of ['a', 'b', 'c']) records.push(await publish(first, { text }));
    await fetchRaw(first.port, 'DELETE', '/microflow/2');
    await first.stop();
    const second = await start({ store });
    assert.deepEqual((await find(second)).data, records.slice(0, 2));
    assert.equal((await publish(second, { text: 'd' })).id, 3);
  });

  it('keeps it also when the server was killed', async () => {
    const store = `sqlite:${join(folder(), 'records.sqlite')}`;
    const first = await start({ store });
    const records = await Promise.all([...Array(40).keys()].map((number) => publish(first, { text: `t${number}` })));
    first.signal('SIGKILL');
    await first.exit();
    const second = await start({ store });
    const kept = (await find(second, '?$limit=50')).data;
    assert.deepEqual(kept, records.sort((a, b) => a.id - b.id));
  });

  it('forgets all in memory', async () => {
    const first = await start();
    await publish(first, { text: 'a' });
    await first.stop();
    assert.equal((await find(await start())).total, 0);
  });
});

describe('the process', () => {
  it('leaves nothing behind but its store and the lock of that', async () => {
    const path = folder();
    const server = launch(['--listen', '127.0.0.1:0'], { cwd: path });
    cleanup.push(() => server.stop());
    await server.listening();
    await publish(server, { text: 'a' });
    await server.stop();
    assert.deepEqual(execFileSync('ls', [path], { encoding: 'utf8' }).trim().split('\n'), ['flowcast.sqlite', 'flowcast.sqlite.lock']);
  });
});
