/** The core as the build made it, in both forms, as a bundle gives it to the bridge. */
import { readFileSync } from "node:fs";

import { fallbackModule } from "../../../packaging/mpk/fallback.mjs";

export const path =
  process.env.FLOWCAST_WASM || new URL("../../../build/wasm/widget-wasm/flowcast.wasm", import.meta.url).pathname;
export const bytes = readFileSync(path);

export const wasm = () => Promise.resolve(bytes);
export const blocked = () => Promise.reject(new Error("WebAssembly is blocked"));

/** Text of the same as plain JavaScript. */
export const fallback = fallbackModule(path);
export const loadFallback = () => import("data:text/javascript;base64," + Buffer.from(fallback).toString("base64"));
