/**
 * Presence and lock of what a widget is about: what its settings want of them goes to the core, and what becomes of that
 * to the widget's attributes and actions.
 */

/** Of a claim: core/listener.hpp. */
const NONE = 0;
const CLAIMED = 1;

const PRESENCE = "presence";
const LOCKS = "locks";

/**
 * @typedef {object} Wishes
 * @property {"none"|"watch"|"join"} presence
 * @property {"none"|"watch"|"edit"|"open"} lock
 * @property {string} userId @property {string} userName
 * @property {string} lockHolder  "": the page's own
 * @property {number} lockTtl
 */

/**
 * @param {(key: string, value: string|number|boolean) => void} write  a value for the attribute of this property
 * @param {(event: "lost"|"refused") => void} happened  to the lock
 */
export function createClaims(write, happened) {
  const listeners = {};
  let present = "";

  const told = {
    presence(event, { count = 0, names = [], editing = [] }) {
      write("presenceCount", count);
      write("presenceNames", names.join(", "));
      write("presenceEditing", editing.join(", "));
    },
    locks(event, { name = "" }) {
      write("lockedBy", name);
      write("lockedByMe", event === "mine");
      if (event === "lost" || event === "refused") happened(event);
    },
  };

  function claim(hub, service, key, wanted, level, ...by) {
    let listener = listeners[service];
    if (!wanted || wanted === "none") {
      if (listener) listener.release();
      delete listeners[service];
      return;
    }
    if (!listener) {
      listener = listeners[service] = hub.listen({ service, keys: [], keyField: "key" });
      listener.action([], { ignoreMissed: true }, (event, done) => {
        told[service](event.event, JSON.parse(event.payload || "{}"));
        done();
      });
    }
    if (listener.key !== key) told[service]("", {});
    listener.key = key;
    listener.setKeys(key ? [key] : []);
    listener.claim(key, key ? level : NONE, ...by);
  }

  return {
    /** @param {string} key  "": none @param {Wishes} wishes @param {boolean} editing */
    follow(hub, key, wishes, editing) {
      const { presence, lock, userId, userName, lockHolder, lockTtl } = wishes;
      const next = JSON.stringify([hub.url, key, editing, presence, lock, userId, userName, lockHolder, lockTtl]);
      if (next === present) return;
      present = next;
      claim(hub, PRESENCE, key, presence, presence === "join" ? CLAIMED + editing : NONE, userId, userName, 0);
      const holds = lock === "open" || (lock === "edit" && editing);
      claim(hub, LOCKS, key, lock, holds ? CLAIMED : NONE, lockHolder || hub.page, userName, lockTtl);
    },
    release() {
      present = "";
      Object.values(listeners).forEach((listener) => listener.release());
      delete listeners[PRESENCE];
      delete listeners[LOCKS];
    },
  };
}

/**
 * Tells of input in the data view around a widget; of the whole page, where there is none.
 * @returns {() => void} ends it
 */
export function watchInput(node, tell) {
  const place = (node.closest && node.closest(".mx-dataview")) || document;
  place.addEventListener("input", tell);
  return () => place.removeEventListener("input", tell);
}
