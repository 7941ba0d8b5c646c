import { ObjectCache } from "./object_cache.js";
import { wire } from "./wire_tap.js";

/** This load of the page: the runtime tells windows apart by it. */
const windowId = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());

/** What the runtime said when an action failed. */
export class RuntimeError extends Error {}

/**
 * A signed-in user's session with the runtime: retrieves objects, runs microflows, and does what their answers say.
 * Both clients, and what they show to widgets, are built on it.
 */
export class Session {
  /** @param {{Big: Function, user: string}} made  from what */
  static async start({ Big, user }) {
    const session = new Session();
    session.user = user;
    const { actionResult } = await session.#ask("get_session_data");
    session.constants = actionResult.constants;
    session.cache = new ObjectCache(actionResult.entities, Big);
    session.#reloaded = history.state?.page || { changes: {}, kept: {} };
    history.replaceState(null, "");
    return session;
  }

  /** What pages do for a microflow: `closePage()`, `showMessage(text)`, `ran({microflow, guids, changed})`. */
  page = { closePage() {}, showMessage() {}, ran() {} };

  #reloaded;
  #kept = {};

  /** Keeps a value through `reloadWithState`; the page that was loaded again finds it with `kept`. */
  keep(name, value) {
    this.#kept[name] = value;
  }

  kept(name) {
    return this.#reloaded.kept[name];
  }

  /** Loads the page again, with the changes that were not saved. */
  reloadWithState() {
    const { changes } = this.cache.pending();
    history.replaceState({ page: { changes, kept: this.#kept } }, "");
    location.reload();
  }

  /** Retrieves objects: `{entity, id, attribute, value, sort, offset, amount}`. */
  async retrieve(query) {
    const { actionResult, objects } = await this.#ask("retrieve", query);
    this.#takeOver(objects);
    return { objects: actionResult.ids.map((id) => this.cache.get(id)), total: actionResult.total };
  }

  async retrieveByIds(ids) {
    this.#takeOver((await this.#ask("retrieve_by_ids", { ids })).objects);
    return ids.map((id) => this.cache.get(id)).filter(Boolean);
  }

  async create(entity) {
    const { objects } = await this.#ask("instantiate", { objecttype: entity });
    return this.cache.apply(objects, { isNew: true })[0];
  }

  /** Runs a microflow on objects; resolves when its answer has been taken over. */
  async execute(microflow, guids, args = {}) {
    const sent = this.cache.pending();
    const params = { actionname: microflow, applyto: "selection", guids, arguments: args };
    const answer = await this.#ask("executeaction", params, sent);
    this.cache.apply(answer.objects, { sent: sent.changes, uncommitted: answer.changes });
    this.page.ran({ microflow, guids });
    for (const instruction of answer.instructions) {
      if (instruction.type === "remove_object") this.cache.remove(instruction.guid);
      if (instruction.type === "refresh_class") this.cache.announceList(instruction.class);
      if (instruction.type === "show_message") this.page.showMessage(instruction.text);
      if (instruction.type === "close_form") this.page.closePage();
    }
    return answer.actionResult;
  }

  /** Retrieved objects replace what the page knows, save for those that the user is changing. */
  #takeOver(objects) {
    const taken = this.cache.apply(objects.filter((plain) => !this.cache.get(plain.guid)?.hasChanges()));
    for (const object of taken) {
      const changes = this.#reloaded.changes[object.getGuid()];
      delete this.#reloaded.changes[object.getGuid()];
      for (const [name, value] of Object.entries(changes || {})) object.set(name, value);
    }
  }

  async #ask(action, params = {}, pending = {}) {
    const response = await wire.fetch("/xas/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ action, params, ...pending, user: this.user, window: windowId }),
    });
    const body = await response.json();
    if (!response.ok) throw new RuntimeError(body.description || body.message || `HTTP ${response.status}`);
    return body;
  }
}
