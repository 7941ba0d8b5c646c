import assert from "node:assert/strict";
import test from "node:test";

import { ALPHABET, decode } from "../../../widget-wasm/host/unpack.js";

test("the alphabet has 64 characters that need no escape in a string", () => {
  assert.equal(new Set(ALPHABET).size, 64);
  assert.equal(ALPHABET.length, 64);
  assert.doesNotMatch(ALPHABET, /["'`\\$<\n]/);
});

test("it decodes six bits a character, as base64 does", () => {
  const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let length = 0; length < 40; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 89 + 200) & 255));
    const text = bytes.toString("base64").replace(/=/g, "").replace(/./g, (c) => ALPHABET[BASE64.indexOf(c)]);
    assert.deepEqual(Buffer.from(decode(text)), bytes);
  }
});
