// Starts the demo app, on the widgets out of the built packages, beside a server under test.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { built, launch, repository } from '../../support/server_process.mjs';

const folder = process.env.FLOWCAST_DEMO_DEPLOYMENT ?? join(repository, 'build/deployment');
const demoProgram = process.env.FLOWCAST_DEMO_BIN ?? built('flowcast-demo');

/** The orders that the app begins with, by the order in which they were made: their GUIDs follow each other. */
export const orders = Array.from({ length: 8 }, (_, index) => String((117n << 48n) + 1n + BigInt(index)));

/**
 * Starts the demo app on a free port.
 * @param {{url: string}} server  the Flowcast server that its microflows publish to, and its pages listen to
 */
export async function startDemo(server, { args = [] } = {}) {
  if (!existsSync(join(folder, 'deployed'))) throw new Error(`There is nothing in ${folder}: run demo/deploy first`);
  const { url } = server;
  const given = ['--port', '0', '--flowcast', url, '--flowcast-for-pages', url, '--deployment', folder];
  const demo = await launch([...given, ...args], { command: demoProgram }).listening();
  return Object.assign(demo, {
    /** Changes the app's constants. */
    async set(settings) {
      const response = await fetch(`${demo.url}/demo/settings`, { method: 'PATCH', body: JSON.stringify(settings) });
      if (!response.ok) throw new Error(await response.text());
    },
    /** How often a microflow ran: `{runs, mostAtOnce}`. */
    async statistics(microflow) {
      const all = await (await fetch(`${demo.url}/demo/statistics`)).json();
      return all[microflow] ?? { runs: 0, mostAtOnce: 0 };
    },
  });
}

/** Publishes a record as a microflow's REST call does. */
export async function publish(server, key, { service = 'microflow' } = {}) {
  const response = await fetch(`${server.url}/${service}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: key }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}
