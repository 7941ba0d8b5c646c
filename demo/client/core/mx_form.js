/**
 * `mxform`: the page that a widget is on. `submit` is published before each microflow call, so that the edits which an
 * input still keeps to itself reach their object first.
 */
export class MxForm {
  #listeners = new Map();

  constructor(name) {
    this.id = name;
    this.path = name;
    this.title = name;
  }

  listen(event, callback) {
    const listeners = this.#listeners.get(event) || new Set();
    this.#listeners.set(event, listeners.add(callback));
    return { event, callback };
  }

  unlisten({ event, callback }) {
    this.#listeners.get(event)?.delete(callback);
  }

  publish(event) {
    for (const callback of this.#listeners.get(event) || []) callback();
  }
}
