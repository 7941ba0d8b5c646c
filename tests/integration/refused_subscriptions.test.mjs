// A client that takes what it can have of its subscriptions, `"partial":true`, and one that does not say so.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeToken } from '../support/json_web_token.mjs';
import { connect as connectTo } from '../support/scene.mjs';
import { scratchFolder, startServer } from '../support/server_process.mjs';

const secret = 'a secret of at least sixty-four bytes, so that HS512 can have it too: that is long';
const may = (subscribe) => makeToken(secret, { sub: 'anna', flowcast: { subscribe, publish: true } });
const mine = () => may({ microflow: ['mine-*'], locks: true });

let scratch;
let server;
before(async () => {
  scratch = scratchFolder();
  const file = join(scratch.path, 'secret');
  writeFileSync(file, `${secret}\n`);
  server = await startServer({ args: ['--jwt-secret-file', file, '--service', 'microflow', '--service', 'orders', '--max-subscriptions', '4'] });
});
after(async () => {
  await server.stop();
  scratch.remove();
});

const publish = async (text, service = 'microflow') => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${may(true)}` };
  const answer = await fetch(`${server.url}/${service}`, { method: 'POST', headers, body: JSON.stringify({ text }) });
  assert.equal(answer.status, 201, await answer.text());
};
const connect = (auth, options) => connectTo(server.port, { token: mine(), ...auth }, options);
const reply = ({ reply }) => JSON.parse(reply.slice(2));
/** Asks, and gives the answer; what comes before it is an error. */
const ask = async (client, ...event) => {
  client.send(`421${JSON.stringify(event)}`);
  const packet = await client.next(`answer to ${event[0]}`);
  assert.match(packet, /^431/);
  return JSON.parse(packet.slice(3));
};
const keyOf = (packet) => JSON.parse(packet.slice(2))[1].text;
/** What the server says is refused, without the words. */
const refusedIn = ({ refused }) => refused.map(({ service, keys, error }) => [service, keys, error.code]);

for (const transport of ['websocket', 'polling']) {
  describe(`a client that takes a part, over ${transport}`, () => {
    it('is connected to what it can have, and told what it can not', async () => {
      const subscribe = { nosuch: ['1'], microflow: ['mine-1', 'yours-1', 'yours-2'], orders: null };
      const client = await connect({ partial: true, subscribe }, { transport });
      const answer = reply(client);
      assert.deepEqual(refusedIn(answer), [
        ['nosuch', undefined, 404],
        ['microflow', ['yours-1', 'yours-2'], 403],
        ['orders', undefined, 403],
      ]);
      assert.equal(answer.refused[0].error.message, "Service 'nosuch' not found");
      assert.equal(typeof answer.offset, 'string');
      await publish('yours-1');
      await publish('mine-1', 'orders');
      await publish('mine-1');
      assert.equal(keyOf(await client.next('event')), 'mine-1');
      assert.deepEqual(client.waiting, []);
    });

    it('recovers what it can have, and hears nothing of what was refused', async () => {
      const { offset } = reply(await connect({ subscribe: { microflow: ['mine-2'] } }));
      for (const text of ['yours-2', 'mine-2', 'mine-3']) await publish(text);
      await publish('mine-2', 'orders');
      const subscribe = { microflow: ['mine-2', 'yours-2'], orders: ['mine-2'] };
      const client = await connect({ partial: true, offset, subscribe }, { transport });
      assert.match(client.reply, /^42\["microflow created"/);
      assert.equal(keyOf(client.reply), 'mine-2');
      const answer = reply({ reply: await client.next('connect packet') });
      assert.equal(answer.recovered, true);
      assert.deepEqual(refusedIn(answer), [
        ['microflow', ['yours-2'], 403],
        ['orders', ['mine-2'], 403],
      ]);
    });

    it('hears nothing of a service of which all keys were refused, though it broadcasts others', async () => {
      const subscribe = { microflow: ['yours-3'], locks: ['a'] };
      const client = await connect({ partial: true, subscribe }, { transport });
      assert.deepEqual(refusedIn(reply(client)), [['microflow', ['yours-3'], 403]]);
      await publish('mine-4');
      assert.deepEqual(refusedIn((await ask(client, 'subscribe', 'microflow', ['yours-4']))[1]), [['microflow', ['yours-4'], 403]]);
      assert.deepEqual(client.waiting, []);
    });

    it('is told in the acknowledgement of a later subscription, which holds for the rest', async () => {
      const client = await connect({ partial: true, subscribe: { microflow: ['mine-5'] } }, { transport });
      assert.equal(reply(client).refused, undefined);
      const [error, part] = await ask(client, 'subscribe', 'microflow', ['mine-6', 'yours-6', '']);
      assert.equal(error, null);
      assert.equal(typeof part.offset, 'string');
      assert.deepEqual(refusedIn(part), [
        ['microflow', [''], 400],
        ['microflow', ['yours-6'], 403],
      ]);
      const [, none] = await ask(client, 'subscribe', 'nosuch', ['1']);
      assert.deepEqual(refusedIn(none), [['nosuch', undefined, 404]]);
      const [, tooMany] = await ask(client, 'subscribe', 'microflow', ['mine-7', 'mine-8', 'mine-9', 'mine-10']);
      assert.deepEqual(refusedIn(tooMany), [['microflow', ['mine-9', 'mine-10'], 400]]);
      assert.equal((await ask(client, 'unsubscribe', 'nosuch', ['1']))[0], null);
      for (const text of ['yours-6', 'mine-10', 'mine-6']) await publish(text);
      assert.equal(keyOf(await client.next('event')), 'mine-6');
    });

    it('is told what a token that allows less takes from it', async () => {
      const client = await connect({ partial: true, subscribe: { microflow: ['mine-11', 'mine-12'] } }, { transport });
      const [error, answer] = await ask(client, 'authenticate', { token: may({ microflow: ['mine-12'] }) });
      assert.equal(error, null);
      assert.equal(answer.authentication.payload.sub, 'anna');
      assert.deepEqual(refusedIn(answer), [['microflow', ['mine-11'], 403]]);
      for (const text of ['mine-11', 'mine-12']) await publish(text);
      assert.equal(keyOf(await client.next('event')), 'mine-12');
    });

    it('is turned away where it can have nothing of what it names', async () => {
      for (const [subscribe, code] of [[{ nosuch: ['1'] }, 404], [{ microflow: ['yours-1'], orders: ['1'] }, 403]]) {
        const client = await connect({ partial: true, subscribe }, { transport });
        assert.match(client.reply, /^44\{/);
        assert.equal(reply(client).data.code, code);
      }
      const waits = await connect({ partial: true, subscribe: { nosuch: ['1'], microflow: [] } }, { transport });
      assert.deepEqual(refusedIn(reply(waits)), [['nosuch', undefined, 404]]);
    });
  });
}

describe('a client that does not take a part', () => {
  it('is turned away for one service, and for one key, as ever', async () => {
    for (const [subscribe, code] of [[{ nosuch: ['1'], microflow: ['mine-1'] }, 404], [{ microflow: ['mine-1', 'yours-1'] }, 403]]) {
      const client = await connect({ subscribe });
      assert.match(client.reply, /^44\{/);
      assert.equal(reply(client).data.code, code);
    }
  });

  it('is subscribed to all keys or none, as ever', async () => {
    const client = await connect({ subscribe: { microflow: ['mine-1'] } });
    assert.equal((await ask(client, 'subscribe', 'microflow', ['mine-20', 'yours-20']))[0].code, 403);
    await publish('mine-20');
    await publish('mine-1');
    assert.equal(keyOf(await client.next('event')), 'mine-1');
  });
});
