// HTTP at its edges: connections that are kept, requests in a row, slow senders, sizes at and above each limit.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { within } from '../support/deadline.mjs';
import { RawConnection, exchange, fetchRaw, request } from '../support/raw_http.mjs';
import { startServer } from '../support/server_process.mjs';

const json = { 'Content-Type': 'application/json' };
let server;
before(async () => {
  server = await startServer({ args: ['--header-timeout', '400', '--body-timeout', '400', '--idle-timeout', '400'] });
});
after(() => server.stop());

const connect = () => new RawConnection(server.port);
const closes = (connection) => within(connection.closed, 'end of the connection');

describe('a connection', () => {
  it('is kept for many requests', async () => {
    const connection = connect();
    for (let count = 0; count < 20; count += 1) {
      connection.send(request('POST', '/microflow', json, `{"text":"t${count}"}`));
      const answer = await connection.answer();
      assert.equal(answer.status, 201);
      assert.equal(JSON.parse(answer.text).text, `t${count}`);
    }
    connection.abort();
  });

  it('answers requests that came together, in their order', async () => {
    const connection = connect();
    const together = [...Array(10).keys()].map((number) => request('GET', `/microflow/${1000 + number}`));
    connection.send(Buffer.concat(together));
    for (let number = 0; number < 10; number += 1) {
      const answer = await connection.answer();
      assert.match(answer.text, new RegExp(`id '${1000 + number}'`));
    }
    connection.abort();
  });

  it('reads requests that come byte by byte', async () => {
    const connection = connect();
    for (const byte of request('POST', '/microflow', json, '{"text":"slow but sure"}')) {
      connection.socket.write(Buffer.from([byte]));
      await new Promise((sent) => setImmediate(sent));
    }
    assert.equal(JSON.parse((await connection.answer()).text).text, 'slow but sure');
    connection.abort();
  });

  it('ends where the client asks', async () => {
    const connection = connect().send(request('GET', '/microflow', { Connection: 'close' }));
    assert.equal((await connection.answer()).header('connection'), 'close');
    await closes(connection);
  });

  it('ends after HTTP/1.0', async () => {
    const connection = connect().send('GET /microflow HTTP/1.0\r\n\r\n');
    assert.equal((await connection.answer()).status, 200);
    await closes(connection);
  });

  it('answers a client that has closed its own side', async () => {
    const connection = connect().send(request('GET', '/microflow'));
    connection.socket.end();
    assert.equal((await connection.answer()).status, 200);
    await closes(connection);
  });

  it('ends where nothing comes', async () => {
    await closes(connect());
  });

  it('ends between requests where nothing more comes', async () => {
    const connection = connect().send(request('GET', '/microflow'));
    assert.equal((await connection.answer()).status, 200);
    await closes(connection);
  });

  it('ends where the head never does', async () => {
    const connection = connect().send('GET /microflow HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const trickle = setInterval(() => connection.socket.write('a'), 50);
    try {
      const answer = await connection.answer();
      assert.ok(answer === undefined || answer.status === 408);
      await closes(connection);
    } finally {
      clearInterval(trickle);
    }
  });

  it('ends where the body never does', async () => {
    const connection = connect().send('POST /microflow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"text":"');
    const trickle = setInterval(() => connection.socket.write('a'), 50);
    try {
      const answer = await connection.answer();
      assert.ok(answer === undefined || answer.status === 408);
      await closes(connection);
    } finally {
      clearInterval(trickle);
    }
  });

  it('that breaks off within a body publishes nothing', async () => {
    const total = async () => JSON.parse((await fetchRaw(server.port, 'GET', '/microflow?$limit=0')).text).total;
    const had = await total();
    const connection = connect().send('POST /microflow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"text":"a"}');
    connection.socket.end();
    await closes(connection);
    assert.equal(await total(), had);
  });
});

describe('a body', () => {
  const body = (length) => `{"text":"${'x'.repeat(length - 11)}"}`;
  const limit = 100 * 1024;

  it('may be as long as the limit', async () => {
    assert.equal((await fetchRaw(server.port, 'POST', '/microflow', { headers: json, body: body(limit) })).status, 201);
  });

  it('may not be longer, and that is said before it is sent', async () => {
    const connection = connect().send(`POST /microflow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${limit + 1}\r\n\r\n`);
    const answer = await connection.answer();
    assert.equal(answer.status, 413);
    assert.equal(JSON.parse(answer.text).name, 'PayloadTooLarge');
    await closes(connection);
  });

  it('may not be longer, and who sends it all the same still gets the answer', async () => {
    const connection = connect().send(request('POST', '/microflow', json, body(5_000_000)));
    assert.equal((await connection.answer()).status, 413);
    await closes(connection);
  });

  it('may not be longer in chunks either', async () => {
    const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`;
    const connection = connect().send(`POST /microflow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(13)}`);
    assert.equal((await connection.answer()).status, 413);
    connection.abort();
  });

  it('is asked for where the client waits to be', async () => {
    const connection = connect().send('POST /microflow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n');
    assert.match((await connection.take(25)).toString(), /^HTTP\/1\.1 100 Continue\r\n/);
    connection.socket.write('{"text":"a"}');
    assert.equal((await connection.answer()).status, 201);
    connection.abort();
  });
});

describe('an answer', () => {
  it('has the head of GET to HEAD', async () => {
    const get = await fetchRaw(server.port, 'GET', '/microflow?$limit=1');
    const head = await fetchRaw(server.port, 'HEAD', '/microflow?$limit=1');
    const plain = ({ headers }) => headers.filter(([name]) => name.toLowerCase() !== 'date');
    assert.deepEqual(plain(head), plain(get));
    assert.equal(head.text, '');
  });

  it('is not sent again where the client has it', async () => {
    const first = await fetchRaw(server.port, 'GET', '/microflow?$limit=1');
    const tag = first.header('etag');
    for (const known of [tag, tag.replace(/^W\//, ''), `"other", ${tag}`, '*']) {
      const again = await fetchRaw(server.port, 'GET', '/microflow?$limit=1', { headers: { 'If-None-Match': known } });
      assert.deepEqual([again.status, again.text], [304, ''], known);
    }
    assert.equal((await fetchRaw(server.port, 'GET', '/microflow?$limit=1', { headers: { 'If-None-Match': '"other"' } })).status, 200);
  });

  it('reads well in a browser', async () => {
    const page = await exchange(server.port, request('GET', '/microflow?text=t0', { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', Connection: 'close' }));
    assert.equal(page.status, 200);
    assert.equal(page.text, '{\n  "total": 1,\n  "limit": 10,\n  "skip": 0,\n  "data": [\n    {\n      "text": "t0",\n      "id": 0\n    }\n  ]\n}\n');
  });

  it('is a page about the server at /', async () => {
    const page = await exchange(server.port, request('GET', '/', { Accept: 'text/html', Connection: 'close' }));
    assert.equal(page.status, 200);
    assert.match(page.header('content-type'), /^text\/html/);
    assert.match(page.text, /microflow/);
  });
});
