// The one table of how Flowcast's answers differ from Node's, each with its reason. What is not listed here is the same to the byte.
import assert from 'node:assert/strict';

/** Headers that are left out of the comparison, on either side. */
const headers = new Map([
  ['date', 'the time of the answer'],
  ['connection', 'both honour what the request asks; Node echoes its own default'],
  ['keep-alive', "a hint about Node's own idle timeout"],
  ['x-powered-by', 'an advertisement of Express; a server does well not to say what it is made of'],
]);

const rows = [];

export function differenceOf(capture, name) {
  return rows.find((row) => capture.startsWith(row.capture) && (row.exchanges?.includes(name) ?? row.matches?.test(name)));
}

const comparable = (list) =>
  list
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => !headers.has(name))
    .map((pair) => pair.join(': '))
    .sort();

export function sameHeaders(ours, nodes) {
  assert.deepEqual(comparable(ours), comparable(nodes));
}
