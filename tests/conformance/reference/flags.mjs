// The flags of flowcast-server that the reference servers understand too.
import { parseArgs } from 'node:util';

export function readFlags() {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '127.0.0.1:0' },
      service: { type: 'string', multiple: true, default: ['microflow'] },
      store: { type: 'string', default: 'memory' },
      'start-id': { type: 'string', default: '0' },
      'ping-interval': { type: 'string', default: '25000' },
      'ping-timeout': { type: 'string', default: '20000' },
      'connect-timeout': { type: 'string', default: '45000' },
      'drain-time': { type: 'string', default: '0' },
      'max-payload': { type: 'string', default: '1000000' },
    },
  });
  const [, host, port] = /^(.*):(\d+)$/.exec(values.listen);
  return {
    host,
    port: Number(port),
    services: values.service,
    startId: Number(values['start-id']),
    pingInterval: Number(values['ping-interval']),
    pingTimeout: Number(values['ping-timeout']),
    connectTimeout: Number(values['connect-timeout']),
    maxPayload: Number(values['max-payload']),
  };
}

export function announce(server) {
  server.on('listening', () => {
    const { address, port } = server.address();
    console.log(`listening on http://${address}:${port}`);
  });
  process.on('SIGTERM', () => process.exit(0));
}
