// Puts pictures of one size into an animated WebP: Chromium encodes, without loss and only what changed; the file is put
// together here.
/**
 * @param {import('playwright-core').Page} page  an empty one, to encode in
 * @param {{png: Buffer, ms: number}[]} frames   each with how long it is shown
 * @returns {Promise<Buffer>}
 */
export async function animate(page, frames) {
  await page.goto('about:blank');
  await page.evaluate(prepare);
  const parts = [];
  let size;
  for (const { png, ms } of frames) {
    const encoded = await page.evaluate((base64) => globalThis.encode(base64), png.toString('base64'));
    size ??= encoded.size;
    if (encoded.webp) parts.push({ ...encoded, ms });
    else parts.at(-1).ms += ms; // nothing changed
  }
  const chunks = parts.map(({ webp, x, y, width, height, ms }) => {
    const head = Buffer.alloc(16);
    for (const [at, value] of [
      [0, x / 2],
      [3, y / 2],
      [6, width - 1],
      [9, height - 1],
      [12, ms],
    ]) {
      head.writeUIntLE(value, at, 3);
    }
    head[15] = 2; // do not blend: a frame replaces what is under it
    return chunk('ANMF', Buffer.concat([head, bitstream(Buffer.from(webp, 'base64'))]));
  });
  const canvas = Buffer.alloc(10);
  canvas[0] = 2; // animated
  canvas.writeUIntLE(size.width - 1, 4, 3);
  canvas.writeUIntLE(size.height - 1, 7, 3);
  const forever = chunk('ANIM', Buffer.from([255, 255, 255, 255, 0, 0]));
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', canvas), forever, ...chunks]));
}

function chunk(name, content) {
  const head = Buffer.alloc(8, name);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** The image's own chunks out of a WebP file: not its header of an extended file, and no metadata. */
function bitstream(file) {
  const found = [];
  for (let at = 12; at < file.length; ) {
    const end = at + 8 + file.readUInt32LE(at + 4);
    const padded = end + (end % 2);
    if (['VP8L', 'VP8 ', 'ALPH'].includes(file.toString('latin1', at, at + 4))) found.push(file.subarray(at, padded));
    at = padded;
  }
  return Buffer.concat(found);
}

/** In the page: `encode(base64)` gives the rectangle that differs from the picture before, as WebP. */
function prepare() {
  let before = null;
  const context = (width, height) => new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  globalThis.encode = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = picture;
    const drawn = context(width, height);
    drawn.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(drawn.getImageData(0, 0, width, height).data.buffer);
    let [left, top, right, bottom] = before ? [width, height, 0, 0] : [0, 0, width, height];
    for (let index = 0; before && index < pixels.length; index++) {
      if (pixels[index] === before[index]) continue;
      const [x, y] = [index % width, Math.floor(index / width)];
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
    before = pixels;
    if (right <= left) return { size: { width, height } };
    // A frame begins at even places.
    left -= left % 2;
    top -= top % 2;
    const part = context(right - left, bottom - top);
    part.drawImage(picture, -left, -top);
    const blob = await part.canvas.convertToBlob({ type: 'image/webp', quality: 1 });
    const encoded = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of encoded) text += String.fromCharCode(byte);
    return { webp: btoa(text), x: left, y: top, width: right - left, height: bottom - top, size: { width, height } };
  };
}
