// The Mendix module's Java actions, compiled against small stand-ins for Mendix's interfaces, with the real server.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/deadline.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { cleanup } from '../support/scene.mjs';
import { repository, scratchFolder, startServer } from '../support/server_process.mjs';

const key = 'the key of the publisher that is long and random';
const digest = createHash('sha256').update(key).digest('hex');
const sources = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.java')).map((name) => join(folder, name));
const module = join(repository, 'packaging/java/javasource');

let classes;
before(() => {
  classes = scratchFolder();
  const files = [...sources(module), ...sources(join(repository, 'tests/integration/java'))];
  const made = spawnSync('javac', ['--release', '11', '-encoding', 'UTF-8', '-Xlint:all,-options,-serial', '-Werror', '-d', classes.path, ...files], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
});
after(() => classes.remove());

async function start(...args) {
  const server = await startServer({ args: ['--publisher-key', `mendix:${digest}`, '--paginate-max', '5000', ...args] });
  cleanup.push(() => server.stop());
  return server;
}

function run(trial, { url, publisherKey = key }) {
  const child = spawn('java', ['-cp', classes.path, 'PublishTrial', url, publisherKey, trial]);
  cleanup.push(() => child.kill('SIGKILL'));
  const running = { said: '', goOn: () => child.stdin.end('\n') };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (running.said += text));
  running.done = once(child, 'close').then(([code]) => {
    assert.equal(code, 0, running.said);
    return running.said;
  });
  return running;
}

async function published(server) {
  const answer = await fetchRaw(server.port, 'GET', '/microflow?$limit=5000', { headers: { Authorization: `Bearer ${key}` } });
  return JSON.parse(answer.text).data;
}

/** What stands between an app and the server, and fails as `answer` says: called with the number of the attempt, the answer and a function that passes the request on. */
async function between(server, answer) {
  let attempts = 0;
  const proxy = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray());
    const passOn = async () => {
      const sent = request({ port: server.port, method: incoming.method, path: incoming.url, headers: incoming.headers });
      sent.end(body);
      const [response] = await once(sent, 'response');
      return { status: response.statusCode, headers: response.headers, body: Buffer.concat(await response.toArray()) };
    };
    await answer(++attempts, outgoing, passOn);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanup.push(() => (proxy.closeAllConnections(), proxy.close()));
  return { url: `http://127.0.0.1:${proxy.address().port}`, attempts: () => attempts };
}

describe('Publish', () => {
  it('sends the GUID, exactly, and only once the transaction has been committed', async () => {
    const server = await start();
    const trial = run('one', server);
    await until(() => /1 queued/.test(trial.said), 'task on the queue');
    assert.deepEqual(await published(server), []);
    trial.goOn();
    assert.match(await trial.done, /task true/);
    assert.deepEqual(await published(server), [{ text: '9007199254740993', entity: 'Sales.Order', id: 0 }]);
  });

  it('sends nothing of a transaction that is rolled back', async () => {
    const server = await start();
    await run('rolled back', server).done;
    assert.deepEqual(await published(server), []);
  });

  it('sends a business key, and the attributes and associations that are asked for', async () => {
    const server = await start();
    await run('fields', server).done;
    assert.deepEqual(await published(server), [
      {
        text: 'A-7',
        entity: 'Sales.Order',
        Number: 'A-7',
        Total: 12.5,
        Paid: true,
        Placed: '1970-01-01T00:00:00Z',
        Big: '9007199254740993',
        'Sales.Order_Customer': '281474976710657001',
        'Sales.Order_Lines': ['1', '2'],
        Note: '"é\n😀"\ufffd\\',
        Empty: null,
        id: 0,
      },
    ]);
  });

  it('publishes once what is published twice with one key', async () => {
    const server = await start();
    await run('twice', server).done;
    assert.equal((await published(server)).length, 1);
  });

  it('says which attribute there is not', async () => {
    assert.match(await run('unknown attribute', { url: 'http://127.0.0.1:1' }).done, /Sales\.Order has no attribute or association 'Nuber'/);
  });
});

describe('PublishList', () => {
  it('sends thousands of objects, in parts that the server takes', async () => {
    const server = await start();
    const said = await run('list', server).done;
    const texts = (await published(server)).map(({ text }) => text);
    assert.deepEqual(texts, [...Array(2500).keys()].filter((i) => i % 100 !== 0).map(String));
    assert.match(said, /3 queued/);
  });

  it('sends nothing for nothing', async () => {
    assert.equal(await run('nothing', { url: 'http://127.0.0.1:1' }).done, 'false\nfalse\n');
  });
});

describe('a publish that fails', () => {
  it('is tried again when the answer was lost, and published once', async () => {
    const server = await start();
    const proxy = await between(server, async (attempt, outgoing, passOn) => {
      const { status, headers, body } = await passOn();
      if (attempt <= 2) outgoing.destroy();
      else outgoing.writeHead(status, headers).end(body);
    });
    assert.match(await run('twice', proxy).done, /published to microflow, by an earlier attempt/);
    assert.equal((await published(server)).length, 1);
  });

  it('waits for as long as the server says, in seconds or until a date', async () => {
    const server = await start();
    let notBefore = 0;
    let early = 0;
    const proxy = await between(server, async (attempt, outgoing, passOn) => {
      if (Date.now() < notBefore) early += 1;
      if (attempt === 1) {
        notBefore = Date.now() + 2000;
        outgoing.writeHead(429, { 'Retry-After': '2' }).end();
      } else if (attempt === 2) {
        const date = new Date(Date.now() + 3000).toUTCString();
        notBefore = Date.parse(date);
        outgoing.writeHead(503, { 'Retry-After': date }).end();
      } else {
        outgoing.writeHead((await passOn()).status).end('{}');
      }
    });
    await run('fields', proxy).done;
    assert.equal((await published(server)).length, 1);
    assert.equal(early, 0);
  });

  it('goes back to the task queue when the server is away for longer, and says so in the log', async () => {
    const server = await start();
    const proxy = await between(server, async (attempt, outgoing, passOn) => {
      if (attempt <= 2) outgoing.writeHead(503, { 'Retry-After': '60' }).end('{"message":"starting"}');
      else outgoing.writeHead((await passOn()).status).end('{}');
    });
    const said = await run('fields', proxy).done;
    assert.match(said, /WARNING Flowcast: Cannot publish to 'microflow' at .* now: it answered 503: \{"message":"starting"\}\. The task queue will try again\.\ntask failed/);
    assert.match(said, /task true/);
    assert.equal((await published(server)).length, 1);
  });

  it('is not repeated where the server refuses it, and the log says what to look at', async () => {
    const server = await start();
    const said = await run('fields', { url: server.url, publisherKey: 'a wrong key' }).done;
    assert.match(said, /ERROR Flowcast: .* refuses to publish to 'microflow': it answered 401.*Flowcast\.PublisherKey/);
    assert.match(said, /task false/);
    assert.ok(!said.includes('a wrong key'));
  });
});

describe('the sources', () => {
  it('are as Studio Pro generates them, so that it keeps our code when it does so anew', () => {
    for (const path of sources(join(module, 'flowcast/actions'))) {
      const text = readFileSync(path, 'utf8');
      assert.match(text, /^\/\/ This file was generated by Mendix Studio Pro\.\n/);
      for (const mark of ['BEGIN USER CODE', 'END USER CODE', 'BEGIN EXTRA CODE', 'END EXTRA CODE']) {
        assert.equal(text.split(`\t// ${mark}\n`).length, 2, `${path}: ${mark}`);
      }
    }
  });
});
