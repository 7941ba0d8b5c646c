// What goes wrong, and for how long. Each gives what was broken, in words; or why it could not be tried.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { until } from '../support/deadline.mjs';
import { CutProxy } from './cut_proxy.mjs';
import { Load } from './load.mjs';
import { NatsCluster } from './nats_cluster.mjs';
import { Node } from './node.mjs';

const pages = ['--paginate-max', '2000'];
const clock = (seconds) => {
  const end = Date.now() + seconds * 1000;
  return () => Date.now() < end;
};

/** The server dies at any moment of a commit, and comes back. */
async function kill({ ledger, random, folder, seconds, undo }) {
  const node = await Node.start(`sqlite:${join(folder, 'flowcast.sqlite')}`, { args: pages });
  undo(() => node.stop());
  const load = new Load({ ledger, random, publishTo: () => node.port, connectTo: () => node.port, pause: 1 });
  await load.begin();
  for (const going = clock(seconds); going(); ) {
    await pass(random.between(100, 1500));
    await node.kill();
    ledger.did('kill -9 of the server');
    await pass(random.between(0, 400));
    await node.start();
  }
  return load.finish();
}

/** Clients go for up to two seconds, all the time, under constant publishing. */
async function drops({ ledger, random, folder, seconds, undo }) {
  const node = await Node.start(`sqlite:${join(folder, 'flowcast.sqlite')}`, { args: pages });
  undo(() => node.stop());
  const load = new Load({ ledger, random, publishTo: () => node.port, connectTo: () => node.port, backoff: [0, 2000] });
  await load.begin();
  for (const going = clock(seconds); going(); ) {
    await pass(random.between(5, 60));
    random.pick(load.subscribers).drop();
    ledger.did('connections dropped');
  }
  return load.finish();
}

/** Cut, half-open, stalled and slow networks. */
async function network({ ledger, random, folder, seconds, undo }) {
  const node = await Node.start(`sqlite:${join(folder, 'flowcast.sqlite')}`, { args: pages });
  undo(() => node.stop());
  const proxy = await CutProxy.open(() => node.port);
  undo(() => proxy.close());
  const load = new Load({ ledger, random, publishTo: () => node.port, connectTo: () => proxy.port });
  await load.begin();
  const half = () => random.next() < 0.5;
  const bad = {
    'connections cut': () => proxy.cut(half),
    'connections half-open': () => proxy.lose(half),
    'network down': () => proxy.down(),
    'network stalled': () => proxy.stall(),
    'network slow': () => proxy.slow(),
  };
  for (const going = clock(seconds); going(); ) {
    const fault = random.pick(Object.keys(bad));
    bad[fault]();
    ledger.did(fault);
    await pass(random.between(200, 2000));
    proxy.heal();
    await pass(random.between(0, 500));
  }
  proxy.heal();
  return load.finish();
}

/** Thousands come back at once, while publishers go on; the server is killed in between. */
async function storm({ ledger, random, folder, seconds, undo }) {
  const node = await Node.start(`sqlite:${join(folder, 'flowcast.sqlite')}`, { args: [...pages, '--ping-timeout', '10000'] });
  undo(() => node.stop());
  const proxy = await CutProxy.open(() => node.port);
  undo(() => proxy.close());
  const load = new Load({ ledger, random, publishTo: () => node.port, connectTo: () => proxy.port, keyed: 1500, stock: 10, backoff: [0, 100], pause: 20 });
  await load.begin();
  for (const going = clock(seconds); going(); ) {
    const isKilled = random.next() < 0.3;
    proxy.down();
    if (isKilled) await node.kill();
    await pass(random.between(300, 1000));
    if (isKilled) await node.start();
    proxy.heal();
    await load.allLive();
    ledger.did('reconnects at once', load.subscribers.length);
  }
  return load.finish();
}

