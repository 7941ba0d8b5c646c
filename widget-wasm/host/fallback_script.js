const NAME = Symbol.for("flowcast/fallback");

/**
 * Loads the core's replacement in plain JavaScript, for pages whose Content-Security-Policy forbids WebAssembly. It is a
 * file of its own, so that pages which do not need it do not pay for it, and an ordinary script, which every policy
 * allows that lets the widget itself run. It leaves itself at `globalThis[Symbol.for("flowcast/fallback")]`.
 * @param {string[]} places  URLs to try in turn: where it is depends on the Mendix version
 */
export function loadFallbackScript(places) {
  if (globalThis[NAME]) return Promise.resolve(globalThis[NAME]);
  return loadScript(places[0])
    .then(() => globalThis[NAME] || Promise.reject(new Error("Not a script of Flowcast: " + places[0])))
    .catch((error) => (places.length > 1 ? loadFallbackScript(places.slice(1)) : Promise.reject(error)));
}

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error("Not to be loaded: " + url));
    document.head.appendChild(script);
  });
}
