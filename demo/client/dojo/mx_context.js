/** `mendix.lib.MxContext`: which object a widget, or a nanoflow, works on. */
export class MxContext {
  #object = null;
  #guid = "";
  #entity = "";

  setTrackObject(object) {
    this.#object = object;
    this.#guid = object ? object.getGuid() : "";
    this.#entity = object ? object.getEntity() : "";
  }

  setTrackId(guid) {
    this.#guid = guid;
  }

  setTrackEntity(entity) {
    this.#entity = entity;
  }

  setContext(entity, guid) {
    this.#entity = entity;
    this.#guid = guid;
  }

  getTrackId() {
    return this.#guid;
  }

  getTrackEntity() {
    return this.#entity;
  }

  getTrackObject() {
    return this.#object;
  }

  hasTrackObject() {
    return this.#guid !== "";
  }
}
