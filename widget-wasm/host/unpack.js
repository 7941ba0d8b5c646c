/**
 * The core as the packages embed it: parted into streams (see weave.js) and deflated, since letters that all carry six bits
 * would hide from the gzip on the way to the browser what there is to gain; and in those letters that code is made of, about
 * as often as code has them, since gzip gives script and core one table.
 */
import { weave } from "./weave.js";

/** The first letters carry five bits each, 0 to 12; the others seven, 52 to 127. */
export const ALPHABET = "=e,lonita(s.)4T8pcD7[x_+^HbFf1j*JA2d5h@M6NP]!I3{%EUzKQku&GqYOVS}9yR:0/gwW>~B|v;L rC-ZX?#m";
export const FREQUENT = 13;

/** @param {string} text @returns {Uint8Array} */
export function decode(text) {
  const bytes = new Uint8Array(text.length);
  let bits = 0;
  let count = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let place = ALPHABET.indexOf(text[i]);
    let size = 5;
    if (place >= FREQUENT) {
      place += 3 * FREQUENT;
      size = 7;
    }
    bits = (bits << size) | place;
    count += size;
    if (count > 7) bytes[length++] = bits >> (count -= 8);
  }
  return bytes.subarray(0, length);
}

/**
 * Where the browser cannot inflate it (before Firefox 113 and Safari 16.4), or compiles no module of this size at once
 * (before Chrome 114), the core's replacement in JavaScript runs.
 * @param {string} text
 * @returns {Promise<Uint8Array>}
 */
export function unpack(text) {
  const inflated = new Response(decode(text)).body.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(inflated).arrayBuffer().then(weave);
}
