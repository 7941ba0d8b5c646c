#!/usr/bin/env node
/**
 * Checks that Flowcast works, as `demo/run --check`: starts the server and the demo app on free ports, opens a record in
 * two browsers, saves in one, and looks at the other. Exits 0, or 1 with a line that says why.
 */
import { startServer } from "../tests/support/server_process.mjs";
import { DemoWindow, startBrowser, ways } from "../tests/browser/support/browser.mjs";
import { orders, publish, startDemo } from "../tests/browser/support/demo_app.mjs";

/** How long a change may take from one browser to the other. */
const SOON = 1000;

const running = [];

async function check(server, demo, way) {
  const browsers = await Promise.all([startBrowser(), startBrowser()]);
  running.push(...browsers.map((browser) => () => browser.close()));
  const open = async (browser, guid, user) => {
    const window = await DemoWindow.open(browser, demo, { path: `order/${guid}`, way, user, onlyChanges: true });
    return window.live().catch(() => {
      throw new Error(
        `${user}'s widget did not connect to ${server.url}: ${window.console.map(({ text }) => text).join("; ")}`,
      );
    });
  };
  const [saved, other] = orders;
  const anna = await open(browsers[0], saved, "Anna");
  const ben = await open(browsers[1], saved, "Ben");
  const bystander = await open(browsers[1], other, "Ben");

  const customer = `Checked at ${new Date().toISOString()}`;
  await anna.fill("Customer", customer);
  const start = performance.now();
  await anna.press("Save");
  await ben.shows("Customer", customer, SOON).catch(() => {
    throw new Error(`the save in one browser did not show in the other within ${SOON} ms`);
  });
  const took = Math.round(performance.now() - start);

  // A change of the bystander's own record, after the save: when that is there, the save's event would be, too.
  await publish(server, other);
  await bystander.page.waitForSelector(".latest[data-runs]").catch(() => {
    throw new Error("a change of the second record did not reach the window that shows it");
  });
  const runs = await bystander.page.locator(".latest").getAttribute("data-runs");
  if (runs !== "1") throw new Error("a save refreshed a window that shows a record with another GUID");
  console.log(`  ok  ${way.name}: shown in the other browser after ${took} ms; the other record was left alone`);
}

try {
  const server = await startServer();
  running.push(() => server.stop());
  const demo = await startDemo(server);
  running.push(() => demo.stop());
  for (const way of ways) await check(server, demo, way);
  console.log("Check passed: a save in one browser shows in the other.");
} catch (error) {
  console.error(`Check failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const stop of running.reverse()) await stop().catch((error) => console.error(error.message));
}
