// Ports for servers that must know theirs beforehand, or keep it over a restart.
import { createServer } from 'node:net';

// Below what Linux gives to whoever asks for "any": a connection that goes out, or another test's server, cannot take it
// while its own server is not there yet, or is being restarted.
const FIRST = 10_000;
const END = 32_768;
const given = new Set();

/** A port of the loopback that nobody listens on, and that this process has not been given before. */
export async function freePort() {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
