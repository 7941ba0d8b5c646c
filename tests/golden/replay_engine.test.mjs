// Replays the recorded edge cases of the Engine.IO layer over raw HTTP: refusals, CORS, limits, doubled polls.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RawConnection, fetchRaw } from '../support/raw_http.mjs';
import { isReference, startServer } from '../support/server_process.mjs';
import { engineExchanges } from './captures.mjs';
import { differenceOf, sameEngineHeaders, withoutRecovery } from './differences.mjs';

const captures = { 'engine-f5-eio4.txt': 4, 'engine-f3-eio3.txt': 3 };

const HEAD_END = '\r\n\r\n';

/** Session ids are ours to choose, and so is the address. */
const steady = (text) => text.replace(/sid\\?":\\?"[^"\\]+/g, 'sid":"*').replace(/io=[\w-]{20}/, 'io=*');

/** What a poll found, without what recovery adds for clients of revision 4. */
const plain = (text, eio) => steady(eio === 3 || isReference ? text : text.split('\x1e').map(withoutRecovery).join('\x1e'));

/** A recorded answer: status, headers, body without chunk frames (there is one chunk at most that matters). */
function recorded(bytes) {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [first, ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2));
  let body = bytes.subarray(end + HEAD_END.length).toString('latin1');
  const isChunked = headers.some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && value === 'chunked');
  if (isChunked) body = body.replace(/^0\r[^]*$|\r\n0\r[^]*$/, '').replace(/^[0-9a-f]+\r\n/, '');
  return { status: Number(first.split(' ')[1]), headers, body };
}

for (const [capture, eio] of Object.entries(captures)) {
  describe(capture, { skip: isReference && eio === 3 }, () => {
    const sessions = new Map();
    let server;
    before(async () => {
      server = await startServer({ args: eio === 3 ? ['--ping-timeout', '5000'] : [] });
    });
    after(() => server.stop());

    /** Recorded sessions were opened out of sight of the capture: open one of our own for each. */
    const withOurSession = async (text) => {
      const [, theirs] = /[?&]sid=([\w-]{20}) HTTP/.exec(text) ?? [];
      if (!theirs) return text;
      if (!sessions.has(theirs)) {
        const opened = await fetchRaw(server.port, 'GET', `/socket.io/?EIO=${eio}&transport=polling`);
        sessions.set(theirs, /"sid":"([^"]+)"/.exec(opened.text)[1]);
      }
      return text.replace(theirs, sessions.get(theirs));
    };

    const replay = async (request) => {
      const end = request.indexOf(HEAD_END) + HEAD_END.length;
      const connection = new RawConnection(server.port);
      connection.send(Buffer.concat([Buffer.from(await withOurSession(request.toString('latin1', 0, end)), 'latin1'), request.subarray(end)]));
      return connection;
    };

    for (const { name, request, response } of engineExchanges(capture)) {
      if (name === 'first-poll-of-two' || name === 'second-poll-in-parallel') continue; // below, as they belong together
      it(name, async () => {
        const nodes = recorded(response);
        const difference = isReference ? undefined : differenceOf(capture, name);
        const connection = await replay(request);
        try {
          // Where Node said nothing it kept a client waiting; see the table for what we say.
          if (!nodes && !difference) return;
          const ours = await connection.answer();
          if (difference?.check) return difference.check(ours);
          assert.equal(ours.status, difference?.status ?? nodes.status, ours.text);
          if (ours.status !== 101 && !nodes.body.startsWith('/*!')) {
            const expected = difference?.body ?? steady(nodes.body);
            let heard = plain(ours.body.toString('latin1'), eio);
            // What came with one poll at Node's may come with two.
            while (heard !== expected && name.startsWith('poll-') && heard.length < expected.length) {
              const more = await (await replay(request)).answer();
              heard += (eio === 4 ? '\x1e' : '') + plain(more.body.toString('latin1'), eio);
            }
            assert.equal(heard, expected);
          }
          if (!difference) sameEngineHeaders(ours.headers, nodes.headers);
        } finally {
          connection.abort();
        }
      });
    }

    it('a second poll beside a pending one ends the session', { skip: isReference }, async () => {
      const opened = await fetchRaw(server.port, 'GET', `/socket.io/?EIO=${eio}&transport=polling`);
      const [, sid] = /"sid":"([^"]+)"/.exec(opened.text);
      const path = `/socket.io/?EIO=${eio}&transport=polling&sid=${sid}`;
      if (eio === 3) await fetchRaw(server.port, 'GET', path); // takes the unprompted connect packet
      const polls = [1, 2].map(() => new RawConnection(server.port).send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`));
      const answers = await Promise.all(polls.map((connection) => connection.answer()));
      assert.deepEqual(answers.map(({ status, text }) => [status, text]).sort(), [
        [200, eio === 3 ? '1:1' : '1'],
        [400, '{"code":3,"message":"Bad request"}'],
      ]);
      const third = await fetchRaw(server.port, 'GET', path);
      assert.deepEqual([third.status, third.text], [400, '{"code":1,"message":"Session ID unknown"}']);
    });
  });
}