/** No room: publishers are told to come again, what was acknowledged stays, and reading goes on. */
async function disk({ ledger, random, folder, seconds, undo }) {
  const small = join(folder, 'disk');
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'flowcast-faults', small], { stdio: 'ignore' });
  } catch {
    return 'a small disk cannot be mounted here: that takes root';
  }
  undo(async () => execFileSync('umount', [small]));
  const node = await Node.start(`sqlite:${join(small, 'flowcast.sqlite')}`, { args: pages });
  undo(() => node.stop());
  const load = new Load({ ledger, random, publishTo: () => node.port, connectTo: () => node.port, keyed: 12, pause: 1 });
  await load.begin();
  const wrong = [];
  const ballast = join(small, 'ballast');
  for (const going = clock(seconds); going(); ) {
    await pass(random.between(300, 1000));
    const before = ledger.retries;
    fill(ballast);
    ledger.did('disk full');
    await until(() => ledger.retries > before + 10, 'refusal of a publish', 20_000);
    const answer = await fetch(`${node.process.url}/microflow?$limit=1`);
    if (answer.status !== 200) wrong.push(`reading on a full disk was answered with ${answer.status}`);
    rmSync(ballast);
    const { acks } = ledger;
    await until(() => ledger.acks > acks + 20, 'publish when there is room again', 20_000);
  }
  return [...wrong, ...(await load.finish())];
}

/** Takes all the room that is left. */
function fill(path) {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 1 << 12]) {
    const bytes = Buffer.alloc(size);
    try {
      while (writeSync(file, bytes) === size);
    } catch {
      // No room for another of this size.
    }
  }
  closeSync(file);
}

/** Two nodes on a cluster of three; its servers and the nodes are killed, and clients hop between the nodes. */
async function nats({ ledger, random, folder, seconds, undo }) {
  const cluster = await NatsCluster.start(folder);
  undo(() => cluster.stop());
  const nodes = [];
  for (const name of ['a', 'b']) {
    const node = await Node.start(`nats:${cluster.urls}?replicas=3&view=${join(folder, `${name}.sqlite`)}`, { args: pages });
    undo(() => node.stop());
    nodes.push(node);
  }
  const hop = random.fork('hop');
  const anyNode = () => hop.pick(nodes.filter(({ isUp }) => isUp)).port;
  const load = new Load({ ledger, random, publishTo: anyNode, connectTo: anyNode, backoff: [0, 1000] });
  await load.begin();
  const moved = random.fork('moves');
  const faults = {
    'kill -9 of a node': async () => {
      const node = random.pick(nodes);
      await node.kill();
      await pass(random.between(0, 1000));
      await node.start();
    },
    'kill -9 of the NATS leader': () => cluster.leader().then((server) => server && killed(server)),
    'kill -9 of a NATS follower': async () => {
      const leader = await cluster.leader();
      return killed(random.pick(cluster.servers.filter((server) => server !== leader)));
    },
    'clients moved': async () => {
      for (const subscriber of load.subscribers) if (moved.next() < 0.5) subscriber.drop();
    },
  };
  const killed = async (server) => {
    await cluster.kill(server);
    await pass(random.between(200, 2000));
    await cluster.restart(server);
  };
  for (const going = clock(seconds); going(); ) {
    await pass(random.between(100, 1500));
    const fault = random.pick(Object.keys(faults));
    await faults[fault]();
    ledger.did(fault);
  }
  return load.finish();
}

/** A node is told to stop, again and again; another takes its clients over. */
async function drain({ ledger, random, folder, seconds, undo }) {
  const cluster = await NatsCluster.start(folder, 1);
  undo(() => cluster.stop());
  const nodes = [];
  for (const name of ['a', 'b']) {
    const node = await Node.start(`nats:${cluster.urls}?view=${join(folder, `${name}.sqlite`)}`, { args: [...pages, '--drain-time', '700'] });
    undo(() => node.stop());
    nodes.push(node);
  }
  let stopping;
  const taken = random.fork('node');
  const anyNode = () => taken.pick(nodes.filter((node) => node !== stopping)).port;
  const load = new Load({ ledger, random, publishTo: anyNode, connectTo: anyNode });
  await load.begin();
  const wrong = [];
  for (const going = clock(seconds); going(); ) {
    await pass(random.between(200, 800));
    stopping = random.pick(nodes);
    const code = await stopping.drain();
    ledger.did('SIGTERM of a node');
    if (code !== 0) wrong.push(`a node that was told to stop ended with ${code}`);
    await stopping.start();
    stopping = undefined;
  }
  return [...wrong, ...(await load.finish())];
}

export const scenarios = { kill, drops, network, storm, disk, nats, drain };
export const descriptions = {
  kill: 'the server is killed with -9 under load, on SQLite',
  drops: 'clients drop for up to two seconds under constant publishing',
  network: 'cut, half-open, stalled and slow networks',
  storm: '1,500 clients come back at once, again and again',
  disk: 'the disk is full, and has room again',
  nats: 'NATS leader and followers and two nodes are killed; clients hop',
  drain: 'nodes are told to stop; others take their clients over',
};
