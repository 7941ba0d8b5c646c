/**
 * The core's code as the packages embed it: not instruction by instruction as WebAssembly has it, but in streams of what
 * resembles itself (instructions, variables, addresses, numbers), of which deflate makes a seventh less. This weaves the
 * streams into one; packaging/mpk/unweave.mjs parts them.
 *
 * Before the streams is where each begins (16 bits each), and the module up to its first function. The last stream is the
 * module from its last function on. Variables are told by how long ago they were used. How memory is aligned, which is
 * but a hint, and how long a function is are told nowhere.
 */
export const VARIABLES = 0;
export const LOADS = 1;
export const STORES = 2;
export const BRANCHES = 3;
export const TYPES = 4;
export const CODE = 5;
export const MORE = 6;
export const NUMBERS = 7;
export const LONGS = 8;
export const REST = 9;
export const HEADER = 20; // bytes

/**
 * By instruction: the stream that has its operand; "." where it has none, "i" for an indirect call, "t" for a table of
 * branches, "d" for a double, " " for what is not known here. Those after the last one have none.
 */
export const OPERANDS = "..555.     .33t.5i        ..    00066   111111111111112222222226678 d";
export const isBlock = (instruction) => instruction > 1 && instruction < 5;
export const END = 11;

/** @param {ArrayBuffer} packed @returns {Uint8Array} */
export function weave(packed) {
  const bytes = new Uint8Array(packed);
  const next = new Uint16Array(packed.slice(0, HEADER));
  const end = next[CODE + 1];
  const module = new Uint8Array(1 << 16);
  let size = 0;
  const put = (byte) => (module[size++] = byte);
  const copyByte = (stream) => put(bytes[next[stream]++]);
  const copyBytes = (from, to) => bytes.subarray(from, to).forEach(put);
  /** Numbers in LEB128. Returns the last one, if it is small. */
  const copy = (stream, count = 1) => {
    let last;
    while (count--) while ((last = copyByte(stream)) > 127);
    return last;
  };

  copyBytes(HEADER, next[0]);
  while (next[CODE] < end) {
    const start = (size += 2);
    const recent = [...Array(128).keys()];
    copy(TYPES, 2 * copy(TYPES)); // how many variables of which type
    for (let depth = 1; depth; ) {
      const instruction = copyByte(CODE);
      const operand = OPERANDS[instruction];
      if (isBlock(instruction)) depth++;
      if (instruction === END) depth--;
      if (operand == LOADS || operand == STORES) put(0); // the alignment
      if (operand == VARIABLES) {
        recent.unshift(...recent.splice(bytes[next[VARIABLES]++], 1));
        put(recent[0]);
      } else if (operand <= LONGS) copy(operand);
      if (operand === "t") copy(MORE, copy(MORE) + 1);
      if (operand === "d") copyBytes(next[MORE], (next[MORE] += 8));
      if (operand === "i") copy(MORE, 2); // the type, the table
    }
    module[start - 2] = ((size - start) & 127) | 128;
    module[start - 1] = (size - start) >> 7;
  }
  copyBytes(next[REST]);
  return module.subarray(0, size);
}
