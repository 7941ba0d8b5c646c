// Waiting for something to become true, never for time to pass. Every wait ends at a deadline and says what it waited for.

const DEFAULT_MS = 10_000;

/** Settles as `promise` does, or rejects with "no WHAT within N ms". */
export function within(promise, what, ms = DEFAULT_MS) {
  if (ms === Infinity) return promise;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Resolves with the first event NAME of `emitter` (its first argument), or rejects at the deadline. */
export function event(emitter, name, ms = DEFAULT_MS) {
  return within(new Promise((resolve) => emitter.once(name, resolve)), `'${name}' event`, ms);
}

/** Resolves once `condition()` gives something truthy, which it resolves with. The condition may be asynchronous. */
export async function until(condition, what, ms = DEFAULT_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`no ${what} within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A queue to await: what arrives is kept until somebody asks for it. */
export class Inbox {
  #arrived = [];
  #asking = [];
  #ended;

  push(value) {
    const asker = this.#asking.shift();
    if (asker) asker.resolve(value);
    else this.#arrived.push(value);
  }

  /** Nothing more will come: whoever asks from now on is refused with `reason`. */
  end(reason) {
    this.#ended ??= reason;
    for (const asker of this.#asking.splice(0)) asker.reject(new Error(reason));
  }

  next(what = 'message', ms = DEFAULT_MS) {
    if (this.#arrived.length > 0) return Promise.resolve(this.#arrived.shift());
    if (this.#ended) return Promise.reject(new Error(`${this.#ended}, while waiting for ${what}`));
    const asker = {};
    const answer = new Promise((resolve, reject) => Object.assign(asker, { resolve, reject }));
    this.#asking.push(asker);
    return within(answer, what, ms).catch((error) => {
      this.#asking = this.#asking.filter((other) => other !== asker);
      throw error;
    });
  }

  /** What has arrived and nobody asked for. */
  get waiting() {
    return this.#arrived;
  }
}
