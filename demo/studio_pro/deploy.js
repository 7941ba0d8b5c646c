#!/usr/bin/env node
/**
 * Plays Studio Pro's part for the demo app: unpacks widget packages, checks and compiles the pages that use them, and
 * bundles the React client.
 *
 *     node studio_pro/deploy.js --packages build/dist --out build/deployment [--pages demo/pages]
 *
 * Under --out: `widgets/` as a Mendix app has them in deployment/web, `pages/*.json`, and `dist/index.js`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { bundleReactClient } from "./bundle.js";
import { compilePage } from "./compile_page.js";
import { unpackWidgets } from "./widget_package.js";

const { values } = parseArgs({
  options: {
    packages: { type: "string" },
    out: { type: "string" },
    pages: { type: "string", default: new URL("../pages", import.meta.url).pathname },
  },
});
if (!values.packages || !values.out) {
  console.error("Usage: deploy.js --packages DIRECTORY --out DIRECTORY [--pages DIRECTORY]");
  process.exit(2);
}

const out = resolve(values.out);
for (const folder of ["widgets", "pages", "dist"]) {
  rmSync(join(out, folder), { recursive: true, force: true });
  mkdirSync(join(out, folder), { recursive: true });
}

try {
  const packages = readdirSync(values.packages).filter((name) => name.endsWith(".mpk"));
  if (packages.length === 0) throw new Error(`There is no .mpk in ${values.packages}: build the target "dist" first`);
  const widgets = packages.flatMap((name) => unpackWidgets(join(values.packages, name), join(out, "widgets")));

  for (const name of readdirSync(values.pages).filter((file) => file.endsWith(".json"))) {
    const page = compilePage(JSON.parse(readFileSync(join(values.pages, name), "utf8")), widgets, basename(name));
    writeFileSync(join(out, "pages", page.name + ".json"), JSON.stringify(page, null, 1));
  }
  await bundleReactClient(
    widgets.filter(({ kind }) => kind === "pluggable"),
    out,
  );
} catch (error) {
  console.error(`deploy: ${error.message}`);
  process.exit(1);
}
