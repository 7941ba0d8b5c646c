// An Engine.IO client that shows every packet: over a websocket, over polling, or moved from the one to the other.
import { Inbox, within } from './deadline.mjs';
import { exchange, request } from './raw_http.mjs';
import { RawWebSocket } from './raw_websocket.mjs';

const SEPARATOR = '\x1e';

/** The packets of a polling body. Lengths of revision 3 count UTF-16 code units, as JavaScript's own do. */
export function decodePayload(text, eio) {
  if (eio === 4) return text.split(SEPARATOR);
  const found = [];
  for (let rest = text; rest; ) {
    const [, digits] = /^(\d+):/.exec(rest) ?? [];
    if (!digits) throw new Error(`not a payload of revision 3: ${JSON.stringify(rest)}`);
    found.push(rest.slice(digits.length + 1, digits.length + 1 + Number(digits)));
    rest = rest.slice(digits.length + 1 + Number(digits));
  }
  return found;
}

/** The binary form of revision 3: 00 for text or 01 for binary, the length's digits, ff, the packet. Binary is given as base64. */
function decodeBinaryPayload(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const start = bytes.indexOf(0xff, at) + 1;
    const end = start + Number([...bytes.subarray(at + 1, start - 1)].join(''));
    found.push(bytes[at] === 0 ? bytes.toString('utf8', start, end) : `b${bytes[start]}${bytes.toString('base64', start + 1, end)}`);
    at = end;
  }
  return found;
}

export const encodePayload = (packets, eio) => (eio === 4 ? packets.join(SEPARATOR) : packets.map((packet) => `${packet.length}:${packet}`).join(''));

export class PacketClient {
  #inbox = new Inbox();
  #socket;
  #polling;
  #posts = Promise.resolve();

  /** Resolves once the transport is open; the open packet is the first to come from `next`. */
  static async connect(port, { eio = 4, transport = 'websocket', path = '/socket.io/', query = '', headers = {} } = {}) {
    const client = new PacketClient();
    Object.assign(client, { port, eio, headers, path: `${path}?EIO=${eio}&transport=`, query });
    if (transport === 'websocket') client.#attach(await RawWebSocket.open(port, `${client.path}websocket${query}`, { headers }));
    else await client.#poll();
    return client;
  }

  #attach(socket) {
    this.#socket = socket;
    (async () => {
      for (;;) this.#inbox.push(await socket.next('packet', Infinity));
    })().catch((error) => this.#inbox.end(error.message));
  }

  get socket() {
    return this.#socket;
  }

  get sidQuery() {
    return this.sid ? `&sid=${this.sid}` : '';
  }

  async #poll() {
    const answer = await exchange(this.port, request('GET', `${this.path}polling${this.query}${this.sidQuery}`, { ...this.headers, Connection: 'close' }), 60_000);
    if (answer?.status !== 200) {
      const refusal = Object.assign(new Error(`poll refused: ${answer?.status} ${answer?.text}`), { answer });
      if (!this.sid) throw refusal;
      this.#inbox.end(refusal.message);
      return;
    }
    const isBinary = answer.header('content-type') === 'application/octet-stream';
    const packets = isBinary ? decodeBinaryPayload(answer.body) : decodePayload(answer.text, this.eio);
    if (!this.sid) {
      this.sid = JSON.parse(packets[0].slice(1)).sid;
      this.opened = answer;
    }
    for (const packet of packets) if (packet !== '6') this.#inbox.push(packet);
    if (this.#socket || this.ended) return;
    this.#polling = this.#poll();
  }

  /** Moves a polling session onto a websocket, the way clients do. */
  async upgrade() {
    const socket = await RawWebSocket.open(this.port, `${this.path}websocket${this.sidQuery}`, { headers: this.headers });
    socket.send('2probe');
    const answer = await socket.next('answer to the probe');
    if (answer !== '3probe') throw new Error(`answer to the probe: ${answer}`);
    this.#attach(socket);
    await within(this.#polling, 'release of the pending poll');
    socket.send('5');
  }

  send(packet) {
    if (this.#socket) {
      this.#socket.send(packet);
      return Promise.resolve();
    }
    this.#posts = this.#posts.then(async () => {
      const headers = { ...this.headers, 'Content-Type': 'text/plain;charset=UTF-8', Connection: 'close' };
      const answer = await exchange(this.port, request('POST', `${this.path}polling${this.sidQuery}`, headers, encodePayload([packet], this.eio)));
      if (answer?.text !== 'ok') throw new Error(`POST of ${packet}: ${answer?.status} ${answer?.text}`);
    });
    return this.#posts;
  }

  next(what = 'packet', ms) {
    return this.#inbox.next(what, ms);
  }

  get waiting() {
    return this.#inbox.waiting;
  }

  async close() {
    this.ended = true;
    if (!this.#socket) return this.send(this.eio === 4 ? '1' : '1').then(() => within(this.#polling, 'end of the last poll'));
    this.#socket.close();
    return this.#socket.closed();
  }
}
