// The catalogue of hostile exchanges: each gets exactly its answer, none changes anything, and all of them together leave the
// server as small as it was.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fetchRaw } from '../support/raw_http.mjs';
import { startServer } from '../support/server_process.mjs';
import { carryOut } from './hostile_exchange.mjs';

const catalogue = readFileSync(new URL('hostile_exchanges.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const wanted = Number(process.env.FLOWCAST_HOSTILE_EXCHANGES ?? 4000);

let server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

const kilobytes = (what) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
// A sanitizer's shadow memory takes terabytes of addresses, and it keeps what was freed.
const isSanitized = () => kilobytes('VmSize') > 1_000_000_000;

describe('hostile exchange', { concurrency: 8 }, () => {
  for (const line of catalogue) {
    it(line.name, async () => assert.deepEqual(await carryOut(server.port, line), line.gives));
  }
});

describe('the whole catalogue', () => {
  it('has at least 200 exchanges, each with a name of its own', () => {
    assert.ok(catalogue.length >= 200);
    assert.equal(new Set(catalogue.map(({ name }) => name)).size, catalogue.length);
  });

  it('changed nothing', async () => {
    const { total } = JSON.parse((await fetchRaw(server.port, 'GET', '/microflow?$limit=0')).text);
    assert.equal(total, 0);
  });

  it(`leaves memory as it was after ${wanted} exchanges`, async () => {
    let next = 0;
    const carryOutUntil = (end) =>
      Promise.all(
        [...Array(16)].map(async () => {
          while (next < end) await carryOut(server.port, catalogue[next++ % catalogue.length]);
        }),
      );
    await carryOutUntil(wanted / 4);
    const warm = kilobytes('VmRSS');
    await carryOutUntil(wanted);
    const grown = kilobytes('VmRSS') - warm;
    // Room for the heap's own ups and downs; a leak of 1 KB an exchange would be far beyond it.
    assert.ok(grown < 4096 || isSanitized(), `${warm} KB grew by ${grown} KB`);
    console.log(`# ${next} exchanges, ${warm} KB before, ${warm + grown} KB after`);
  });
});
