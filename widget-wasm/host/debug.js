/** Whether `localStorage.debug` asks for a namespace, as the npm module `debug` reads it: `flowcast*`, `*,-flowcast`. */
export function debugEnabled(namespace, patterns) {
  try {
    const names = (patterns || localStorage.debug).split(/[\s,]+/);
    const matches = (pattern) => new RegExp("^" + pattern.replace(/\*/g, ".*") + "$").test(namespace);
    return names.some(matches) && !names.some((name) => name[0] === "-" && matches(name.slice(1)));
  } catch (error) {
    return false; // there is none, it is no pattern, or storage is blocked
  }
}
