/**
 * The core as the packages embed it: parted into streams (see weave.js) and deflated, since six bits a character would
 * hide from the gzip on the way to the browser what there is to gain; and in those characters that code is made of, since
 * gzip gives script and core one table.
 */
import { weave } from "./weave.js";

export const ALPHABET = "tenso,ir().la =chud:{}fpwg&mby[];vk|>!0x?TS1/+A9FM-ECWLN37R84562";

/** @param {string} text @returns {Uint8Array} */
export function decode(text) {
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let bits = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    bits = (bits << 6) | ALPHABET.indexOf(text[i]);
    if (i % 4) bytes[length++] = bits >> (6 - 2 * (i % 4));
  }
  return bytes;
}

/**
 * Where the browser cannot inflate it (before Chrome 103, Firefox 113 and Safari 16.4), the core's replacement in
 * JavaScript runs.
 * @param {string} text
 * @returns {Promise<Uint8Array>}
 */
export async function unpack(text) {
  const inflated = new Response(decode(text)).body.pipeThrough(new DecompressionStream("deflate-raw"));
  return weave(await new Response(inflated).arrayBuffer());
}
