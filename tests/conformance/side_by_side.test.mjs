// The same requests and packets to Flowcast and to a plain Feathers 5 server: what each answers, which events it tells of, and what
// its records are afterwards. Where they differ, the table in side_by_side/differences.mjs says how, and why.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sameHeaders, withoutRecovery } from '../golden/differences.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { isReference, launch, startServer } from '../support/server_process.mjs';
import { differenceOf, isCompared } from './side_by_side/differences.mjs';
import { packetCases } from './side_by_side/packet_cases.mjs';
import { records, restCases } from './side_by_side/rest_cases.mjs';

const feathers = fileURLToPath(new URL('reference/feathers_5.mjs', import.meta.url));
// A Feathers server in production keeps its stack traces to itself.
const env = { NODE_ENV: 'production' };

/** Both servers, with a service for each of `count` cases. */
function bothServers(count) {
  const services = [...Array(count).keys()].flatMap((number) => ['--service', `s${number}`]);
  const servers = {};
  before(async () => {
    const listen = ['--listen', '127.0.0.1:0', '--start-id', '0'];
    [servers.ours, servers.nodes] = await Promise.all([
      startServer({ args: services, env }),
      launch([...listen, ...services], { command: feathers, env }).listening(),
    ]);
  });
  after(() => Promise.all([servers.ours.stop(), servers.nodes.stop()]));
  return servers;
}

const onService = (value, service) => (typeof value === 'string' ? value.replaceAll('SERVICE', service) : value);

const list = async (port, service) => (await fetchRaw(port, 'GET', `/${service}`, { headers: { Accept: 'application/json' } })).text;

async function fill(port, service) {
  const made = await fetchRaw(port, 'POST', `/${service}`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(records) });
  assert.equal(made.status, 201);
}

async function exchange(port, service, { method, path, headers, body }) {
  await fill(port, service);
  const target = onService(path, service);
  const sent = { ...headers };
  if (sent['If-None-Match']?.includes('ETAG')) {
    const there = await fetchRaw(port, 'GET', target, { headers });
    sent['If-None-Match'] = sent['If-None-Match'].replace('ETAG', there.header('etag'));
  }
  const answer = await fetchRaw(port, method, target, { headers: sent, body });
  return { answer, records: await list(port, service) };
}

describe('a request that is answered as by Feathers 5', () => {
  const servers = bothServers(restCases.length);
  for (const [number, one] of restCases.entries()) {
    it(one.name, async () => {
      const [ours, nodes] = await Promise.all([servers.ours, servers.nodes].map(({ port }) => exchange(port, `s${number}`, one)));
      const difference = isReference ? undefined : differenceOf(one.name);
      const { status, text, headers } = ours.answer;
      if (difference) {
        assert.notDeepEqual([status, text, ours.records], [nodes.answer.status, nodes.answer.text, nodes.records], 'the difference is gone: take it off the table');
        difference.check(ours, nodes);
        return;
      }
      assert.deepEqual([status, text], [nodes.answer.status, nodes.answer.text]);
      assert.equal(ours.records, nodes.records);
      sameHeaders(headers.filter(isCompared), nodes.answer.headers.filter(isCompared));
    });
  }
});

const steady = (packet) => withoutRecovery(packet).replace(/"sid":"[^"]*"/, '"sid":"*"');

/** What is heard after a packet, up to the answers to a read and a write behind it, or to the end of the session. */
async function converse(port, service, packet) {
  await fill(port, service);
  const client = await PacketClient.connect(port);
  await client.next('open');
  await client.send('40');
  await client.next('answer to connect');
  const heard = [];
  // Node may answer calls that came together out of order, and Flowcast a read before a write: two rounds, that change nothing.
  const rounds = [`find","${service}",{"$limit":0}]`, `patch","${service}","none",{}]`].flatMap((call) => [call, call]);
  const ask = () => client.send(`42${9990 + rounds.length}["${rounds.pop()}`);
  client.send(onService(packet, service));
  ask();
  try {
    for (;;) {
      const next = String(await client.next('answer'));
      if (!/^43999\d/.test(next)) heard.push(steady(next));
      else if (rounds.length === 0) break;
      else ask();
    }
  } catch {
    heard.push('(closed)');
  }
  client.socket.abort();
  return { heard, records: await list(port, service) };
}

describe('a packet that is answered as by Feathers 5', () => {
  const servers = bothServers(packetCases.length);
  for (const [number, packet] of packetCases.entries()) {
    it(packet || '(empty)', async () => {
      const [ours, nodes] = await Promise.all([servers.ours, servers.nodes].map(({ port }) => converse(port, `s${number}`, packet)));
      const difference = isReference ? undefined : differenceOf(packet);
      if (difference) {
        assert.notDeepEqual(ours, nodes, 'the difference is gone: take it off the table');
        difference.check(ours, nodes);
        return;
      }
      assert.deepEqual(ours, nodes);
    });
  }
});
