import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { XMLParser } from "fast-xml-parser";

const lists = new Set([
  "widgetFile",
  "property",
  "propertyGroup",
  "actionVariable",
  "attributeType",
  "enumerationValue",
  "systemProperty",
  "translation",
]);
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray: (name) => lists.has(name) });

/**
 * Unpacks a widget package where a Mendix app keeps its widgets, and reads what its widgets say of themselves.
 * @returns {object[]} of each widget: `{id, kind, module, file, properties}`, where `module` is its AMD module, `file` its
 *          ES module, and `properties` are `{key, type, required, defaultValue, …}`
 */
export function unpackWidgets(mpk, to) {
  execFileSync("unzip", ["-q", "-o", mpk, "-d", to]);
  // package.xml is every package's own, so it is read from a place of its own.
  const aside = mkdtempSync(join(tmpdir(), "flowcast-mpk-"));
  try {
    execFileSync("unzip", ["-q", "-o", mpk, "package.xml", "-d", aside]);
    const { clientModule } = parser.parse(readFileSync(join(aside, "package.xml"), "utf8")).package;
    return clientModule.widgetFiles.widgetFile.map(({ path }) => readWidget(path, to));
  } finally {
    rmSync(aside, { recursive: true });
  }
}

function readWidget(path, to) {
  const { widget } = parser.parse(readFileSync(join(to, path), "utf8"));
  const kind = widget.pluginWidget === "true" ? "pluggable" : "classic";
  const module = widget.id.replaceAll(".", "/");
  // A pluggable widget's folder is in lower case, as its package is.
  const found = kind === "pluggable" ? lowerCaseFolder(module) : module;
  for (const extension of kind === "pluggable" ? [".js", ".mjs"] : [".js"]) {
    if (!existsSync(join(to, found + extension))) throw new Error(`${path}: the package has no ${found}${extension}`);
  }
  return {
    id: widget.id,
    name: widget.name,
    kind,
    module: found,
    file: join(to, found + ".mjs"),
    properties: properties(widget.properties),
  };
}

function lowerCaseFolder(module) {
  const slash = module.lastIndexOf("/");
  return module.slice(0, slash).toLowerCase() + module.slice(slash);
}

function translation({ translations }) {
  return translations?.translation.find(({ lang }) => lang === "en_US")?.["#text"];
}

/** The properties of a widget, or of an object property, from the groups that they are in. */
function properties(part) {
  if (!part) return [];
  const own = (part.property || []).map((property) => ({
    key: property.key,
    type: property.type,
    required: property.required !== "false",
    isList: property.isList === "true",
    defaultValue: property.defaultValue ?? translation(property),
    dataSource: property.dataSource,
    actionVariables: property.actionVariables?.actionVariable.map(({ key, type }) => ({ key, type })),
    choices: property.enumerationValues?.enumerationValue.map(({ key }) => key),
    properties: property.type === "object" ? properties(property.properties) : undefined,
  }));
  return [...own, ...(part.propertyGroup || []).flatMap(properties)];
}
