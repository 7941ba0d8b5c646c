import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";
import { rollup } from "rollup";

const here = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles the React client with its widgets: their ES modules end up inside `dist/index.js`, so that nothing of them is
 * at its own address any more.
 */
export async function bundleReactClient(widgets, out) {
  const entry = join(out, "react_client.js");
  writeFileSync(entry, entrySource(widgets));
  const bundle = await rollup({
    input: entry,
    plugins: [
      replace({ preventAssignment: true, "process.env.NODE_ENV": '"production"' }),
      // Widgets and the entry lie outside the folder that node_modules is in.
      resolve({ browser: true, rootDir: here, modulePaths: [join(here, "node_modules")] }),
      commonjs(),
    ],
    onwarn(warning, warn) {
      if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
    },
  });
  await bundle.write({ dir: join(out, "dist"), format: "es", entryFileNames: "index.js" });
  await bundle.close();
}

function entrySource(widgets) {
  const imports = widgets.map(({ file }, index) => `import * as widget${index} from ${JSON.stringify(file)};`);
  const entries = widgets.map(({ id, module }, index) => {
    const name = JSON.stringify(module.split("/").pop());
    return `  ${JSON.stringify(id)}: pick(widget${index}, ${name}),`;
  });
  const client = JSON.stringify(join(here, "client/react/main.js"));
  const pick = "const pick = (module, name) => module[name] || module.default;";
  return `${imports.join("\n")}\nimport { start } from ${client};\n\n${pick}\nstart({\n${entries.join("\n")}\n});\n`;
}
