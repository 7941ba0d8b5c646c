// One server that can be killed and comes back on the same port with the same store.
import { freePort } from '../support/free_port.mjs';
import { launch } from '../support/server_process.mjs';

export class Node {
  static async start(store, { args = [] } = {}) {
    const node = new Node();
    node.port = await freePort();
    // Heartbeats that find a half-open connection within the time that a scenario has.
    node.args = ['--listen', `127.0.0.1:${node.port}`, '--store', store, '--ping-interval', '1000', '--ping-timeout', '1500', '--log-level', 'warning', ...args];
    await node.start();
    return node;
  }

  async start() {
    this.process = launch(this.args);
    await this.process.listening();
  }

  get isUp() {
    return !this.process.ended;
  }

  async kill() {
    this.process.signal('SIGKILL');
    await this.process.exit();
  }

  /** SIGTERM: resolves with the exit code. */
  async drain() {
    this.process.signal('SIGTERM');
    return (await this.process.exit(30_000)).code;
  }

  stop() {
    return this.process.stop();
  }
}
