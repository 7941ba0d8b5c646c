/**
 * An object as widgets see it: the identity is a string of digits, numbers are Bigs, and what is set is a change until
 * a microflow commits it.
 */
export class MxObject {
  #attributes;
  #changes = new Map();
  #entity;
  #cache;

  constructor(cache, entity, { guid, objectType, attributes }, isNew = false) {
    this.#cache = cache;
    this.#entity = entity;
    this.guid = guid;
    this.objectType = objectType;
    this.isNewObject = isNew;
    this.#attributes = attributes;
  }

  getGuid() {
    return this.guid;
  }

  getEntity() {
    return this.objectType;
  }

  isA(entity) {
    return entity === this.objectType;
  }

  isNew() {
    return this.isNewObject;
  }

  getAttributes() {
    return Object.keys(this.#entity.attributes);
  }

  has(name) {
    return name in this.#entity.attributes;
  }

  getAttributeType(name) {
    return this.#entity.attributes[name]?.type;
  }

  getEnumMap(name) {
    return (this.#entity.attributes[name].values || []).map((key) => ({ key, caption: key }));
  }

  get(name) {
    this.#know(name);
    const value = this.raw(name);
    const type = this.getAttributeType(name);
    if (value === null || value === undefined) return type === "String" || type === "Enum" ? "" : null;
    return type === "Integer" || type === "Decimal" ? new this.#cache.Big(value) : value;
  }

  set(name, value) {
    this.#know(name);
    const raw = this.#toRaw(name, value);
    if (raw === this.raw(name)) return;
    if (raw === this.#attributes[name]?.value) this.#changes.delete(name);
    else this.#changes.set(name, raw);
    this.#cache.announce(this, [name]);
  }

  hasChanges() {
    return this.#changes.size > 0;
  }

  /** The value as it travels: Integers as numbers, Decimals as strings, dates as milliseconds. */
  raw(name) {
    return this.#changes.has(name) ? this.#changes.get(name) : (this.#attributes[name]?.value ?? null);
  }

  /** The value without the user's change, as `raw` gives it. */
  original(name) {
    return this.#attributes[name]?.value ?? null;
  }

  changes() {
    return Object.fromEntries(this.#changes);
  }

  /**
   * Takes over what the runtime says. Changes that it was sent are over, save for those that it left uncommitted; changes
   * that came after are not. One that is over already, by an answer that was quicker, does not come back. Returns the
   * names of what is different now.
   */
  replace(attributes, sent = {}, uncommitted = {}) {
    const before = Object.fromEntries(this.getAttributes().map((name) => [name, this.raw(name)]));
    const kept = [...this.#changes].filter(([name, value]) => sent[name] !== value || name in uncommitted);
    this.#attributes = attributes;
    this.#changes = new Map(kept);
    this.isNewObject = false;
    return this.getAttributes().filter((name) => this.raw(name) !== before[name]);
  }

  #know(name) {
    if (!this.has(name)) throw new Error(`${this.objectType} has no attribute ${name}`);
  }

  #toRaw(name, value) {
    if (value === null || value === undefined) return null;
    switch (this.getAttributeType(name)) {
      case "Integer":
        return value === "" ? null : Number(value.toString());
      case "Decimal":
        return value === "" ? null : new this.#cache.Big(value).toFixed();
      case "DateTime":
        return Number(value);
      default:
        return value;
    }
  }
}
