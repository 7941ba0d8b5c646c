// What a test plays on: a server, the demo app, and two browsers. All of it is gone after the test.
import { startServer } from '../../support/server_process.mjs';
import { DemoWindow, startBrowser } from './browser.mjs';
import { startDemo } from './demo_app.mjs';

export async function openStage({ server: serverOptions, demo: demoOptions } = {}) {
  const server = await startServer(serverOptions);
  const demo = await startDemo(server, demoOptions);
  const browsers = await Promise.all([startBrowser(), startBrowser()]);
  let windows = [];
  return {
    server,
    demo,
    /** A window in one browser or the other. */
    async open(options, browser = 0) {
      const window = await DemoWindow.open(browsers[browser], demo, options);
      windows.push(window);
      return window;
    },
    /** Two windows on the same page, one in each browser: Anna's and Ben's. */
    async openTwo(options) {
      const two = await Promise.all(
        ['Anna', 'Ben'].map((user, index) => this.open({ ...options, user, ...options[user] }, index)),
      );
      return Promise.all(two.map((window) => window.live()));
    },
    async closeWindows() {
      await Promise.all(windows.splice(0).map((window) => window.close()));
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await demo.stop();
      await this.server.stop();
    },
  };
}
