import { MxObject } from "./mx_object.js";

/** The objects that a page knows, one each, and who wants to hear of their changes. */
export class ObjectCache {
  #objects = new Map();
  #subscriptions = new Map();
  #nextHandle = 1;

  /** @param {object} entities  the domain model, by entity */
  constructor(entities, Big) {
    this.entities = entities;
    this.Big = Big;
  }

  get(guid) {
    return this.#objects.get(guid) || null;
  }

  /**
   * Takes over what the runtime sent, and tells those who subscribed. Returns the objects.
   * @param {object} changes  by GUID: those that the runtime was `sent`, and those that it left `uncommitted`
   */
  apply(objects, { isNew = false, sent = {}, uncommitted = {} } = {}) {
    return objects.map((plain) => {
      let known = this.#objects.get(plain.guid);
      if (!known) {
        known = new MxObject(this, this.entities[plain.objectType], plain, isNew);
        this.#objects.set(plain.guid, known);
      } else {
        this.announce(known, known.replace(plain.attributes, sent[plain.guid], uncommitted[plain.guid]), true);
      }
      return known;
    });
  }

  remove(guid) {
    const gone = this.#objects.get(guid);
    this.#objects.delete(guid);
    if (gone) this.announce(gone, [], true);
  }

  /** Objects that the runtime does not know yet, and changes that it has not seen, as they travel. */
  pending() {
    const objects = [];
    const changes = {};
    for (const [guid, object] of this.#objects) {
      if (object.isNew()) objects.push({ guid, objectType: object.getEntity() });
      if (object.hasChanges()) changes[guid] = object.changes();
    }
    return { objects, changes };
  }

  /** Lets lists of an entity be retrieved again. */
  announceList(entity) {
    for (const { list, callback } of [...this.#subscriptions.values()]) if (list === entity) callback();
  }

  /**
   * Calls back with `guid` after each change of one object, with `(guid, attr, value)` after each change of one of its
   * attributes, with `(entity, guid)` after each change of any of an entity's objects, or, for `list`, when a microflow refreshed
   * the lists of an entity.
   * @returns a handle for `unsubscribe`
   */
  subscribe({ guid, attr, entity, list, callback }) {
    const handle = this.#nextHandle++;
    this.#subscriptions.set(handle, { guid: guid && String(guid), attr, entity, list, callback });
    return handle;
  }

  unsubscribe(handle) {
    this.#subscriptions.delete(handle);
  }

  announce(object, names, whole = names.length > 0) {
    const guid = object.getGuid();
    for (const wanted of [...this.#subscriptions.values()]) {
      if (wanted.guid === guid && wanted.attr) {
        if (names.includes(wanted.attr)) wanted.callback(guid, wanted.attr, object.get(wanted.attr));
      } else if (wanted.guid === guid) {
        if (whole) wanted.callback(guid, names);
      } else if (wanted.entity === object.getEntity() && whole) {
        wanted.callback(wanted.entity, guid, names);
      }
    }
  }
}
