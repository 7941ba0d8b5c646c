// What was promised and what came: every acknowledgement that a publisher got, and every event that a subscriber heard.
//
// Each key has one publisher, which numbers what it publishes 1, 2, 3, … and goes on only after the acknowledgement. So
// an acknowledged number that the store does not have is lost, a number heard out of turn is missed, doubled or out of order.

const shown = 5;

export class Ledger {
  acked = new Map(); // key → the last number that was acknowledged
  subscribers = [];
  faults = new Map(); // what was done → how often
  acks = 0;
  retries = 0;

  key(key) {
    this.acked.set(key, 0);
    return key;
  }

  ack(key, number) {
    this.acked.set(key, number);
    this.acks += 1;
  }

  did(fault, times = 1) {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + times);
  }

  subscriber(name, keys) {
    const account = new Account(name, keys);
    this.subscribers.push(account);
    return account;
  }

  /** Whether every subscriber has heard what was acknowledged last of each of its keys. */
  get isSettled() {
    return this.subscribers.every((account) => account.keys.every((key) => account.heard(key) >= this.acked.get(key)));
  }

  /** What was broken, in words: empty if nothing was. `records`: all that the store has, as {text, n}. */
  verdict(records) {
    const wrong = [];
    const stored = new Map();
    for (const { text, n } of records) {
      const numbers = stored.get(text) ?? new Set();
      if (numbers.has(n)) wrong.push(`stored twice: ${text} ${n}`);
      stored.set(text, numbers.add(n));
    }
    for (const [key, last] of this.acked) {
      for (let number = 1; number <= last; number += 1) {
        if (!stored.get(key)?.has(number)) wrong.push(`acknowledged and lost: ${key} ${number}`);
      }
    }
    for (const account of this.subscribers) {
      wrong.push(...account.wrong.map((what) => `${account.name}: ${what}`));
      for (const key of account.keys) {
        const heard = account.heard(key);
        if (heard < this.acked.get(key)) wrong.push(`${account.name}: missed: ${key} from ${heard + 1} to ${this.acked.get(key)}`);
      }
    }
    return wrong;
  }

  get figures() {
    const sum = (of) => this.subscribers.reduce((total, account) => total + account[of], 0);
    return {
      acked: this.acks,
      retried: this.retries,
      subscribers: this.subscribers.length,
      heard: sum('events'),
      recovered: sum('recoveries'),
      'not recovered': sum('failures'),
    };
  }
}

/** What one subscriber heard. */
class Account {
  #heard = new Map();
  #gaps = new Set(); // keys of which it knows that it may have missed something
  events = 0;
  recoveries = 0;
  failures = 0;
  wrong = [];

  constructor(name, keys) {
    this.name = name;
    this.keys = keys;
  }

  heard(key) {
    return this.#heard.get(key) ?? 0;
  }

  /** It is connected again. Told that it has not recovered, it knows that there may be a gap. */
  connected(recovered) {
    if (recovered) this.recoveries += 1;
    else this.failures += 1;
    if (!recovered) this.#gaps = new Set(this.keys);
  }

  event({ text: key, n: number }) {
    this.events += 1;
    if (!this.keys.includes(key)) {
      this.#note(`not its key: ${key}`);
      return;
    }
    const last = this.heard(key);
    if (number === last + 1 || (number > last && this.#gaps.has(key))) {
      this.#heard.set(key, number);
      this.#gaps.delete(key);
    } else {
      this.#note(number <= last ? `doubled or out of order: ${key} ${number} after ${last}` : `missed: ${key} ${last + 1} to ${number - 1}`);
      if (number > last) this.#heard.set(key, number);
    }
  }

  #note(what) {
    if (this.wrong.length < shown) this.wrong.push(what);
  }
}
