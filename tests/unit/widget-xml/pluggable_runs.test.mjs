import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { createRuns, lookAtAction, lookAtReload } from "../../../widget-wasm/host/pluggable_runs.js";
import { FakeAction } from "./support/fake_mendix.mjs";
import { installClock, said } from "./support/fake_page.mjs";

let clock;
let action;
let present;
let runs;
let done;

beforeEach(() => {
  clock = installClock();
  action = new FakeAction();
  runs = createRuns();
  done = 0;
  render();
});
afterEach(() => clock.restore());

/** The page gives new properties. */
function render() {
  present = action.value();
  runs.step();
}

const run = (variables) => runs.add(lookAtAction(() => present, variables), () => done++);

test("an action runs at once, and is over when it is seen to have run", () => {
  run({ payload: "x" });
  assert.deepEqual(action.executions, [{ payload: "x" }]);
  render();
  assert.equal(done, 0);
  action.end();
  render();
  assert.equal(done, 1);
});

test("while it runs for someone else it waits: the client would drop it in silence", () => {
  action.value().execute("a button");
  render();
  run("ours");
  render();
  assert.equal(action.dropped, 0);
  action.end();
  render();
  assert.deepEqual(action.executions, ["a button", "ours"]);
  assert.equal(action.dropped, 0);
});

test("while it cannot be executed it waits", () => {
  action.canExecute = false;
  render();
  run();
  assert.equal(action.executions.length, 0);
  clock.pass(60000);
  render();
  assert.equal(done, 0);
  action.canExecute = true;
  render();
  assert.equal(action.executions.length, 1);
});

test("an action that is disabled during its execution is over when it is enabled again", () => {
  action.disabledDuringExecution = true;
  render();
  run();
  render();
  assert.equal(done, 0);
  action.end();
  render();
  assert.equal(done, 1);
});

test("a render between the start and what shows it does not end the run", () => {
  run();
  present = { ...action.value(), isExecuting: false };
  runs.step();
  assert.equal(done, 0);
  render();
  action.end();
  render();
  assert.equal(done, 1);
});

test("an action that is over before a render shows it is over all the same", () => {
  run();
  action.end();
  render();
  clock.pass(1000);
  assert.equal(done, 1);
});

test("a long action is over when it is, and not before", () => {
  run();
  render();
  clock.pass(3600000);
  assert.equal(done, 0);
});

test("an action that is not there is nothing to run", () => {
  present = undefined;
  run();
  assert.equal(done, 1);
});

test("an action whose object goes while it runs is over", () => {
  run();
  render();
  present = undefined;
  runs.step();
  assert.equal(done, 1);
});

test("an action that throws is said, and over", () => {
  present = { canExecute: true, isExecuting: false, execute: () => { throw new Error("no such variable"); } };
  const lines = said("error", () => run());
  assert.match(lines[0], /no such variable/);
  assert.equal(done, 1);
});

test("after release nothing runs and nothing is told", () => {
  action.canExecute = false;
  render();
  run();
  runs.release();
  action.canExecute = true;
  render();
  clock.pass(1000);
  run();
  assert.equal(action.executions.length, 0);
  assert.equal(done, 0);
});

test("a reload is over when the list is no longer loading", () => {
  const list = { status: "available", reloads: 0, reload: () => list.reloads++ };
  runs.add(lookAtReload(() => list), () => done++);
  assert.equal(list.reloads, 1);
  list.status = "loading";
  runs.step();
  assert.equal(done, 0);
  list.status = "available";
  runs.step();
  assert.equal(done, 1);
});
