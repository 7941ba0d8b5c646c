import { CODE, END, HEADER, isBlock, LOADS, LONGS, MORE, OPERANDS, REST, STORES, TYPES, VARIABLES } from "../../widget-wasm/host/weave.js";
import { leb128, number } from "./leb128.mjs";

// WebAssembly Core Specification 1.0, "Binary Format".
const MAGIC_AND_VERSION = 8;
const CODE_SECTION = 10;
const ALIGNMENT = 1; // bytes
const DOUBLE = 8;
const LAST_INSTRUCTION = 0xc4;

const SIZE = 2; // bytes in which weave.js says how long a function is

/**
 * A core in the streams that weave.js weaves into one. What that does not know is an error.
 * @param {Buffer} wasm
 * @returns {Buffer}
 */
export function unweave(wasm) {
  const { begin, end, bodies } = functionsOf(wasm);
  const streams = Array.from({ length: REST + 1 }, () => []);
  bodies.forEach((body) => unweaveFunction(body, streams));
  streams[REST].push(...wasm.subarray(end));

  const count = leb128(bodies.length);
  const size = bodies.reduce((sum, body) => sum + SIZE + body.length, count.length);
  const head = [...wasm.subarray(0, begin), CODE_SECTION, ...leb128(size), ...count];
  let start = HEADER + head.length;
  const starts = streams.flatMap((stream) => {
    const bytes = [start & 0xff, start >> 8];
    start += stream.length;
    return bytes;
  });
  const longest = Math.max(...bodies.map((body) => body.length));
  if (start > 0xffff || longest >= 1 << (7 * SIZE)) throw new Error("The core is too large for weave.js");
  return Buffer.from([...starts, ...head, ...streams.flat()]);
}

/** The functions' code, and where its section begins and ends. */
function functionsOf(wasm) {
  for (let begin = MAGIC_AND_VERSION; begin < wasm.length; ) {
    const [size, start] = number(wasm, begin + 1);
    const end = start + size;
    if (wasm[begin] === CODE_SECTION) {
      let [count, at] = number(wasm, start);
      const bodies = [];
      while (count--) {
        const [length, from] = number(wasm, at);
        at = from + length;
        bodies.push(wasm.subarray(from, at));
      }
      return { begin, end, bodies };
    }
    begin = end;
  }
  throw new Error("The core has no code");
}

/** The other way round than weave.js, step by step. */
function unweaveFunction(body, streams) {
  let at = 0;
  const takeBytes = (stream, count = 1) => {
    streams[stream].push(...body.subarray(at, at + count));
    at += count;
  };
  const take = (stream, count = 1) => {
    while (count--) takeBytes(stream, number(body, at)[1] - at);
  };
  const takeCount = (stream) => {
    const count = body[at];
    if (count > 127) throw new Error("The core has a list that is too long for weave.js");
    takeBytes(stream);
    return count;
  };

  const recent = [...Array(128).keys()];
  take(TYPES, 2 * takeCount(TYPES));
  for (let depth = 1; depth; ) {
    const instruction = body[at];
    const operand = OPERANDS[instruction] ?? ".";
    if (operand === " " || instruction > LAST_INSTRUCTION) throw new Error(`weave.js does not know the instruction ${instruction}`);
    takeBytes(CODE);
    if (isBlock(instruction)) depth++;
    if (instruction === END) depth--;
    if (operand == LOADS || operand == STORES) at += ALIGNMENT;
    if (operand == VARIABLES) {
      const place = recent.indexOf(body[at++]);
      if (place < 0) throw new Error("The core has a function with more variables than weave.js counts");
      streams[VARIABLES].push(place);
      recent.unshift(...recent.splice(place, 1));
    } else if (operand <= LONGS) take(operand);
    if (operand === "t") take(MORE, takeCount(MORE) + 1);
    if (operand === "d") takeBytes(MORE, DOUBLE);
    if (operand === "i") take(MORE, 2);
  }
  if (at !== body.length) throw new Error("A function of the core ends early");
}
