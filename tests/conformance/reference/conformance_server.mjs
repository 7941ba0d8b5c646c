#!/usr/bin/env node
// What build/bin/conformance-server does, written with socket.io itself: the handlers that the public Engine.IO and Socket.IO
// suites expect. The tests here run against it too, which proves the tests.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { announce } from './flags.mjs';

const { Server: EngineServer } = createRequire(createRequire(import.meta.url).resolve('socket.io'))('engine.io');
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });

const limits = { pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 1_000_000, allowEIO3: true, cors: { origin: '*' } };
const server = createServer();
const engine = new EngineServer(limits);
engine.attach(server, { path: '/engine.io/' });
engine.on('connection', (socket) => socket.on('message', (message) => socket.send(message)));

const io = new Server(server, { ...limits, connectTimeout: 1000 });
io.on('connection', (socket) => {
  socket.emit('auth', socket.handshake.auth);
  socket.on('message', (...args) => socket.emit('message-back', ...args));
  socket.on('message-with-ack', (...args) => args.pop()(...args));
  socket.on('emit-with-ack', (...args) => socket.emit('emit-with-ack', ...args, (...answer) => socket.emit('emit-with-ack', ...answer)));
});
io.of('/custom').on('connection', (socket) => socket.emit('auth', socket.handshake.auth));

announce(server);
server.listen(Number(values.port), '127.0.0.1');
