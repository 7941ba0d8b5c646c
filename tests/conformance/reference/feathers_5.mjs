#!/usr/bin/env node
// A plain Feathers 5 server, set up as the captures in tests/golden were made: in memory, `multi` allowed, 10 records a page,
// at most 50, CORS on, both Engine.IO revisions. It takes flowcast-server's flags, so that the tests can be run against it.
import { feathers } from '@feathersjs/feathers';
import express from '@feathersjs/express';
import socketio from '@feathersjs/socketio';
import { MemoryService } from '@feathersjs/memory';
import { announce, readFlags } from './flags.mjs';

const flags = readFlags();
const app = express.default(feathers());
app.use(express.cors());
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.configure(express.rest());
app.configure(
  socketio({
    allowEIO3: true,
    pingInterval: flags.pingInterval,
    pingTimeout: flags.pingTimeout,
    connectTimeout: flags.connectTimeout,
    maxHttpBufferSize: flags.maxPayload,
    cors: { origin: '*' },
  }),
);
for (const service of flags.services) {
  app.use(service, new MemoryService({ multi: true, startId: flags.startId, paginate: { default: 10, max: 50 } }));
}
app.use(express.notFound());
app.use(express.errorHandler({ logger: false }));
app.on('connection', (connection) => app.channel('everybody').join(connection));
app.publish(() => app.channel('everybody'));
announce(await app.listen(flags.port, flags.host));
