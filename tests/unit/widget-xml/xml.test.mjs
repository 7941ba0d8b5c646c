import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "node:test";

import { loadHost, root } from "./support/host.mjs";

const classicFile = root + "widget-xml/classic/FlowcastClassic.xml";
const pluggableFile = root + "widget-xml/pluggable/Flowcast.xml";
const classic = readFileSync(classicFile, "utf8");
const pluggable = readFileSync(pluggableFile, "utf8");
const source = (file) => readFileSync(root + "widget-wasm/host/" + file, "utf8");

/** The oldest that npm has is from before Mendix 8.0, and knows what 7.13 added last: nanoflows. */
for (const [file, schema] of [
  [classicFile, "classic-oldest"],
  [classicFile, "classic-newest"],
  [pluggableFile, "pluggable-oldest"],
  [pluggableFile, "pluggable-newest"],
]) {
  test(`${file.slice(root.length)} is valid by the schema of ${schema}`, () => {
    const xsd = fileURLToPath(new URL(`node_modules/${schema}/custom_widget.xsd`, import.meta.url));
    execFileSync("xmllint", ["--noout", "--schema", xsd, file], { stdio: ["ignore", "ignore", "pipe"] });
  });
}

/** The keys of a widget's properties, those of its list `handlers` apart. */
function keys(xml) {
  const [list] = xml.match(/<property key="handlers"[\s\S]*?<properties>[\s\S]*?<\/properties>/);
  const found = (text) => [...text.matchAll(/<property key="(\w+)"/g)].map(([, key]) => key).sort();
  const entry = list.slice(list.indexOf("<properties>"));
  return { own: found(xml.replace(entry, "")), entry: found(entry) };
}

const read = (text, name) => [...new Set([...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, "g"))].map(([, key]) => key))].sort();

/** The properties that both widgets pass on by name. */
const named = [
  ...[...(source("claims.js") + source("pluggable.js")).matchAll(/\b(?:write|keep)\("(\w+)"/g)].map(([, key]) => key),
  ...[...source("display.js").matchAll(/"(text[A-Z]\w+)"/g)].map(([, key]) => key),
  ...source("claims.js").match(/const \{ (.*) \} = wishes/)[1].split(", "),
];
const reads = (...found) => [...new Set(found.flat())].sort();

test("the classic widget reads the properties that its XML declares", () => {
  const platform = ["subscribe", "unsubscribeAll", "domNode", "mxform"];
  const own = [...source("classic.js").matchAll(/\bthis\.([a-z]\w+)/g)].map(([, key]) => key);
  assert.deepEqual(reads(own.filter((key) => !platform.includes(key)), named), keys(classic).own);
  assert.deepEqual(reads(read(source("classic.js"), "entry"), read(source("handlers.js"), "entry")), keys(classic).entry);
});

test("the pluggable widget reads the properties that its XML declares", () => {
  const platform = ["class", "style"];
  assert.deepEqual(reads(read(source("pluggable.js"), "props").filter((key) => !platform.includes(key)), named), keys(pluggable).own);
  const entries = [...read(source("pluggable.js"), "props\\.handlers\\[place\\]"), ...read(source("handlers.js"), "entry")];
  assert.deepEqual(entries.sort(), keys(pluggable).entry);
});

test("the classic widget keeps the keys that its first users know", () => {
  for (const key of ["service", "url", "microflow"]) assert.ok(keys(classic).own.includes(key));
});

test("every property has a caption, and a description that says more", () => {
  for (const [, property] of [...classic.matchAll(/<property ([\s\S]*?)<\/description>/g), ...pluggable.matchAll(/<property ([\s\S]*?)<\/description>/g)]) {
    const [, caption] = property.match(/<caption>(.+)<\/caption>/);
    const [, description] = property.match(/<description>(.+)$/);
    assert.ok(description.length > caption.length && /\.$/.test(description), caption);
  }
});

test("what users read is there in English and Dutch", () => {
  for (const xml of [classic, pluggable]) {
    const texts = [...xml.matchAll(/type="(?:textTemplate|translatableString)"[\s\S]*?<\/property>/g)];
    assert.equal(texts.length, 4);
    for (const [text] of texts) for (const language of ["en_US", "nl_NL"]) assert.match(text, new RegExp(`<translation lang="${language}">.+</translation>`));
  }
});

test("the README lists every property of both packages, and no other", () => {
  const readme = readFileSync(root + "widget-xml/README.md", "utf8");
  const tables = readme.match(/^\| key \| property \|(?:.*\n)+?(?!\|)/gm).join("");
  const listed = [...tables.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key).sort();
  const declared = [keys(classic), keys(pluggable)].flatMap(({ own, entry }) => [...own, ...entry]).sort();
  assert.deepEqual(listed, declared);
});
