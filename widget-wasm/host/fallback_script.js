/**
 * Loads the core's replacement in plain JavaScript, for pages whose Content-Security-Policy forbids WebAssembly. It is a
 * file of its own, so that pages which do not need it do not pay for it, and an ordinary script, which every policy
 * allows that lets the widget itself run. It leaves itself at `globalThis[Symbol.for("flowcast/fallback")]`.
 * @param {string[]} places  URLs to try in turn: where it is depends on the Mendix version
 */
export function loadFallbackScript([place, ...others]) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = place;
    script.onerror = () => {
      if (others.length) resolve(loadFallbackScript(others));
      else reject(new Error(place));
    };
    script.onload = () => {
      const fallback = globalThis[Symbol.for("flowcast/fallback")];
      if (fallback) resolve(fallback);
      else script.onerror();
    };
    document.head.appendChild(script);
  });
}
