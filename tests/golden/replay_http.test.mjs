// Replays the recorded REST exchanges in their order, and compares status, headers and body.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fetchRaw } from '../support/raw_http.mjs';
import { isReference, startServer } from '../support/server_process.mjs';
import { httpExchanges } from './captures.mjs';
import { differenceOf, sameFeathers3Headers, sameHeaders } from './differences.mjs';

const feathers5 = 'http-f5.jsonl';
const feathers3 = 'http-f3.jsonl';

const ofFeathers5 = new Map(httpExchanges(feathers5).map((exchange) => [exchange.name, exchange]));

/** What Flowcast is held to: the recorded answer, and how its own may differ. */
function expectation(capture, exchange) {
  if (isReference) return { recorded: exchange };
  const difference = differenceOf(capture, exchange.name);
  if (!difference?.asFeathers5) return { recorded: exchange, difference, isFeathers3: capture === feathers3 };
  return { recorded: ofFeathers5.get(exchange.name), difference: differenceOf(feathers5, exchange.name) };
}

for (const capture of [feathers5, feathers3]) {
  // A Feathers 3 server has other rules than 5; only Flowcast is asked to please both.
  describe(capture, { skip: isReference && capture === feathers3 }, () => {
    let server;
    before(async () => {
      server = await startServer();
    });
    after(() => server.stop());

    for (const exchange of httpExchanges(capture)) {
      const { name, method, path, headers, body } = exchange;
      it(name, async () => {
        const answer = await fetchRaw(server.port, method, path, { headers, body });
        const { recorded, difference, isFeathers3 } = expectation(capture, exchange);
        if (isReference && recorded.respBody.startsWith('<html>(')) return; // its error page was not recorded whole
        if (difference?.check) difference.check(answer);
        else {
          assert.equal(answer.status, difference?.status ?? recorded.status, answer.text);
          assert.equal(answer.text, difference?.body ?? recorded.respBody);
        }
        if (!difference && isFeathers3) sameFeathers3Headers(answer.headers, recorded.respHeaders);
        else if (!difference || difference.headers) sameHeaders(answer.headers, recorded.respHeaders, difference);
        for (const catchUp of difference?.then ?? []) {
          const done = await fetchRaw(server.port, catchUp.method, catchUp.path, { ...catchUp, headers: { 'Content-Type': 'application/json' } });
          assert.ok(done.status < 300, `${catchUp.method} ${catchUp.path}: ${done.status} ${done.text}`);
        }
      });
    }
  });
}
