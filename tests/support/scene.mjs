// What a test sets up, and is taken down after it, the last first.
import { afterEach } from 'node:test';
import { PacketClient } from './packet_client.mjs';
import { scratchFolder, startServer } from './server_process.mjs';

/** Functions that undo; each is called once, after the test. */
export const cleanup = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

export async function start(options) {
  const server = await startServer(options);
  cleanup.push(() => server.stop());
  return server;
}

/** The path of a folder of its own. */
export function scratch() {
  const made = scratchFolder();
  cleanup.push(made.remove);
  return made.path;
}

/** A client that has had its open packet. */
export async function open(port, options) {
  const client = await PacketClient.connect(port, options);
  cleanup.push(() => (client.socket ? client.socket.abort() : client.close().catch(() => {})));
  await client.next('open packet');
  return client;
}

/** One that is connected to the main namespace; `reply` is the packet that said so. */
export async function connect(port, auth, options = {}) {
  const client = await open(port, options);
  // Clients of Engine.IO 3 are connected unasked.
  if (options.eio !== 3) client.send(`40${auth ? JSON.stringify(auth) : ''}`);
  client.reply = await client.next('connect packet');
  return client;
}
