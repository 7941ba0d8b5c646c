// The one table of how Flowcast's answers differ from Node's, each with its reason. What is not listed here is the same to the byte.
import assert from 'node:assert/strict';

/** Headers that are left out of the comparison, on either side. */
const headers = new Map([
  ['date', 'the time of the answer'],
  ['connection', 'both honour what the request asks; Node echoes its own default'],
  ['keep-alive', "a hint about Node's own idle timeout"],
  ['x-powered-by', 'an advertisement of Express; a server does well not to say what it is made of'],
]);

/**
 * Connection state recovery: off in the captures, where Feathers could not have used it, and always on with us. Clients of revision 4
 * get a `pid` and, with each event, its offset as a last argument.
 */
export function withoutRecovery(packet) {
  return packet.replace(/^(40\{"sid":"[^"]*"),"pid":"[^"]*"/, '$1').replace(/^(42\["\w+ (?:created|updated|patched|removed)",.*\}),"[\w.-]+"\]$/, '$1]');
}

const create = (record) => ({ method: 'POST', path: '/microflow', body: JSON.stringify(record) });
const error = (name, className, code, message, data) => JSON.stringify({ name, message, code, className, ...(data && { data }) });
const badRequest = (message) => ({ status: 400, body: error('BadRequest', 'bad-request', 400, message) });
const unsupported = (message) => ({ status: 415, body: error('UnsupportedMediaType', 'unsupported-media-type', 415, message) });
const noRecord = 'A record must be a JSON object, such as {"text":"…"}';
const heardByBoth = (kind, record, ack) => {
  const event = `42["microflow ${kind}",${record}]`;
  return { B: [event], A: ack ? [event, `${ack}[null,${record}]`] : [event] };
};
const page = (...records) => `{"total":${records.length},"limit":10,"skip":0,"data":[${records}]}`;
const notFound = (message, data) => ({ status: 404, body: error('NotFound', 'not-found', 404, message, data) });
const engineError = (code, message) => ({ status: 400, body: JSON.stringify({ code, message }) });

/**
 * `capture`: the beginning of the file's name. `exchanges`: their names there. `status` and `body`: our answer. `check`: what it is
 * held to instead. `headers`: what ours has besides. `hears`: what each client hears with us. `skip`: not sent. `then`: requests
 * that bring our records to where Node's are, so that all that follows can be compared as it is. `asFeathers5`: where Feathers 3 and
 * 5 differ, and Flowcast is held to what Feathers 5 answered to the same request, with the differences from that.
 */
const rows = [
  {
    reason: "errors are those of Feathers 5: Feathers 3's had an empty `errors` besides",
    capture: 'http-f3',
    exchanges: [
      'list-unknown-op',
      'list-regex-op',
      'get-query-mismatch',
      'get-missing',
      'get-missing-any',
      'get-missing-no-accept',
      'put-missing',
      'put-no-id',
      'put-array',
      'put-root',
      'patch-missing',
      'delete-1-again',
      'deep-path',
      'unknown-service-json',
      'unknown-service-any',
      'unknown-service-post',
      'root',
    ],
    asFeathers5: true,
  },
  {
    reason: 'a limit that is no limit is as good as none, as in Feathers 5: Feathers 3 takes it for 1, or for nothing at all',
    capture: 'http-f3',
    exchanges: ['list-limit-negative', 'list-limit-nan'],
    asFeathers5: true,
  },
  {
    reason: 'the id comes with what is selected, as in Feathers 5: a client that keeps a list of records needs it',
    capture: 'http-f3',
    exchanges: ['list-select', 'list-select-two', 'list-after'],
    asFeathers5: true,
  },
  { reason: '`$and` is of Feathers 5', capture: 'http-f3', exchanges: ['list-and'], asFeathers5: true },
  { reason: 'the words are those of Feathers 5', capture: 'http-f3', exchanges: ['list-unknown-filter'], asFeathers5: true },
  {
    reason: "a comma is a character like others, as in Feathers 5: Feathers 3's `$in` found parts of a text",
    capture: 'http-f3',
    exchanges: ['list-in-comma'],
    asFeathers5: true,
  },
  { reason: 'an id like any other, as in Feathers 5', capture: 'http-f3', exchanges: ['get-bad-pct'], asFeathers5: true },
  {
    reason: 'to create at an id is to create, as in Feathers 5; all ids from here on are two above those of Feathers 3, which did not',
    capture: 'http-f3',
    exchanges: ['post-to-id', 'method-override'],
    asFeathers5: true,
  },
  {
    reason: 'the same',
    capture: 'http-f3',
    exchanges: ['expect-100', 'chunked-request'],
    asFeathers5: true,
  },
  { reason: 'a method that is not known is not allowed, as in Feathers 5', capture: 'http-f3', exchanges: ['trace', 'propfind'], asFeathers5: true },
  { reason: 'the header is of Feathers 5: Feathers 3 knew no custom methods', capture: 'http-f3', exchanges: ['service-method-header'], asFeathers5: true },
  { reason: 'upper and lower case are two things, as in Feathers 5', capture: 'http-f3', exchanges: ['case-path'], asFeathers5: true },
  {
    reason: 'no compression, as in Feathers 5: a page of records is small, and a proxy in front compresses what is not',
    capture: 'http-f3',
    exchanges: ['list-big-gzip'],
    asFeathers5: true,
  },
  {
    reason: 'a body in a form that the server cannot read is refused: Node drops it in silence and creates an empty record',
    capture: 'http-',
    exchanges: ['create-no-content-type'],
    ...unsupported('the request has no Content-Type: send Content-Type: application/json'),
    then: [create({})],
  },
  {
    reason: 'the same',
    capture: 'http-',
    exchanges: ['create-text-plain'],
    ...unsupported('the Content-Type is `text/plain`: send Content-Type: application/json'),
    then: [create({})],
  },
  {
    reason: 'the same',
    capture: 'http-',
    exchanges: ['create-xml'],
    ...unsupported('the Content-Type is `application/xml`: send Content-Type: application/json'),
    then: [create({})],
  },
  {
    reason: "what is no JSON object is the client's error, not the server's",
    capture: 'http-',
    exchanges: ['create-null', 'create-number', 'create-string'],
    ...badRequest('A record must be a JSON object, such as {"text":"…"}'),
  },
  {
    reason: "malformed JSON is the client's error, not the server's",
    capture: 'http-',
    exchanges: ['create-malformed', 'create-malformed-no-accept'],
    ...badRequest('The record is not valid JSON: the text ends too early at byte 9'),
  },
  {
    reason: "a character set that the server cannot read is the client's error",
    capture: 'http-',
    exchanges: ['create-charset-latin1'],
    ...unsupported('unsupported charset "ISO-8859-1"'),
  },
  {
    reason: 'the same',
    capture: 'http-',
    exchanges: ['create-charset-bad'],
    ...unsupported('unsupported charset "FOO"'),
  },
  {
    reason: "a body that is too large is the client's error",
    capture: 'http-',
    exchanges: ['create-too-large'],
    status: 413,
    body: error('PayloadTooLarge', 'payload-too-large', 413, 'request entity too large'),
  },
  {
    reason: 'to create a record with an id that is taken is a conflict: Node overwrites it in silence',
    capture: 'http-',
    exchanges: ['create-existing-id-1'],
    status: 409,
    body: error('Conflict', 'conflict', 409, "There is a record with id '1' already: update or patch it, or leave the id out to get a new one"),
    then: [{ method: 'PUT', path: '/microflow/1', body: '{"id":1,"text":"guid-1","replaced":true}' }],
  },
  {
    reason: 'values in a URL are compared as numbers where the field is one: Node compares text with numbers and finds nothing',
    capture: 'http-',
    exchanges: ['list-eq-number-as-string'],
    body: page('{"text":"a","n":3,"id":3}'),
  },
  { reason: 'the same', capture: 'http-', exchanges: ['list-lt'], body: page('{"text":"a","n":3,"id":3}') },
  { reason: 'the same', capture: 'http-', exchanges: ['list-lte'], body: page('{"text":"a","n":3,"id":3}', '{"text":"b","n":4,"id":4}') },
  { reason: 'the same', capture: 'http-', exchanges: ['list-gt'], body: page('{"text":"b","n":4,"id":4}', '{"text":"sel","n":7,"id":13}') },
  {
    reason: 'the same',
    capture: 'http-',
    exchanges: ['list-gte'],
    body: page('{"text":"a","n":3,"id":3}', '{"text":"b","n":4,"id":4}', '{"text":"sel","n":7,"id":13}'),
  },
  {
    reason: 'the same, within an array',
    capture: 'http-',
    exchanges: ['list-dot'],
    body: page('{"text":"héllo € 😀","nested":{"a":[1,null,true]},"id":12}'),
  },
  {
    reason: 'an id in a URL is decoded, as in Feathers 3: Feathers 5 cannot reach a record whose id has such characters',
    capture: 'http-',
    exchanges: ['get-encoded-id'],
    ...notFound("No record found for id 'a/b c'"),
  },
  { reason: "an id like any other: Node's router trips over it", capture: 'http-', exchanges: ['get-proto'], ...notFound("No record found for id '__proto__'") },
  { reason: 'the same', capture: 'http-', exchanges: ['get-constructor'], ...notFound("No record found for id 'constructor'") },
  {
    reason: 'an answer 405 has to say what is allowed (RFC 9110, 15.5.6)',
    capture: 'http-',
    exchanges: ['trace', 'propfind', 'service-method-header'],
    headers: [['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']],
  },
  {
    reason: "a page with the list for browsers: Node's template for pages fails",
    capture: 'http-',
    exchanges: ['list-accept-html'],
    check: (answer) => assert.equal(answer.status, 200),
  },
  {
    reason: 'pages for browsers are our own',
    capture: 'http-',
    exchanges: ['get-missing-html', 'unknown-service-html'],
    check: (answer) => {
      assert.equal(answer.status, 404);
      assert.match(answer.header('content-type'), /^text\/html/);
    },
  },
  {
    reason: 'the server has no copy of the Socket.IO client to give away: pages have it from npm',
    capture: 'http-',
    exchanges: ['socketio-client-js'],
    check: (answer) => assert.equal(answer.status, 400),
  },
  {
    reason: "what is no record is the client's error, and says so: Node falls over its own code and shows where",
    capture: 'wire-',
    exchanges: ['4251["create","microflow"]', '4252["create","microflow",null]'],
    hears: ([ack]) => ({ A: [`${ack}[${badRequest(noRecord).body}]`] }),
  },
  {
    reason: 'what is no record is refused: Feathers 5 makes one of its characters, or of nothing',
    capture: 'wire-',
    exchanges: ['4253["create","microflow","str"]'],
    hears: ([ack]) => ({ A: [`${ack}[${badRequest(noRecord).body}]`] }),
    then: ['421000["create","microflow",{"0":"s","1":"t","2":"r"}]'],
  },
  {
    reason: 'the same',
    capture: 'wire-',
    exchanges: ['4254["create","microflow",5]'],
    hears: ([ack]) => ({ A: [`${ack}[${badRequest(noRecord).body}]`] }),
    then: ['421000["create","microflow",{}]'],
  },
  {
    reason: 'a call without a service is answered: Node leaves the caller waiting',
    capture: 'wire-',
    exchanges: ['4259["find"]'],
    hears: ([ack]) => ({ A: [`${ack}[${notFound('Invalid service path').body}]`] }),
  },
  {
    reason: 'the old form of calls is understood, as in Feathers 3; the captures of that show how it is answered',
    capture: 'wire-f5',
    exchanges: ['4264["microflow::find",{}]', '4265["microflow::create",{"text":"legacy"}]'],
    skip: true,
  },
  {
    reason: "Feathers 5's records, found the old way",
    capture: 'wire-f3',
    exchanges: ['4264["microflow::find",{}]'],
    hears: () => ({
      A: [
        `4364[null,{"total":5,"limit":10,"skip":0,"data":[{"text":"guid-0","id":0},{"text":"héllo € 😀","id":4},{"0":"s","1":"t","2":"r","id":5},{"id":6},{"id":7}]}]`,
      ],
    }),
  },
  {
    reason: 'the same; and all ids from here on are one above those of Feathers 5, which did not create this record',
    capture: 'wire-f3',
    exchanges: ['4265["microflow::create",{"text":"legacy"}]'],
    hears: () => heardByBoth('created', '{"text":"legacy","id":8}', '4365'),
  },
  { reason: 'the same', capture: 'wire-f3', exchanges: ['42["create","microflow",{"text":"no ack"}]'], hears: () => heardByBoth('created', '{"text":"no ack","id":9}') },
  {
    reason: "the same; and headers that Feathers 3's generator added (helmet)",
    capture: 'wire-f3',
    exchanges: ['POST /microflow'],
    body: '{"text":"from rest","id":10}',
    hears: () => heardByBoth('created', '{"text":"from rest","id":10}'),
  },
  {
    reason: 'the same',
    capture: 'wire-f3',
    exchanges: ['PATCH /microflow?text=from%20rest'],
    body: '[{"text":"from rest","id":10,"z":1}]',
    hears: () => heardByBoth('patched', '{"text":"from rest","id":10,"z":1}'),
  },
  {
    reason: 'exactly the revisions 3 and 4 are spoken: Node takes all others for 3, whose clients would not understand',
    capture: 'engine-',
    exchanges: ['no-EIO', 'EIO-2', 'EIO-5', 'EIO-abc'],
    ...engineError(5, 'Unsupported protocol version'),
  },
  { reason: 'the same', capture: 'engine-', exchanges: ['ws-upgrade-no-EIO'], status: 400, body: 'Unsupported protocol version' },
  {
    reason: 'revision 3 knows no maxPayload, and socket.io 2 did not send it',
    capture: 'engine-f5',
    exchanges: ['EIO-3'],
    status: 200,
    body: '97:0{"sid":"*","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}',
  },
  {
    reason: 'a client of revision 4 gets revision 4: socket.io 2 answered it in 3',
    capture: 'engine-f3',
    exchanges: ['EIO-4'],
    status: 200,
    body: '0{"sid":"*","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":5000,"maxPayload":1000000}',
  },
  {
    reason: 'a polling request is no websocket: Node opens one, and closes it',
    capture: 'engine-',
    exchanges: ['ws-upgrade-polling-transport'],
    status: 400,
    body: 'Bad request',
  },
  {
    reason: 'version 8 was a draft',
    capture: 'engine-',
    exchanges: ['ws-upgrade-bad-version'],
    check: (answer) => {
      assert.deepEqual([answer.status, answer.text], [400, 'Missing or invalid Sec-WebSocket-Version header']);
      assert.equal(answer.header('sec-websocket-version'), '13');
    },
  },
  {
    reason: 'a method that is not known is answered: Node says that it broke',
    capture: 'engine-',
    exchanges: ['put-session', 'delete-session'],
    ...engineError(3, 'Bad request'),
  },
  {
    reason: 'the answer says what is wrong: Node sends none',
    capture: 'engine-f5',
    exchanges: ['post-octet-stream'],
    ...engineError(3, 'Bad request'),
  },
  {
    reason: 'the same, and the limit is 1,000,000 bytes for both revisions: it was 100 MB in socket.io 2',
    capture: 'engine-',
    exchanges: ['post-too-large'],
    status: 413,
    body: error('PayloadTooLarge', 'payload-too-large', 413, 'request entity too large'),
  },
  {
    reason: 'the server has no copy of the Socket.IO client to give away: pages have it from npm',
    capture: 'engine-',
    exchanges: ['client-js', 'client-js-304'],
    check: (answer) => assert.equal(answer.status, 400),
  },
  {
    reason: 'errors are those of Feathers 5: those of 3 had an empty `errors` besides',
    capture: 'engine-f3',
    exchanges: ['handshake-no-slash'],
    ...notFound('Page not found', { url: '/socket.io?EIO=3&transport=polling' }),
  },
  {
    reason: 'a preflight is answered, so that a page of another origin may post: socket.io 2 refused it',
    capture: 'engine-f3',
    exchanges: ['options-preflight', 'options-session'],
    check: (answer) => assert.equal(answer.status, 204),
  },
  {
    reason: 'no compression: it costs 134 KB of memory a connection, and events are short',
    capture: 'engine-f3',
    exchanges: ['ws-upgrade-deflate'],
    check: (answer) => {
      assert.equal(answer.status, 101);
      assert.equal(answer.header('sec-websocket-extensions'), undefined);
    },
  },
  {
    reason: 'a second connect packet is nothing new: socket.io 2 answered it again',
    capture: 'engine-f3',
    exchanges: ['poll-after-octet'],
    status: 200,
    body: '2:40',
  },
];

/**
 * What each client hears after a packet. Where Feathers 3 and 5 differ, Flowcast answers as Feathers 5 does, to clients of both
 * revisions: the captures of Feathers 3 are compared with what Feathers 5 answered to the same packet.
 */
export function heardWithFeathers5(turns) {
  const answers = new Map(turns.filter(({ step }) => step.does === 'send').map(({ step, hears }) => [step.packet, hears]));
  return ({ packet }, hears) => (packet?.startsWith('42') && answers.get(packet)) || hears;
}

export function differenceOf(capture, name) {
  return rows.find((row) => capture.startsWith(row.capture) && (row.exchanges?.includes(name) ?? row.matches?.test(name)));
}

const comparable = (list, without = new Map()) =>
  list
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => !headers.has(name) && !without.has(name))
    .map((pair) => pair.join(': '))
    .sort();

