/** A hub that does what a test says, and keeps what it was asked. */
export const hubs = new Map();

export function flowcastHub(url) {
  if (!hubs.has(url)) hubs.set(url, new FakeHub(url));
  return hubs.get(url);
}

class FakeHub {
  all = [];
  status = { state: "connecting", cause: "", message: "Connecting.", help: "", detail: "" };

  page = "this-page";
  displays = [];

  constructor(url) {
    this.url = url;
  }

  listen({ onStatus = () => {}, ...interest }) {
    const listener = new FakeListener(interest, onStatus);
    this.all.push(listener);
    onStatus(this.status);
    return listener;
  }

  /** Those of the widgets' own service, claims apart. */
  get listeners() {
    return this.all.filter(({ interest }) => !["presence", "locks"].includes(interest.service));
  }

  /** Those that were not released. */
  get present() {
    return this.listeners.filter((listener) => !listener.released);
  }

  /** The listener to `presence` or `locks`, if there is one. */
  claiming(service) {
    return this.all.find((listener) => listener.interest.service === service && !listener.released);
  }

  tell(state, cause = "", message = state + ".", help = "") {
    this.status = { state, cause, message, help, detail: "" };
    this.present.forEach((listener) => listener.onStatus(this.status));
  }
}

class FakeListener {
  actions = [];
  tokens = 0; // how often it was set
  released = false;

  constructor(interest, onStatus) {
    Object.assign(this, { interest, onStatus, keys: interest.keys, token: interest.token });
  }

  setKeys(keys) {
    this.keys = keys;
  }

  setToken(token) {
    this.tokens++;
    this.token = token;
  }

  claim(...claimed) {
    this.claimed = claimed;
  }

  /** How a claim stands. */
  stands(event, payload = "") {
    this.run(() => true, { event, key: this.keys[0], payload: payload && JSON.stringify(payload), missed: false });
  }

  action(events, options, run) {
    this.actions.push({ events, options, run, running: 0, done: 0 });
    return { remove() {} };
  }

  release() {
    this.released = true;
  }

  /** Runs the actions for an event, as the bridge does; each counts what it has finished. */
  publish(event, key, record = {}) {
    const payload = typeof record === "string" ? record : JSON.stringify({ text: key, ...record });
    this.run((action) => action.events.includes(event), { event, key, payload, offset: "1", missed: false });
  }

  miss(key = "") {
    const nothing = { event: "", payload: "", offset: "", missed: true };
    this.run((action) => !action.options.ignoreMissed, { ...nothing, key });
  }

  run(concerns, event) {
    this.actions.filter(concerns).forEach((action) => {
      action.running++;
      const field = action.options.payloadField;
      const [, value] = field ? event.payload.match(new RegExp(`"${field}":"?([^",}]*)`)) || ["", ""] : ["", event.payload];
      action.run({ ...event, payload: value, service: this.interest.service }, () => {
        action.running--;
        action.done++;
      });
    });
  }
}
