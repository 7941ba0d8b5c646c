/** As much of a document as the status line needs, and a clock that a test sets. */
export class FakeNode {
  children = [];
  attributes = {};
  style = {};
  className = "";
  text = "";

  heard = {};

  constructor(name) {
    this.name = name;
  }

  addEventListener(event, hear) {
    (this.heard[event] ??= new Set()).add(hear);
  }

  removeEventListener(event, hear) {
    this.heard[event].delete(hear);
  }

  /** Something happened in it. */
  fire(event) {
    (this.heard[event] ?? new Set()).forEach((hear) => hear());
  }

  appendChild(node) {
    this.children.push(node);
    return node;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  set textContent(text) {
    this.children = [];
    this.text = text;
  }

  get textContent() {
    return this.text + this.children.map((child) => child.textContent).join("");
  }

  find(name) {
    if (this.name === name) return this;
    return this.children.map((child) => child.find(name)).find(Boolean);
  }
}

export function installPage() {
  globalThis.document = Object.assign(new FakeNode("document"), {
    head: new FakeNode("head"),
    createElement: (name) => new FakeNode(name),
    createTextNode: (text) => Object.assign(new FakeNode("#text"), { text }),
  });
}

/** Takes the place of the timers and of Date.now, until `restore`. */
export function installClock() {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };
  let now = 1e12;
  let timers = [];
  globalThis.setTimeout = (run, delay = 0) => {
    const timer = { run, due: now + delay };
    timers.push(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    timers = timers.filter((each) => each !== timer);
  };
  Date.now = () => now;
  return {
    pass(milliseconds) {
      const until = now + milliseconds;
      for (;;) {
        const next = timers.filter((timer) => timer.due <= until).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        now = next.due;
        clearTimeout(next);
        next.run();
      }
      now = until;
    },
    restore() {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      Date.now = real.now;
    },
  };
}

/** What was said on the console with `level` while `during` ran. */
export function said(level, during) {
  const lines = [];
  const real = console[level];
  console[level] = (...parts) => lines.push(parts.join(" "));
  try {
    during();
  } finally {
    console[level] = real;
  }
  return lines;
}
