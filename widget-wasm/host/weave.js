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
const digits = Array.from(OPERANDS, (operand) => parseInt(operand, 36)); // compared at each instruction
const DOUBLE = 13;
const INDIRECT = 18;
const TABLE = 29;
export const isBlock = (instruction) => instruction > 1 && instruction < 5;
export const END = 11;

/** @param {ArrayBuffer} packed @returns {Uint8Array} */
export function weave(packed) {
  const bytes = new Uint8Array(packed);
  const next = new Uint16Array(packed.slice(0, HEADER));
  const end = next[CODE + 1];
  const module = new Uint8Array(1 << 16);
  const unused = Uint8Array.from(Array(128).keys());
  let size = 0;
  const copyBytes = (from, to) => {
    module.set(bytes.subarray(from, to), size);
    size += to - from;
  };
  /** Numbers in LEB128. Returns the last one, if it is small. */
  const copy = (stream, count = 1) => {
    let last;
    while (count--) while ((last = module[size++] = bytes[next[stream]++]) > 127);
    return last;
  };

  copyBytes(HEADER, next[0]);
  while (next[CODE] < end) {
    const start = (size += 2);
    const recent = unused.slice();
    copy(TYPES, 2 * copy(TYPES)); // how many variables of which type
    for (let depth = 1; depth; ) {
      const instruction = (module[size++] = bytes[next[CODE]++]);
      const operand = digits[instruction];
      if (isBlock(instruction)) depth++;
      if (instruction === END) depth--;
      if (operand === VARIABLES) {
        const place = bytes[next[VARIABLES]++];
        const variable = recent[place];
        recent.copyWithin(1, 0, place);
        module[size++] = recent[0] = variable;
      } else if (operand <= LONGS) {
        if (operand < BRANCHES) size++; // the alignment: 0
        copy(operand);
      }
      if (operand === TABLE) copy(MORE, copy(MORE) + 1);
      if (operand === DOUBLE) copyBytes(next[MORE], (next[MORE] += 8));
      if (operand === INDIRECT) copy(MORE, 2); // the type, the table
    }
    module[start - 2] = ((size - start) & 127) | 128;
    module[start - 1] = (size - start) >> 7;
  }
  copyBytes(next[REST], bytes.length);
  return module.subarray(0, size);
}
