import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { ALPHABET } from "../../../widget-wasm/host/unpack.js";
import { zip } from "../../../packaging/mpk/zip.mjs";

/** The packages as built, and their version: as CMake has them. */
const { FLOWCAST_DIST: dist, FLOWCAST_VERSION: version } = process.env;
const verifier = fileURLToPath(new URL("../../../packaging/mpk/verify.mjs", import.meta.url));
let folder;

before(() => (folder = mkdtempSync(join(tmpdir(), "flowcast-verify-"))));
after(() => rmSync(folder, { recursive: true }));

function filesOf(mpk) {
  const names = execFileSync("unzip", ["-Z1", join(dist, mpk)], { encoding: "utf8" }).trim().split("\n");
  return new Map(names.map((name) => [name, execFileSync("unzip", ["-p", join(dist, mpk), name], { maxBuffer: 64 << 20 })]));
}

/** What the verifier says of a package that was changed. */
function verify(mpk, change = () => {}, asVersion = version) {
  const files = filesOf(mpk);
  change(files);
  writeFileSync(join(folder, mpk), zip(files));
  const { status, stderr } = spawnSync("node", [verifier, "--version", asVersion, join(folder, mpk)], { encoding: "utf8" });
  return { status, stderr };
}

const replace = (files, name, from, to) => {
  const text = files.get(name).toString("utf8");
  assert.notEqual(text.replace(from, to), text, "the change changes nothing");
  files.set(name, Buffer.from(text.replace(from, to)));
};

function expectFault(pattern, mpk, change, asVersion) {
  const { status, stderr } = verify(mpk, change, asVersion);
  assert.match(stderr, pattern);
  assert.equal(status, 1);
}

test("packed anew, a package is the same bytes", () => {
  for (const mpk of ["Flowcast.mpk", "FlowcastClassic.mpk"]) {
    assert.deepEqual(zip(filesOf(mpk)), readFileSync(join(dist, mpk)));
  }
});

test("another version is a fault", () => expectFault(/the version is not 9\.9\.9/, "Flowcast.mpk", undefined, "9.9.9"));

test("a file that is missing, and one too many, are faults", () => {
  expectFault(/Flowcast\.mjs is missing/, "Flowcast.mpk", (files) => files.delete("io/flowcast/flowcast/Flowcast.mjs"));
  expectFault(/notes\.txt does not belong in it/, "FlowcastClassic.mpk", (files) => files.set("notes.txt", Buffer.from("x")));
});

test("another widget id is a fault", () => {
  expectFault(/pages that use it would lose it/, "Flowcast.mpk", (files) => replace(files, "Flowcast.xml", "io.flowcast.flowcast.Flowcast", "io.flowcast.Flowcast"));
});

test("a property that the code does not know is a fault", () => {
  expectFault(/nothing with the property volume/, "FlowcastClassic.mpk", (files) => replace(files, "FlowcastClassic.xml", 'key="throttle"', 'key="volume"'));
  expectFault(/Flowcast\.mjs does nothing with the property volume/, "Flowcast.mpk", (files) => replace(files, "Flowcast.xml", 'key="throttle"', 'key="volume"'));
});

test("a picture of another size is a fault", () => {
  expectFault(/Flowcast\.icon\.png is 256×192, not 64×64/, "Flowcast.mpk", (files) => files.set("Flowcast.icon.png", files.get("Flowcast.tile.png")));
});

test("a script that is too large is a fault", () => {
  // Pseudo-random, so that no compression makes little of it.
  let state = 1;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
  const padding = Array.from({ length: 20000 }, () => String.fromCharCode(33 + (next() % 57))).join("");
  expectFault(/FlowcastClassic\.js is \d+ bytes, more than/, "FlowcastClassic.mpk", (files) => {
    const name = "Flowcast/widget/FlowcastClassic.js";
    files.set(name, Buffer.concat([files.get(name), Buffer.from("//" + padding.replace(/[^!-~]/g, ""))]));
  });
});

test("code that a strict policy forbids is a fault", () => {
  expectFault(/strict Content-Security-Policy/, "Flowcast.mpk", (files) => replace(files, "io/flowcast/flowcast/Flowcast.mjs", /$/, ";eval('1')"));
});

test("a core that is damaged is a fault", () => {
  expectFault(/is no WebAssembly/, "Flowcast.mpk", (files) => {
    const packed = new RegExp(`([${ALPHABET.replace(/\W/g, "\\$&")}]{2000})([${ALPHABET.replace(/\W/g, "\\$&")}]{2000})`);
    replace(files, "io/flowcast/flowcast/Flowcast.js", packed, "$2$1");
  });
});
