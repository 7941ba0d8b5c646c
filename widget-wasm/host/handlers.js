export const CHANGES = ["created", "updated", "patched", "removed"];

/**
 * From a widget's settings to the actions of its listener: changes that no entry of the list is about run the widget's
 * own action, each entry runs for its own event.
 *
 * Where changes may have been missed everything runs once, except what is for `removed`: nothing says that the object
 * is gone, and what runs otherwise finds out. Where nothing runs otherwise, it runs too.
 * @param {boolean} own  whether the widget has an action of its own
 * @param {{event: string, customEvent?: string}[]} entries  the list of particular events
 * @param {boolean} refreshAfterGap
 * @returns {{events: string[], entry: object|null, ignoreMissed: boolean}[]}  `entry` null: the widget's own action
 */
export function handlersOf(own, entries, refreshAfterGap) {
  const handlers = (entries || [])
    .map((entry) => ({ events: [entry.event === "custom" ? (entry.customEvent || "").trim() : entry.event], entry }))
    .filter((handler) => handler.events[0]);
  const taken = handlers.map((handler) => handler.events[0]);
  const rest = CHANGES.filter((event) => !taken.includes(event));
  if (own && rest.length) handlers.unshift({ events: rest, entry: null });
  const forRemoved = (handler) => Boolean(handler.entry) && handler.events[0] === "removed";
  const others = !handlers.every(forRemoved);
  handlers.forEach((handler) => (handler.ignoreMissed = !refreshAfterGap || (others && forRemoved(handler))));
  return handlers;
}
