// A network between client and server that can be bad: it cuts, stalls, slows down and loses connections without a word.
import { createServer, connect } from 'node:net';

export class CutProxy {
  #server;
  #target;
  #links = new Set();
  #mode = 'good';

  /** `target()` gives the port to connect to, anew for every connection: that is how clients hop between nodes. */
  static async open(target) {
    const proxy = new CutProxy();
    proxy.#target = target;
    proxy.#server = createServer({ noDelay: true }, (client) => proxy.#accept(client));
    await new Promise((listening) => proxy.#server.listen(0, '127.0.0.1', listening));
    proxy.port = proxy.#server.address().port;
    return proxy;
  }

  #accept(client) {
    client.on('error', () => {});
    if (this.#mode === 'down') {
      client.destroy();
      return;
    }
    const server = connect({ port: this.#target(), host: '127.0.0.1', noDelay: true });
    const link = { client, server, timers: new Set() };
    this.#links.add(link);
    const end = () => this.#drop(link);
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    this.#forward(link, client, server);
    this.#forward(link, server, client);
  }

  #forward(link, from, to) {
    from.on('data', (bytes) => {
      if (!to.write(bytes)) {
        from.pause();
        to.once('drain', () => this.#mode === 'stalled' || from.resume());
      }
      if (this.#mode === 'slow') {
        from.pause();
        const timer = setTimeout(() => {
          link.timers.delete(timer);
          from.resume();
        }, 20);
        link.timers.add(timer);
      }
    });
    if (this.#mode === 'stalled') from.pause();
  }

  #drop(link) {
    if (!this.#links.delete(link)) return;
    for (const timer of link.timers) clearTimeout(timer);
    link.client.destroy();
    link.server.destroy();
  }

  /** Ends every connection; `chance` of each where not all are meant. */
  cut(chance = () => true) {
    for (const link of [...this.#links]) if (chance()) this.#drop(link);
  }

  /** Ends every connection and opens no other until `heal`. */
  down() {
    this.#mode = 'down';
    this.cut();
  }

  /** The client's side ends and the server is not told: it is left with half a connection. */
  lose(chance = () => true) {
    for (const link of [...this.#links]) {
      if (!chance()) continue;
      link.client.destroy();
      link.server.removeAllListeners('close');
      link.server.on('close', () => this.#links.delete(link));
    }
  }

  /** Nothing moves, and nobody is told. */
  stall() {
    this.#mode = 'stalled';
    for (const { client, server } of this.#links) [client, server].forEach((socket) => socket.pause());
  }

  /** A piece each 20 ms and direction. */
  slow() {
    this.#mode = 'slow';
  }

  heal() {
    this.#mode = 'good';
    for (const { client, server } of this.#links) [client, server].forEach((socket) => socket.resume());
  }

  get connections() {
    return this.#links.size;
  }

  close() {
    this.cut();
    return new Promise((closed) => this.#server.close(closed));
  }
}
