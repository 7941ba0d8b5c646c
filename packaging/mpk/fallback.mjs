import { execFileSync } from "node:child_process";

/**
 * The core as plain JavaScript, for pages that forbid WebAssembly: a module that exports `instantiate(imports)`, as
 * `WebAssembly.instantiate` has it. wasm2js writes a module that runs at once; ours runs when, and as often as, asked.
 */
export function fallbackModule(wasm) {
  const source = execFileSync("wasm2js", ["-Oz", wasm], { encoding: "utf8", maxBuffer: 64 << 20 });
  const imported = /^import \{ (\w+) \} from '(\w+)';$/gm;
  const names = [...source.matchAll(imported)].map(([, name, module]) => `const ${name} = imports.${module}.${name};`);
  const body = withoutCoercions(source.slice(0, source.indexOf("var retasmFunc")).replace(imported, ""));
  const start = source.match(/var retasmFunc = (asmFunc\([\s\S]*?\}\));/);
  if (!start) throw new Error("wasm2js wrote something else than expected");
  return `${body}\nexport function instantiate(imports) {\n${names.join("\n")}\nreturn ${start[1]};\n}\n`;
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
