import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ALPHABET } from "../../widget-wasm/host/unpack.js";
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

/** Six bits a character. */
function encode(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.replace(/.{1,6}/g, (six) => ALPHABET[parseInt(six.padEnd(6, "0"), 2)]);
}