/** Headers of the Engine.IO endpoint that are left out besides. */
const engineHeaders = new Map([
  ['transfer-encoding', 'Node sends short answers in chunks: how a body is framed is between two neighbours'],
  ['content-length', 'the same; the body itself is compared'],
  ['cache-control', 'ours is no-store on every answer, so that no proxy keeps a refusal either; Node and socket.io 2 forget it on some'],
  ['set-cookie', "socket.io 2's cookie `io`, which nothing reads: it was for load balancers, and is off since socket.io 3"],
  [
    'access-control-allow-origin',
    'the origin that asks, with credentials allowed: clients of socket.io 2 send them, and `*` would refuse those (checked on its own)',
  ],
  ['access-control-allow-credentials', 'the same'],
  ['vary', 'the same: the answer depends on the origin'],
]);

export function sameEngineHeaders(ours, nodes) {
  assert.deepEqual(comparable(ours, engineHeaders), comparable(nodes, engineHeaders));
}

/** Headers of Feathers 3's generated application that are left out besides. */
const feathers3Headers = new Map([
  ...['x-dns-prefetch-control', 'x-frame-options', 'strict-transport-security', 'x-download-options', 'x-content-type-options', 'x-xss-protection'].map(
    (name) => [name, 'added by helmet, for pages; what is served here are records'],
  ),
  ['allow', 'Feathers 3 named all methods on every answer; Feathers 5 on none, and Flowcast where it says no'],
]);

/** Feathers 3's application could compress: its answers said so (`Vary`). Neither Feathers 5 nor Flowcast does. */
const withoutCompression = ([name, value]) => [name, name.toLowerCase() === 'vary' ? value.replace(/,? ?Accept-Encoding$/, '') : value];

export function sameHeaders(ours, nodes, difference) {
  assert.deepEqual(comparable(ours), comparable([...nodes, ...(difference?.headers ?? [])]));
}

export function sameFeathers3Headers(ours, nodes) {
  const known = nodes.map(withoutCompression).filter(([, value]) => value !== '');
  assert.deepEqual(comparable(ours, feathers3Headers), comparable(known, feathers3Headers));
}
