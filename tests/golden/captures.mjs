// Reads the captures: what Node servers answered, as it was recorded (README.md says how).
import { readFileSync } from 'node:fs';

const file = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The REST exchanges of http-*.jsonl: `{name, method, path, headers, body, status, respHeaders, respBody}`. */
export function httpExchanges(name) {
  return file(name)
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const exchange = JSON.parse(line);
      // The one body that was too long to record: a record with a text of 110 KiB.
      if (typeof exchange.body === 'object') exchange.body = JSON.stringify({ text: 'x'.repeat(exchange.body.length - '{"text":""}'.length) });
      return exchange;
    });
}

/** The raw exchanges of engine-*.txt: `{name, request, response}`, both bytes. */
export function engineExchanges(name) {
  return file(name)
    .split(/^##### /m)
    .slice(1)
    .map((part) => {
      const [, title, request, response] = /^(.*)\n>>>>>\n([^]*)\n<<<<<\n([^]*?)\n*$/.exec(part);
      return { name: title, request: requestBytes(request), response: Buffer.from(response, 'latin1') };
    });
}

// Requests were recorded as UTF-8, where the byte ff of a binary polling payload had no place.
function requestBytes(text) {
  const long = /^([^]*)\.\.\.\[(\d+) bytes\]$/.exec(text);
  if (long) text = long[1].padEnd(Number(long[2]), 'x');
  return Buffer.concat(text.split(/(\ufffd)/).map((piece) => (piece === '\ufffd' ? Buffer.from([0xff]) : Buffer.from(piece, 'utf8'))));
}

/**
 * The steps of wire-*.txt, in order, with the packets of polling payloads taken apart:
 * `{who, does: 'connect', eio, transport}`, `{who, does: 'send' | 'expect', packet}`, `{who, does: 'close'}`, and for REST
 * `{does: 'request', method, path, headers, body, status, respHeaders, respBody}`.
 */
export function wireSteps(name) {
  const steps = [];
  const lines = file(name).split('\n');
  let rest;
  for (let at = 0; at < lines.length; at += 1) {
    const [, who, arrow, carrier, isHead, text] = /^([A-Z])([<>]) (ws|http) (\[head\] )?([^]*)$/.exec(lines[at]) ?? [];
    if (!who) continue;
    const headers = [];
    while (isHead && lines[at + 1]?.includes(': ') && !/^[A-Z][<>#] /.test(lines[at + 1])) headers.push(lines[(at += 1)].split(/: (.*)/s).slice(0, 2));
    if (who === 'R') {
      if (isHead && arrow === '>') {
        rest = { does: 'request', method: text.split(' ')[0], path: text.split(' ')[1], headers: Object.fromEntries(headers) };
        steps.push(rest);
      } else if (isHead) Object.assign(rest, { status: Number(text.split(' ')[1]), respHeaders: headers });
      else rest[arrow === '>' ? 'body' : 'respBody'] = text;
    } else if (isHead) {
      const target = /GET \S*EIO=(\d)&transport=(\w+)(&sid=)?/.exec(text);
      if (arrow === '>' && target && !target[3]) steps.push({ who, does: 'connect', eio: Number(target[1]), transport: target[2] });
      else if (arrow === '>' && target?.[2] === 'websocket') steps.push({ who, does: 'upgrade' });
    } else if (text.startsWith('[close]')) {
      steps.push({ who, does: 'close' });
    } else if (carrier === 'ws') {
      if (!/^[25]$|^[23]probe$/.test(text) || text === '2') steps.push({ who, does: arrow === '>' ? 'send' : 'expect', packet: text });
    } else if (!(arrow === '<' && text === 'ok')) {
      for (const packet of packets(text)) if (packet !== '6') steps.push({ who, does: arrow === '>' ? 'send' : 'expect', packet });
    }
  }
  return steps;
}

function packets(payload) {
  if (!/^\d+:/.test(payload)) return payload.split('\\x1e');
  const found = [];
  for (let rest = payload; rest; ) {
    const [, length] = /^(\d+):/.exec(rest);
    const start = length.length + 1;
    found.push(rest.slice(start, start + Number(length)));
    rest = rest.slice(start + Number(length));
  }
  return found;
}
