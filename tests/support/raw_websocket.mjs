// A WebSocket client that sends any frame a test asks for, also the forbidden ones, and shows each frame that comes.
import { createHash, randomBytes } from 'node:crypto';
import { Inbox, within } from './deadline.mjs';
import { RawConnection } from './raw_http.mjs';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** One frame's bytes. `length` lies about the payload's length, `lengthBytes` forces the form of the length field. */
export function frame({ fin = true, rsv = 0, op = opcode.text, masked = true, payload = '', length, lengthBytes }) {
  const data = Buffer.isBuffer(payload) ? payload : Buffer.from(payload, 'utf8');
  const claimed = length ?? data.length;
  const form = lengthBytes ?? (claimed < 126 ? 0 : claimed < 65_536 ? 2 : 8);
  const head = [Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | op, (masked ? 0x80 : 0) | (form === 0 ? claimed : form === 2 ? 126 : 127)])];
  if (form === 2) {
    const field = Buffer.alloc(2);
    field.writeUInt16BE(claimed);
    head.push(field);
  } else if (form === 8) {
    const field = Buffer.alloc(8);
    field.writeBigUInt64BE(BigInt(claimed));
    head.push(field);
  }
  if (!masked) return Buffer.concat([...head, data]);
  const mask = randomBytes(4);
  return Buffer.concat([...head, mask, data.map((byte, at) => byte ^ mask[at & 3])]);
}

export class RawWebSocket {
  #connection;
  #messages = new Inbox();

  /** Opens, and resolves when the server accepted; rejects with the answer on the error as `answer` when it did not. */
  static async open(port, path, { headers = {} } = {}) {
    const connection = new RawConnection(port);
    const key = randomBytes(16).toString('base64');
    const lines = { Host: `127.0.0.1:${port}`, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': key, ...headers };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}`).join('\r\n');
    const answer = await connection.send(`GET ${path} HTTP/1.1\r\n${head}\r\n\r\n`).answer();
    if (answer?.status !== 101) {
      connection.abort();
      throw Object.assign(new Error(`refused: ${answer?.status} ${answer?.text}`), { answer });
    }
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    if (!headers['Sec-WebSocket-Key'] && answer.header('sec-websocket-accept') !== accept) throw new Error('wrong Sec-WebSocket-Accept');
    return new RawWebSocket(connection, answer);
  }

  constructor(connection, answer) {
    this.#connection = connection;
    this.answer = answer;
    this.#read().catch((error) => {
      this.failure = error;
      this.#messages.end(String(error));
    });
  }

  /** The close code that came, 1006 when the connection ended without one; undefined while it is open. */
  closeCode;
  closeReason = '';

  get connection() {
    return this.#connection;
  }

  async #read() {
    let parts = [];
    let kind;
    for (;;) {
      const start = await this.#connection.take(2, Infinity);
      if (start.length < 2) break;
      const op = start[0] & 0x0f;
      if (start[1] & 0x80) throw new Error('the server masked a frame');
      if (start[0] & 0x70) throw new Error('the server set a reserved bit');
      let length = start[1] & 0x7f;
      if (length === 126) length = (await this.#connection.take(2)).readUInt16BE();
      else if (length === 127) length = Number((await this.#connection.take(8)).readBigUInt64BE());
      const payload = await this.#connection.take(length);
      if (payload.length < length) break;
      if (op === opcode.close) {
        this.closeCode = length >= 2 ? payload.readUInt16BE() : 1005;
        this.closeReason = payload.subarray(2).toString('utf8');
        this.sendFrame({ op: opcode.close, payload });
      } else if (op >= opcode.close) {
        this.#messages.push({ op, data: payload });
      } else {
        kind ??= op;
        parts.push(Buffer.from(payload));
        if (start[0] & 0x80) {
          this.#messages.push({ op: kind, data: Buffer.concat(parts) });
          parts = [];
          kind = undefined;
        }
      }
    }
    this.closeCode ??= 1006;
    this.#messages.end(`the server closed with ${this.closeCode} ${this.closeReason}`);
  }

  sendFrame(parts) {
    this.#connection.socket.write(frame(parts));
  }

  sendBytes(bytes) {
    this.#connection.socket.write(bytes);
  }

  /** Text for a string, binary for bytes. */
  send(data) {
    this.sendFrame({ op: Buffer.isBuffer(data) ? opcode.binary : opcode.text, payload: data });
  }

  /** The next message: text as a string, binary as bytes, a control frame as `{op, data}`. */
  async next(what, ms) {
    const { op, data } = await this.#messages.next(what, ms);
    return op === opcode.text ? data.toString('utf8') : op === opcode.binary ? data : { op, data };
  }

  get waiting() {
    return this.#messages.waiting;
  }

  /** Resolves with the close code once the connection is down. */
  async closed(ms) {
    await within(this.#connection.closed, 'end of the connection', ms);
    return this.closeCode ?? 1006;
  }

  close(code = 1000) {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.sendFrame({ op: opcode.close, payload });
  }

  /** Drops the connection without a word. */
  abort() {
    this.#connection.abort();
  }
}
