import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ALPHABET, FREQUENT } from "../../widget-wasm/host/unpack.js";
import { unweave } from "./unweave.mjs";

/**
 * A core as unpack.js takes it.
 * @param {Buffer} wasm
 * @returns {string}
 */
export function pack(wasm) {
  return encode(deflate(unweave(wasm)));
}

/** By zopfli, which takes a file. */
function deflate(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "flowcast-pack-"));
  const file = join(folder, "core.streams");
  try {
    writeFileSync(file, bytes);
    return execFileSync("zopfli", ["--i200", "--deflate", "-c", file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As unpack.js decodes it. */
export function encode(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  let text = "";
  for (let at = 0; at < bits.length; ) {
    const take = (count) => parseInt(bits.slice(at, at + count).padEnd(count, "0"), 2);
    const frequent = take(5) < FREQUENT;
    text += ALPHABET[frequent ? take(5) : take(7) - 3 * FREQUENT];
    at += frequent ? 5 : 7;
  }
  return text;
}
