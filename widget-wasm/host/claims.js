/**
 * Presence and lock of what a widget is about: what its settings want of them goes to the core, and what becomes of that
 * to the widget's attributes and actions.
 */

/** Of a claim: core/listener.hpp. */
const NONE = 0;
const CLAIMED = 1;

/**
 * @param {(key: string, value: string|number|boolean) => void} write  a value for the attribute of this property
 * @param {(event: "lost"|"refused") => void} happened  to the lock
 * @param {() => void} changed  called when `refused` may be another
 */
export function createClaims(write, happened, changed) {
  const listeners = {};
  const refusals = {};
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
    if (wanted === "none" || !wanted) {
      if (listener) listener.release();
      listeners[service] = null;
      return;
    }
    if (!listener) {
      const onStatus = (status) => {
        refusals[service] = status !== hub.status && status;
        changed();
      };
      listener = listeners[service] = hub.listen({ service, keys: [], keyField: "key", onStatus });
      listener.action([], { ignoreMissed: true }, (event, done) => {
        told[service](event.event, JSON.parse(event.payload || "{}"));
        done();
      });
    }
    if (listener.key !== key) told[service]("", {});
    listener.key = key;
    listener.setKeys(key ? [key] : []);
    listener.claim(key || "", key ? level : NONE, ...by);
  }

  return {
    /** The status to show in place of the hub's, where the server refuses one of the two services. */
    refused: () => refusals.presence || refusals.locks,

    /** @param {{presence: string, lock: string, lockTtl: number}} wishes  as the properties have them */
    follow(hub, key, wishes, editing, userId, userName, lockHolder) {
      const { presence, lock, lockTtl } = wishes;
      const next = JSON.stringify([hub.url, key, presence, lock, lockTtl, editing, userId, userName, lockHolder]);
      if (next === present) return;
      present = next;
      claim(hub, "presence", key, presence, presence === "join" ? CLAIMED + editing : NONE, userId, userName, 0);
      const holds = lock === "open" || (lock === "edit" && editing);
      claim(hub, "locks", key, lock, holds ? CLAIMED : NONE, lockHolder || hub.page, userName, lockTtl);
    },
    release() {
      present = "";
      for (const service of Object.keys(told)) claim(null, service);
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
