// The two kinds of clients that recover: as our widget does it, and stock socket.io-client.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../conformance/package.json', import.meta.url));
const { WebSocket } = require('ws');
const { io } = require('socket.io-client-4.8');

const silence = 3000; // of the server, before the widget's way takes a connection for dead
const patience = 20_000; // until it is live: who gives up sooner, when all come at once, only comes again

/** Names its keys and its offset whenever it connects. */
export class KeyedSubscriber {
  #offset = '';
  #timer;
  #ended = false;
  #wasConnected = false;

  /** `port()` gives where to connect, anew each time; `backoff()` how long to wait, in ms. */
  constructor(account, port, { backoff, service = 'microflow' }) {
    Object.assign(this, { account, port, backoff, service });
    this.isLive = false;
    this.#open();
  }

  #open() {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port()}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false });
    this.socket = socket;
    socket.on('message', (data) => {
      this.#alive();
      this.#take(socket, data.toString());
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#again(socket));
    this.#alive();
  }

  #alive() {
    clearTimeout(this.#timer);
    const { socket } = this;
    this.#timer = setTimeout(() => {
      socket.terminate();
      this.#again(socket);
    }, this.isLive ? silence : patience);
  }

  #again(socket) {
    if (this.socket !== socket) return;
    this.isLive = false;
    this.socket = undefined;
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(() => this.#open(), this.backoff());
  }

  #take(socket, packet) {
    if (this.socket !== socket) return; // what a connection says that was given up
    if (packet.startsWith('0')) {
      socket.send(`40${JSON.stringify({ subscribe: { [this.service]: this.account.keys }, ...(this.#offset && { offset: this.#offset }) })}`);
    } else if (packet === '2') {
      socket.send('3');
    } else if (packet.startsWith('40')) {
      const { offset, recovered } = JSON.parse(packet.slice(2));
      if (this.#wasConnected) this.account.connected(recovered);
      if (!recovered) this.#offset = offset; // else it has come with the events
      else if (!this.#offset) this.#offset = offset;
      this.#wasConnected = true;
      this.isLive = true;
    } else if (packet.startsWith('42')) {
      const [name, record, offset] = JSON.parse(packet.slice(2));
      if (name !== `${this.service} created`) return;
      this.#offset = offset;
      this.account.event(record);
    }
  }

  drop() {
    this.socket?.terminate();
  }

  close() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.socket?.terminate();
  }
}

/** socket.io-client as it comes, which hears the whole service and recovers by itself. */
export class StockSubscriber {
  constructor(account, port, { service = 'microflow' } = {}) {
    this.account = account;
    this.socket = io(`http://127.0.0.1:${port()}`, { transports: ['websocket'], forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 300, timeout: patience });
    let wasConnected = false;
    this.socket.on('connect', () => {
      if (wasConnected) account.connected(this.socket.recovered);
      wasConnected = true;
    });
    // Of keys that are not its own it keeps no account: it hears them all.
    this.socket.on(`${service} created`, (record) => account.keys.includes(record.text) && account.event(record));
  }

  get isLive() {
    return this.socket.connected;
  }

  drop() {
    this.socket.io.engine?.transport?.ws?.terminate();
  }

  close() {
    this.socket.close();
  }
}
