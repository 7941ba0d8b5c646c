// Replays the recorded conversations of two Feathers clients, packet by packet, over each transport.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { isReference, startServer } from '../support/server_process.mjs';
import { wireSteps } from './captures.mjs';
import { differenceOf, heardWithFeathers5, sameHeaders, withoutRecovery } from './differences.mjs';

const captures = [
  'wire-f5-eio4-websocket.txt',
  'wire-f5-eio4-polling.txt',
  'wire-f5-eio4-upgrade.txt',
  'wire-f3-eio3-websocket.txt',
  'wire-f3-eio3-polling.txt',
];

const steady = (packet) => String(packet).replace(/"(sid|pid|stack)":"(?:[^"\\]|\\.)*"/g, '"$1":"*"');

/** What each client has to hear between one action and the next. */
function turns(steps) {
  const all = [];
  for (const step of steps) {
    if (step.does === 'expect') (all.at(-1).hears[step.who] ??= []).push(step.packet);
    else all.push({ step, hears: {} });
  }
  return all;
}

const title = ({ who, does, packet, method, path, transport }) =>
  does === 'request' ? `${method} ${path}` : `${who} ${does} ${packet ?? transport ?? ''}`.slice(0, 120);

const feathers5 = heardWithFeathers5(turns(wireSteps('wire-f5-eio4-websocket.txt')));

for (const capture of captures) {
  // A Feathers 3 server has other rules than 5; only Flowcast is asked to please both.
  describe(capture, { skip: isReference && capture.includes('f3') }, () => {
    const clients = {};
    let server;
    before(async () => {
      // The heartbeat that socket.io 2 had by default.
      server = await startServer({ args: capture.includes('f3') ? ['--ping-timeout', '5000'] : [] });
    });
    after(() => server.stop());

    const act = async (step, difference) => {
      if (step.does === 'connect') clients[step.who] = await PacketClient.connect(server.port, step);
      else if (step.does === 'send') await clients[step.who].send(step.packet);
      else if (step.does === 'upgrade') await clients[step.who].upgrade();
      else if (step.does === 'close') await clients[step.who].close();
      else {
        const answer = await fetchRaw(server.port, step.method, step.path, step);
        assert.equal(answer.status, step.status);
        assert.equal(answer.text, difference?.body ?? step.respBody);
        if (!difference) sameHeaders(answer.headers, step.respHeaders);
      }
    };

    for (const [at, { step, hears }] of turns(wireSteps(capture)).entries()) {
      it(`${at} ${title(step)}`, async () => {
        const difference = isReference ? undefined : differenceOf(capture, step.packet ?? title(step));
        if (difference?.skip) return;
        await act(step, difference);
        const ack = step.packet?.replace(/^42(\d+).*$/s, '43$1');
        const expected = difference?.hears?.([ack]) ?? (capture.includes('f3') ? feathers5(step, hears) : hears);
        for (const [who, packets] of Object.entries(expected)) {
          for (const packet of packets) {
            const heard = String(await clients[who].next(`${packet} at ${who}`));
            assert.equal(steady(isReference || clients[who].eio === 3 ? heard : withoutRecovery(heard)), steady(packet));
          }
        }
        for (const packet of difference?.then ?? []) {
          await clients.A.send(packet);
          // Both hear the event; A hears the answer too.
          await clients.A.next('event');
          await clients.A.next('answer');
          await clients.B.next('event');
        }
        for (const who of Object.keys(clients)) assert.deepEqual(clients[who].waiting.map(String), [], `${who} hears no more`);
      });
    }
  });
}
