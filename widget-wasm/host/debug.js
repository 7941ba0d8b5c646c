/** Whether `localStorage.debug` asks for the widget's story: by `flowcast*`, `flowcast:event` and the like, or `*`. */
export function debugEnabled() {
  try {
    return /(^|[\s,])(\*|flowcast)/.test(localStorage.debug);
  } catch (error) {
    return false; // storage is blocked
  }
}
