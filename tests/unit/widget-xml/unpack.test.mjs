import assert from "node:assert/strict";
import test from "node:test";

import { encode } from "../../../packaging/mpk/pack.mjs";
import { ALPHABET, decode, FREQUENT } from "../../../widget-wasm/host/unpack.js";

test("the alphabet has characters that need no escape in a string, for each code one", () => {
  assert.equal(new Set(ALPHABET).size, ALPHABET.length);
  assert.equal(FREQUENT / 2 ** 5 + (ALPHABET.length - FREQUENT) / 2 ** 7, 1);
  assert.doesNotMatch(ALPHABET, /["'`\\$<\n]/);
});

test("it decodes what the packages are built with, whatever the bytes and their number", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + 200) & 255);
    assert.deepEqual(decode(encode(bytes)), bytes);
  }
});

test("a frequent letter is five bits, another seven", () => {
  assert.deepEqual([...decode(ALPHABET.slice(0, 8))], [0b00000000, 0b01000100, 0b00110010, 0b00010100, 0b11000111]);
  assert.deepEqual([...decode(ALPHABET[FREQUENT].repeat(8))], [0x68, 0xd1, 0xa3, 0x46, 0x8d, 0x1a, 0x34]);
});
