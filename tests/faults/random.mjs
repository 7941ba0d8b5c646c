// Random numbers that come again: the same seed gives the same faults at the same places of the load.

/** A generator of its own for each part that needs one, so that what one part draws moves nothing in another. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** 0 or more, less than 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }

  /** One of its own for the part NAME. */
  fork(name) {
    let seed = this.between(0, 2 ** 31);
    for (const char of name) seed = Math.imul(seed ^ char.codePointAt(0), 16_777_619);
    return new Random(seed);
  }
}
