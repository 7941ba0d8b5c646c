import { leb128, number } from "./leb128.mjs";

/**
 * Gives what a core imports and exports short names, as a bundler gives a script's own: both sides of the boundary are
 * in one bundle, and nobody else calls it. The memory keeps its name, which JavaScript's own objects have, too.
 * @param {Buffer} wasm
 * @returns {{wasm: Buffer, names: Object<string, string>}}  the short name by the long one
 */
export function shortNames(wasm) {
  const names = {};
  const shorten = (name) => {
    if (name === "memory") return name;
    return (names[name] ??= LETTERS[Object.keys(names).length]);
  };
  const parts = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at];
    const [size, start] = number(wasm, at + 1);
    const section = wasm.subarray(start, start + size);
    const changed = id === IMPORTS ? importSection(section, shorten) : id === EXPORTS ? exportSection(section, shorten) : section;
    parts.push(Buffer.from([id]), leb128(changed.length), changed);
    at = start + size;
  }
  return { wasm: Buffer.concat(parts), names };
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"; // more than there are names

// WebAssembly Core Specification 1.0, "Binary Format": sections, and what an import is.
const IMPORTS = 2;
const EXPORTS = 7;
const FUNCTION = 0;

function importSection(section, shorten) {
  const [count, start] = number(section, 0);
  const parts = [section.subarray(0, start)];
  for (let i = 0, at = start; i < count; i++) {
    const [module, afterModule] = name(section, at);
    const [field, afterField] = name(section, afterModule);
    if (section[afterField] !== FUNCTION) throw new Error(`The core imports ${field}, which is no function`);
    const [, end] = number(section, afterField + 1);
    parts.push(named(module), named(shorten(field)), section.subarray(afterField, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function exportSection(section, shorten) {
  const [count, start] = number(section, 0);
  const parts = [section.subarray(0, start)];
  for (let i = 0, at = start; i < count; i++) {
    const [field, afterField] = name(section, at);
    const [, end] = number(section, afterField + 1);
    parts.push(named(shorten(field)), section.subarray(afterField, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function name(bytes, at) {
  const [length, start] = number(bytes, at);
  return [bytes.toString("utf8", start, start + length), start + length];
}

function named(text) {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([leb128(bytes.length), bytes]);
}
