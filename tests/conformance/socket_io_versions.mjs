// The Socket.IO clients under test and the ways they can travel.
import { createRequire } from 'node:module';
import { until } from '../support/deadline.mjs';

const require = createRequire(import.meta.url);

export const versions = ['1.7', '2.0', '2.5', '3.1', '4.0', '4.8'];
export const speaksRevision4 = (version) => Number(version) >= 3;

/** Name of the way → options of the client, and the transport it must end on. */
export const ways = {
  websocket: { options: { transports: ['websocket'] }, ends: 'websocket' },
  polling: { options: { transports: ['polling'] }, ends: 'polling' },
  upgrade: { options: { transports: ['polling', 'websocket'] }, ends: 'websocket' },
  'base64 polling': { options: { transports: ['polling'], forceBase64: true }, ends: 'polling' },
  'base64 websocket': { options: { transports: ['websocket'], forceBase64: true }, ends: 'websocket' },
};

export function library(version) {
  return require(`socket.io-client-${version}`);
}

/** A client on a connection of its own. It is not yet connected: listeners can still be added. */
export function client(version, url, way, options = {}) {
  return library(version)(url, { forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 50, ...ways[way]?.options, ...options });
}

/**
 * Resolves with the socket when it is connected, and on the transport that its way promises. A busy machine may lose the
 * session within its upgrade: the client then comes back with another engine, which upgrades in turn.
 */
export async function connected(socket, way) {
  await until(() => socket.connected && socket.io.engine.transport.name === ways[way].ends, `connection by ${way}`);
  return socket;
}

/** conformance-server's patience is 200 ms: where a busy machine lost the session within a test, that is done again. */
export async function onSession(socket, test) {
  for (;;) {
    const { engine } = socket.io;
    try {
      return await test();
    } catch (error) {
      if (socket.io.engine === engine) throw error;
      await until(() => socket.connected, 'connection');
    }
  }
}

export const failure = (version) => (version.startsWith('1') || version.startsWith('2') ? 'error' : 'connect_error');
