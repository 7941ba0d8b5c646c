/** Whether `localStorage.debug` asks for a namespace, as the npm module `debug` reads it: `flowcast*`, `*,-flowcast`. */
export function debugEnabled(namespace, patterns = stored()) {
  const names = patterns.split(/[\s,]+/);
  const matches = (pattern) => new RegExp(`^${pattern.replace(/\W/g, (sign) => (sign === "*" ? ".*" : "\\" + sign))}$`).test(namespace);
  return names.some(matches) && !names.some((name) => name[0] === "-" && matches(name.slice(1)));
}

function stored() {
  try {
    return localStorage.debug || "";
  } catch (error) {
    return ""; // storage is blocked
  }
}
