// Publishes to one key, each number once: what it cannot know the fate of it sends again under the same Idempotency-Key.
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';

const patience = 4000;

export class Publisher {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #stopped = false;

  /** `port()` gives the node to publish on, anew for every attempt. */
  constructor(ledger, key, port, { pause = () => 0, service = 'microflow' } = {}) {
    Object.assign(this, { ledger, key, port, pause, service });
  }

  start() {
    this.done = this.#run();
    return this;
  }

  async #run() {
    for (let number = 1; !this.#stopped; number += 1) {
      await this.#publish(number);
      const pause = this.pause();
      if (pause > 0) await new Promise((over) => setTimeout(over, pause));
    }
    this.#agent.destroy();
  }

  async #publish(number) {
    const once = randomUUID();
    for (let attempt = 0; ; attempt += 1) {
      const status = await this.#post(JSON.stringify({ text: this.key, n: number }), once);
      if (status === 201) {
        this.ledger.ack(this.key, number);
        return;
      }
      if (status >= 400 && status < 500 && status !== 429) throw new Error(`publishing ${this.key} ${number} was refused with ${status}`);
      this.ledger.retries += 1;
      await new Promise((over) => setTimeout(over, Math.min(20 * 2 ** attempt, 300)));
    }
  }

  /** The status of the answer; 0 where there was none. */
  #post(body, once) {
    return new Promise((answered) => {
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'Idempotency-Key': once };
      const sent = request({ host: '127.0.0.1', port: this.port(), path: `/${this.service}`, method: 'POST', headers, agent: this.#agent, timeout: patience }, (answer) => {
        answer.resume().on('end', () => answered(answer.statusCode)).on('error', () => answered(0));
      });
      sent.on('timeout', () => sent.destroy()).on('error', () => answered(0)).end(body);
    });
  }

  /** What it has begun is finished first. */
  stop() {
    this.#stopped = true;
    return this.done;
  }
}
