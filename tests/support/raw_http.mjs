// HTTP/1.1 by the byte: sends exactly what a test says, and shows exactly what came back.
import net from 'node:net';
import { Inbox } from './deadline.mjs';

/** One answer: `headers` as [name, value] pairs in the order they came, `body` as bytes without the chunk frames. */
class Answer {
  constructor(status, reason, headers) {
    Object.assign(this, { status, reason, headers, body: Buffer.alloc(0) });
  }
  header(name) {
    return this.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }
  get text() {
    return this.body.toString('utf8');
  }
}

export class RawConnection {
  #socket;
  #bytes = Buffer.alloc(0);
  #arrived = new Inbox();
  #methods = [];

  constructor(port) {
    this.#socket = net.connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.on('error', () => {});
    this.#socket.on('data', (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#arrived.push('data');
    });
    this.closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.closed.then(() => {
      this.isClosed = true;
      this.#arrived.push('end');
    });
  }

  get socket() {
    return this.#socket;
  }

  /** Sends bytes as they are. `method` tells how to read the answer: one to HEAD has no body. */
  send(bytes, method) {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'utf8');
    this.#methods.push(method ?? /^[A-Z]+/.exec(buffer.toString('latin1', 0, 16))?.[0]);
    this.#socket.write(buffer);
    return this;
  }

  abort() {
    this.#socket.destroy();
  }

  async #more(what, ms) {
    if (this.isClosed) return false;
    return (await this.#arrived.next(what, ms)) === 'data';
  }

  /** Takes bytes off the stream until `ending`, or all until the end of the stream if there is none. */
  async #upTo(ending, ms) {
    for (;;) {
      const at = this.#bytes.indexOf(ending);
      if (at >= 0) {
        const part = this.#bytes.subarray(0, at);
        this.#bytes = this.#bytes.subarray(at + ending.length);
        return part;
      }
      if (!(await this.#more('more of the answer', ms))) return undefined;
    }
  }

  async take(count, ms) {
    while (this.#bytes.length < count) {
      if (!(await this.#more(`${count} bytes`, ms))) break;
    }
    const part = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(part.length);
    return part;
  }

  async rest(ms) {
    while (await this.#more('end of the stream', ms));
    const all = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return all;
  }

  /** The next answer, or undefined when the server closed without one. Interim 1xx answers are noted and skipped. */
  async answer(ms) {
    const head = await this.#upTo('\r\n\r\n', ms);
    if (head === undefined) return undefined;
    const [first, ...lines] = head.toString('latin1').split('\r\n');
    const [, status, reason] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first) ?? [];
    if (!status) throw new Error(`not an HTTP answer: ${JSON.stringify(first)}`);
    const answer = new Answer(
      Number(status),
      reason,
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
    );
    if (answer.status === 101) return answer;
    if (answer.status < 200) return this.answer(ms);
    const method = this.#methods.shift();
    if (method === 'HEAD' || answer.status === 204 || answer.status === 304) return answer;
    if (answer.header('transfer-encoding') === 'chunked') answer.body = await this.#chunks(ms);
    else if (answer.header('content-length') !== undefined) answer.body = await this.take(Number(answer.header('content-length')), ms);
    else answer.body = await this.rest(ms);
    return answer;
  }

  async #chunks(ms) {
    const parts = [];
    for (;;) {
      const size = await this.#upTo('\r\n', ms);
      if (size === undefined) throw new Error('the stream ended within a chunked body');
      const length = parseInt(size.toString('latin1'), 16);
      if (length === 0) {
        await this.#upTo('\r\n', ms);
        return Buffer.concat(parts);
      }
      parts.push(await this.take(length, ms));
      await this.take(2, ms);
    }
  }
}

/** The bytes of a request. The body's length is added unless the headers say how the body is framed. */
export function request(method, path, headers = {}, body = undefined) {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(body, 'utf8');
  const given = new Map(Object.entries({ Host: '127.0.0.1', ...headers }));
  const names = new Set([...given.keys()].map((name) => name.toLowerCase()));
  if (body !== undefined && !names.has('content-length') && !names.has('transfer-encoding')) given.set('Content-Length', bytes.length);
  const head = [`${method} ${path} HTTP/1.1`, ...[...given].map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'utf8'), bytes]);
}

/** One request on a connection of its own. Resolves with the answer, or undefined where the server just closed. */
export async function exchange(port, bytes, ms) {
  const connection = new RawConnection(port);
  try {
    return await connection.send(bytes).answer(ms);
  } finally {
    connection.abort();
  }
}

/** `exchange` for the usual case. */
export function fetchRaw(port, method, path, { headers = {}, body, ms } = {}) {
  return exchange(port, request(method, path, { ...headers, Connection: 'close' }, body), ms);
}
