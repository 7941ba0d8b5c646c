// Publishers and subscribers at work while faults happen, and the reckoning afterwards.
import { until } from '../support/deadline.mjs';
import { Publisher } from './publisher.mjs';
import { KeyedSubscriber, StockSubscriber } from './subscribers.mjs';

const settle = 60_000; // ms for everything to be heard when the faults are over

export class Load {
  subscribers = [];
  publishers = [];

  constructor({ ledger, random, publishTo, connectTo, keys = 8, keyed = 24, stock = 4, backoff = [0, 300], pause = 4 }) {
    Object.assign(this, { ledger, publishTo, connectTo });
    const waits = random.fork('backoff');
    const pauses = random.fork('pause');
    const choice = random.fork('keys');
    this.keys = Array.from({ length: keys }, (_, i) => ledger.key(`9007199254740${String(i).padStart(3, '0')}`));
    for (let i = 0; i < keyed; i += 1) {
      const own = new Set([this.keys[i % keys], choice.pick(this.keys)]);
      this.subscribers.push(new KeyedSubscriber(ledger.subscriber(`keyed ${i}`, [...own]), connectTo, { backoff: () => waits.between(...backoff) }));
    }
    for (let i = 0; i < stock; i += 1) this.subscribers.push(new StockSubscriber(ledger.subscriber(`stock ${i}`, this.keys), connectTo));
    this.pause = () => pauses.between(0, 2 * pause);
  }

  async begin() {
    await this.allLive();
    this.publishers = this.keys.map((key) => new Publisher(this.ledger, key, this.publishTo, { pause: this.pause }).start());
    // A publisher that is refused has nothing more to say: that is a fault of the server.
    this.failed = Promise.all(this.publishers.map(({ done }) => done));
    this.failed.catch(() => {});
  }

  allLive(ms = settle) {
    return until(() => this.subscribers.every(({ isLive }) => isLive), 'connection of every subscriber', ms);
  }

  /** The faults are over. Resolves with what was broken, in words. */
  async finish() {
    await Promise.all(this.publishers.map((publisher) => publisher.stop()));
    await this.allLive();
    await until(() => this.ledger.isSettled, 'last event', settle).catch(() => {}); // the verdict says what is missing
    const records = await allRecords(this.publishTo());
    for (const subscriber of this.subscribers) subscriber.close();
    return this.ledger.verdict(records);
  }
}

async function allRecords(port) {
  const all = [];
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/microflow?$limit=2000&$skip=${all.length}&$select=text&$select=n`);
    const { total, data } = await answer.json();
    all.push(...data);
    if (all.length >= total || data.length === 0) return all;
  }
}
