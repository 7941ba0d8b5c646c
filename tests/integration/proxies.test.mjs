// The proxies' settings that are packed, with the real proxies: websockets and polling come through, and clients are told apart.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../support/deadline.mjs';
import { freePort } from '../support/free_port.mjs';
import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { cleanup } from '../support/scene.mjs';
import { repository, scratchFolder, startServer } from '../support/server_process.mjs';

const proxies = {
  nginx: { file: 'nginx.conf', command: (path) => ['nginx', '-e', 'stderr', '-c', path, '-g', 'daemon off;'] },
  HAProxy: { file: 'haproxy.cfg', command: (path) => ['haproxy', '-db', '-f', path] },
};

for (const [name, { file, command }] of Object.entries(proxies)) {
  describe(name, () => {
    async function start(...more) {
      const scratch = scratchFolder();
      cleanup.push(scratch.remove);
      const nodes = [];
      for (const _ of 'abc') {
        const node = await startServer({ args: ['--trusted-proxy', '127.0.0.1', '--max-publishes', '1000', ...more] });
        cleanup.push(() => node.stop());
        nodes.push(node);
      }
      const port = await freePort();
      const path = join(scratch.path, file);
      const text = readFileSync(join(repository, 'packaging/proxies', file), 'utf8')
        .replaceAll('node-a:3030', `127.0.0.1:${nodes[0].port}`)
        .replaceAll('node-b:3030', `127.0.0.1:${nodes[1].port}`)
        .replaceAll('node-c:3030', `127.0.0.1:${nodes[2].port}`)
        .replace(/^( *)(listen|bind) :?8443/m, `$1$2 127.0.0.1:${port}`)
        .replaceAll('/tmp/flowcast-nginx', join(scratch.path, 'nginx'))
        .replace('worker_connections 65536', 'worker_connections 512')
        .replace('maxconn 100000', 'maxconn 400');
      writeFileSync(path, text);
      const [program, ...args] = command(path);
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
      const gone = new Promise((over) => child.once('exit', over));
      cleanup.push(() => (child.kill('SIGTERM'), gone));
      await until(
        () => fetchRaw(port, 'GET', '/healthz').then((answer) => answer?.status === 200, () => false),
        `answer through ${program}`,
        20_000,
      ).catch((error) => {
        throw new Error(`${error.message}; it said: ${said}`);
      });
      return port;
    }

    it('passes websockets, polling and publishes on', async () => {
      const port = await start();
      for (const transport of ['websocket', 'polling']) {
        const client = await PacketClient.connect(port, { transport });
        cleanup.push(() => (client.socket ? client.socket.abort() : client.close().catch(() => {})));
        await client.next('open packet');
        await client.send('40');
        assert.match(await client.next('connect packet'), /^40/);
        // Of all clients here the address is the same, so that they are on one node.
        const answer = await fetchRaw(port, 'POST', '/microflow', { headers: { 'Content-Type': 'application/json' }, body: `{"text":"${transport}"}` });
        assert.equal(answer.status, 201, answer.text);
        assert.match(await client.next('event'), new RegExp(`created".*${transport}`));
      }
    });

    it('passes the status page on, with its stream', async () => {
      const port = await start('--publisher-key', `looks:${createHash('sha256').update('the key').digest('hex')}:observe`);
      assert.equal((await fetchRaw(port, 'GET', '/status')).status, 200);
      const client = await PacketClient.connect(port, { headers: { Host: `push.example:${port}`, Origin: `http://push.example:${port}` } });
      cleanup.push(() => client.socket.abort());
      await client.next('open packet');
      client.send('40/status,{"token":"the key"}');
      assert.match(await client.next('connect packet'), /^40\/status,{/);
    });
  });
}
