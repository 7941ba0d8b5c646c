import { createRegistry } from "../../../widget-wasm/host/bridge.js";
import { fakeSockets } from "./fake_socket.mjs";

/**
 * A page's core and hubs, with time that stands still until `pass`, sockets whose other end is the test, and a
 * console that keeps what it is told.
 */
export function openPage(t, module, url = "https://flowcast.test") {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const said = [];
  for (const level of ["log", "warn", "error"]) {
    t.mock.method(console, level, (...words) => said.push([level, ...words]));
  }
  const sockets = fakeSockets();
  const before = globalThis.WebSocket;
  globalThis.WebSocket = sockets.WebSocket;
  t.after(() => (globalThis.WebSocket = before));
  const registry = createRegistry(module);
  return {
    registry,
    hub: registry.hub(url),
    sockets,
    said,
    pass: (span) => t.mock.timers.tick(span),
  };
}

/** The same, once its core runs. */
export async function startPage(t, module, url) {
  const page = openPage(t, module, url);
  await page.registry.started;
  return page;
}
