// Three NATS servers that keep three replicas, as Debian's package has them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:net';
import { until } from '../support/deadline.mjs';
import { freePort } from '../support/free_port.mjs';

const accepts = (port) =>
  new Promise((done) => {
    const probe = connect(port, '127.0.0.1', () => done(true) || probe.destroy());
    probe.on('error', () => done(false));
  });

/** What it ended with, a code or a signal; null while it runs. */
const ending = ({ child }) => child.exitCode ?? child.signalCode;

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

export class NatsCluster {
  static async start(folder, size = 3) {
    const cluster = new NatsCluster();
    cluster.servers = [];
    for (let i = 0; i < size; i += 1) {
      const [port, route, monitor] = [await freePort(), await freePort(), await freePort()];
      cluster.servers.push({ name: `n${i}`, port, route, monitor, data: join(folder, `n${i}`) });
    }
    for (const server of cluster.servers) cluster.start(server);
    await Promise.all(cluster.servers.map((server) => cluster.ready(server)));
    return cluster;
  }

  start(server) {
    const routes = this.servers.map(({ route }) => `nats://127.0.0.1:${route}`).join(',');
    const args = ['-js', '-sd', server.data, '-n', server.name, '-a', '127.0.0.1', '-p', server.port, '-m', server.monitor];
    if (this.servers.length > 1) args.push('-cluster', `nats://127.0.0.1:${server.route}`, '-cluster_name', 'faults', '-routes', routes);
    server.said = '';
    server.child = spawn('nats-server', args.map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(server.child);
    for (const stream of [server.child.stdout, server.child.stderr]) stream.on('data', (bytes) => (server.said = (server.said + bytes).slice(-4000)));
  }

  /** It serves JetStream: the cluster has a leader for it. */
  ready(server) {
    const healthy = async () => {
      if (ending(server) !== null) throw new Error(`it ended with ${ending(server)}`);
      return (await accepts(server.port)) && fetch(`http://127.0.0.1:${server.monitor}/healthz`).then((answer) => answer.ok, () => false);
    };
    return until(healthy, 'health', 30_000).catch((error) => {
      throw new Error(`nats-server ${server.name}: ${error.message}; it said:\n${server.said}`);
    });
  }

  /** The server that leads the stream, or undefined while there is none. */
  async leader(stream = 'FLOWCAST') {
    for (const server of this.servers) {
      const state = await fetch(`http://127.0.0.1:${server.monitor}/jsz?streams=true`).then((answer) => answer.json(), () => undefined);
      for (const account of state?.account_details ?? []) {
        const found = account.stream_detail?.find(({ name }) => name === stream);
        if (found?.cluster?.leader) return this.servers.find(({ name }) => name === found.cluster.leader);
      }
    }
    return undefined;
  }

  async kill(server) {
    const gone = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await gone;
    children.delete(server.child);
  }

  async restart(server) {
    this.start(server);
    await this.ready(server);
  }

  get urls() {
    return this.servers.map(({ port }) => `nats://127.0.0.1:${port}`).join(',');
  }

  async stop() {
    await Promise.all(this.servers.map((server) => ending(server) === null && this.kill(server)));
  }
}
