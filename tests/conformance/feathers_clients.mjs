// The Feathers clients under test: three generations, each over REST and over sockets of its time.
import { createRequire } from 'node:module';
import { library } from './socket_io_versions.mjs';

const require = createRequire(import.meta.url);
const load = (name) => {
  const module = require(name);
  return module.default ?? module;
};

const generations = {
  3: { feathers: 'feathers-3', rest: 'feathers-3-rest-client', socketio: 'feathers-3-socketio-client', authentication: 'feathers-3-authentication-client' },
  4: { feathers: 'feathers-4', rest: 'feathers-4-rest-client', socketio: 'feathers-4-socketio-client', authentication: 'feathers-4-authentication-client' },
  5: { feathers: '@feathersjs/feathers', rest: '@feathersjs/rest-client', socketio: '@feathersjs/socketio-client', authentication: '@feathersjs/authentication-client' },
};

// Socket clients that each generation was used with. 1.7 encodes text twice when it polls, so that only another 1.7 reads it back.
const sockets = {
  3: [['1.7', 'websocket'], ['2.5', 'websocket'], ['2.5', 'polling']],
  4: [['2.5', 'websocket'], ['2.5', 'polling']],
  5: [['4.0', 'websocket'], ['4.8', 'websocket'], ['4.8', 'polling']],
};

/** All clients: `{name, generation, carrier: 'rest' | 'socket', open(url)}`; `open` gives `{app, socket?, close()}`. */
export const feathersClients = Object.entries(generations).flatMap(([generation, names]) => [
  {
    name: `Feathers ${generation} over REST`,
    generation: Number(generation),
    carrier: 'rest',
    open(url) {
      const app = load(names.feathers)();
      app.configure(load(names.rest)(url).fetch(globalThis.fetch));
      return { app, close() {} };
    },
    authentication: load(names.authentication),
  },
  ...sockets[generation].map(([version, transport]) => ({
    name: `Feathers ${generation} over socket.io-client ${version}, ${transport}`,
    generation: Number(generation),
    carrier: 'socket',
    open(url) {
      const socket = library(version)(url, { forceNew: true, transports: [transport] });
      const app = load(names.feathers)();
      app.configure(load(names.socketio)(socket));
      return { app, socket, close: () => socket.close() };
    },
    authentication: load(names.authentication),
  })),
]);
