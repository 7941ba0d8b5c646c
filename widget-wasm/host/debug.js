/**
 * Whether `localStorage.debug` asks for a namespace: names parted by commas or spaces, `*` for anything, `-` before what
 * is not wanted, as in the npm module `debug`.
 */
export function debugEnabled(namespace, patterns = storedPatterns()) {
  let enabled = false;
  for (const pattern of patterns.split(/[\s,]+/)) {
    if (!pattern) continue;
    const excluded = pattern[0] === "-";
    const source = pattern.slice(excluded ? 1 : 0).replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*?");
    if (!new RegExp("^" + source + "$").test(namespace)) continue;
    if (excluded) return false;
    enabled = true;
  }
  return enabled;
}

function storedPatterns() {
  try {
    return localStorage.debug || "";
  } catch (error) {
    return ""; // storage is blocked
  }
}
