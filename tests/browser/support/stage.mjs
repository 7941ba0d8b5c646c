// What a test plays on: a server, the demo app, and two browsers. All of it is gone after the test.
import { join } from 'node:path';

import { freePort } from '../../support/free_port.mjs';
import { launch, program, repository, scratchFolder, startServer } from '../../support/server_process.mjs';
import { DemoWindow, startBrowser } from './browser.mjs';
import { startDemo } from './demo_app.mjs';

/** @param {boolean} supervised  as in demo/run: pages may ask for a restart of the server, whose store lasts */
export async function openStage({ server: serverOptions, demo: demoOptions, supervised = false } = {}) {
  const folder = supervised && scratchFolder();
  const server = await (supervised ? startSupervised(folder.path) : startServer(serverOptions));
  const demo = await startDemo(server, supervised ? { args: ['--supervisor', pipeIn(folder.path)] } : demoOptions).catch(
    async (error) => {
      // A server that is left would keep the test from ending.
      await server.stop();
      throw error;
    },
  );
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
      if (folder) folder.remove();
    },
  };
}

const pipeIn = (folder) => join(folder, 'supervisor');

/** A server with a durable store, on one port however often it is restarted. */
async function startSupervised(folder) {
  const port = await freePort();
  const flags = ['--listen', `127.0.0.1:${port}`, '--store', `sqlite:${folder}/flowcast.sqlite`, '--drain-time', '0'];
  return launch([pipeIn(folder), program, ...flags], { command: join(repository, 'demo/supervise') }).listening();
}
