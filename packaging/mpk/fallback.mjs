import { execFileSync } from "node:child_process";

/**
 * The core as plain JavaScript, for pages that forbid WebAssembly: a module that exports `instantiate(imports)`, as
 * `WebAssembly.instantiate` has it. wasm2js writes a module that runs at once; ours runs when, and as often as, asked.
 */
export function fallbackModule(wasm) {
  const source = execFileSync("wasm2js", ["-Oz", wasm], { encoding: "utf8", maxBuffer: 64 << 20 });
  const end = source.indexOf("var retasmFunc = asmFunc(");
  const foreign = source.match(/^import .* from '(?!env').*$/m);
  if (end < 0 || foreign) throw new Error("wasm2js wrote something else than expected: " + (foreign || ""));
  const body = [withoutImports, withoutDecoder, withoutCoercions, withoutUnused].reduce(
    (code, change) => change(code),
    source.slice(0, end),
  );
  return `${body}\nexport const instantiate = (imports) => asmFunc(imports.env);\n`;
}

/** They come with `imports.env`, abort apart, which is an error where it happens. */
function withoutImports(code) {
  return code.replace(/^import .*$/gm, "").replace("env.abort", '() => { throw new Error("The core aborted."); }');
}

/** wasm2js brings its own for base64. */
function withoutDecoder(code) {
  const start = code.indexOf("  var bufferView;");
  const end = code.indexOf("function initActiveSegments");
  const decoder =
    "var bufferView;\nfunction base64DecodeToExistingUint8Array(bytes, offset, text) {\n" +
    " bytes.set(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)), offset);\n}\n";
  return code.slice(0, start) + decoder + code.slice(end);
}

/**
 * wasm2js marks 32-bit integers by `| 0` where they are used, too, as asm.js asked. What a variable of its code holds is
 * one already (a conversion from a double excepted, which gets to be one here), and so is what the bridge passes.
 */
function withoutCoercions(code) {
  const variable = String.raw`(\$\d+_1)`;
  const compare = "(==|!=|<=?|>=?)";
  return code
    .replace(new RegExp(`~~${variable} >>> 0;`, "g"), "~~$1;")
    .replace(new RegExp(`^ *${variable} = \\1 \\| 0;\n`, "gm"), "")
    .replace(new RegExp(`\\(${variable} \\| 0\\) ${compare} `, "g"), "$1 $2 ")
    .replace(new RegExp(` ${compare} \\(${variable} \\| 0\\)`, "g"), " $1 $2")
    .replace(/ \| 0\]/g, "]");
}

/** Views of the memory, and functions of Math, that this core has no use for. */
function withoutUnused(code) {
  const unused = (name) => !new RegExp(`\\b${name}(?! = )\\b`).test(code);
  return code.replace(/^ *(?:var )?(\w+) = (?:new \w+\(\w+\)|Math\.\w+|NaN|Infinity);\n/gm, (line, name) => (unused(name) ? "" : line));
}
