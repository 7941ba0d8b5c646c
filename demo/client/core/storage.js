/** A page's storage, where the browser gives it one: in a frame of another site it may not. Else it is there until the page ends. */
function storage(name) {
  try {
    return globalThis[name];
  } catch {
    return {};
  }
}

export const local = storage("localStorage");
export const ofSession = storage("sessionStorage");
