// Holders race for locks by REST, on every store: never do two hold one key at a time.
//
// FLOWCAST_LOCK_RACES says how many acquisitions are tried on each store (default: 10000).
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NatsCluster } from '../faults/nats_cluster.mjs';
import { cleanup, scratch, start } from '../support/scene.mjs';
import { notOnWindows, shards } from '../support/server_process.mjs';

const races = Number(process.env.FLOWCAST_LOCK_RACES ?? 10_000);
const holders = 8;
const ttl = 100;

const agent = new Agent({ keepAlive: true });
const call = (port, method, path, body) =>
  new Promise((done, failed) => {
    const text = body && JSON.stringify(body);
    const sent = request({ agent, port, method, path, host: '127.0.0.1', headers: text ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) } : {} }, (answer) => {
      let got = '';
      answer.on('data', (bytes) => (got += bytes));
      answer.on('end', () => done({ status: answer.statusCode, body: JSON.parse(got) }));
    });
    sent.on('error', failed);
    sent.end(text);
  });

/** Each holder tries; who gets the lock works under it, and leaves it, or lets it run out. Gives what each has surely held. */
async function race(ports) {
  let left = races;
  const grants = [];
  let refused = 0;
  const hold = async (number) => {
    const port = ports[number % ports.length];
    const holder = `h${number}`;
    while (left > 0) {
      left -= 1;
      const key = `k${left % 2}`;
      const { status, body } = await call(port, 'POST', '/locks', { key, holder, ttl });
      if (status === 409) {
        refused += 1;
        continue;
      }
      assert.equal(status, 201, JSON.stringify(body));
      // Surely held from the answer on, until the release is asked for or the lease is over.
      const grant = { key, holder, fence: body.fence, from: Date.now(), to: body.expires };
      if (left % 50 !== 0) {
        grant.to = Math.min(Date.now(), body.expires);
        const released = await call(port, 'DELETE', `/locks/${key}?holder=${holder}&fence=${body.fence}`);
        assert.ok([200, 404, 409].includes(released.status), JSON.stringify(released.body));
      } else {
        // Nobody gets a lease that its holder was told lasts longer.
        grant.to = body.expires - 1;
      }
      if (grant.from <= grant.to) grants.push(grant);
    }
  };
  await Promise.all(Array.from({ length: holders }, (_, number) => hold(number)));
  return { grants, refused };
}

function check({ grants, refused }) {
  assert.ok(grants.length > 0 && refused > 0, `${grants.length} grants, ${refused} refusals`);
  for (const key of new Set(grants.map((each) => each.key))) {
    const mine = grants.filter((each) => each.key === key).sort((a, b) => a.fence - b.fence);
    for (let i = 1; i < mine.length; i += 1) {
      const [before, after] = [mine[i - 1], mine[i]];
      if (before.fence === after.fence) assert.equal(before.holder, after.holder, `two holders of fence ${after.fence}`);
      else if (before.holder !== after.holder) assert.ok(before.to <= after.from, `two at a time: ${JSON.stringify([before, after])}`);
    }
  }
}

describe(`${races} races for a lock`, () => {
  const stores = { memory: () => 'memory', SQLite: (path) => `sqlite:${join(path, 'flowcast.sqlite')}` };
  for (const [name, store] of Object.entries(stores)) {
    it(`have one winner at a time with ${name}`, { skip: name !== 'memory' && notOnWindows(`it has no ${name}`) }, async () => {
      const server = await start({ store: store(scratch()), args: [...shards(2), '--log-level', 'warning'] });
      check(await race([server.port]));
    });
  }

  it('have one winner at a time on two nodes with NATS', { skip: notOnWindows('it has no NATS') }, async () => {
    const path = scratch();
    const cluster = await NatsCluster.start(path, 1);
    cleanup.push(() => cluster.stop());
    const ports = [];
    for (const name of ['a', 'b']) {
      const node = await start({ store: `nats:${cluster.urls}?view=${join(path, `${name}.db`)}`, args: ['--log-level', 'warning'] });
      ports.push(node.port);
    }
    check(await race(ports));
  });
});
