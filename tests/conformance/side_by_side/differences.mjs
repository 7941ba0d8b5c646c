// The one table of what Flowcast answers otherwise than Feathers 5 beside it, each row with its reason. What was recorded of Node
// is compared in tests/golden, whose table has the reasons that are the same.
import assert from 'node:assert/strict';
import { records } from './rest_cases.mjs';

/** `Allow` is left out: an answer 405 has to name it (RFC 9110, 15.5.6), and Node's does not. */
export const isCompared = ([name]) => name.toLowerCase() !== 'allow';

const untouched = records.map((record, id) => ({ ...record, id }));
const keeps = (ours) => assert.deepEqual(JSON.parse(ours.records).data, untouched);

/** Flowcast says no, in Feathers' form, and nothing has changed. */
const refused = (status) => (ours) => {
  const { code, className, stack } = JSON.parse(ours.answer.text);
  assert.deepEqual([ours.answer.status, code, typeof className, stack], [status, status, 'string', undefined]);
  keeps(ours);
};
const found = (...ids) => (ours) => {
  assert.equal(ours.answer.status, 200);
  const given = JSON.parse(ours.answer.text);
  assert.deepEqual((given.data ?? [given]).map(({ id }) => id), ids);
};
/** The same to whoever reads the JSON. */
const sameMeaning = (ours, nodes) => {
  assert.equal(ours.answer.status, nodes.answer.status);
  assert.deepEqual(JSON.parse(ours.answer.text), JSON.parse(nodes.answer.text));
  assert.deepEqual(JSON.parse(ours.records), JSON.parse(nodes.records));
};
const status = (code) => (ours) => assert.equal(ours.answer.status, code);

/** What is heard over a socket: events, then the answer. */
const heardBy = ({ heard }) => heard.map((packet) => JSON.parse(packet.replace(/^4[23]\d*/, '')));
const sameHeard = (ours, nodes) => assert.deepEqual(heardBy(ours), heardBy(nodes));
const hears = (test) => (ours) => test(...heardBy(ours));
const hearsNo = (code) => (ours) => {
  hears(([error]) => assert.equal(error.code, code))(ours);
  keeps(ours);
};
const hearsFound = (...ids) => hears(([, page]) => assert.deepEqual(page.data.map(({ id }) => id), ids));

/** `cases`: names, or patterns of names. `check`: what our answer is held to, with Node's beside it. */
const rows = [
  {
    reason: 'values in a URL are compared as numbers and booleans where the field is one: Node compares text with them and finds nothing',
    each: {
      'GET /SERVICE?n=3': found(1),
      'GET /SERVICE?n=3.0': found(1),
      'GET /SERVICE?n[$in]=3': found(1),
      'GET /SERVICE?n[$in][]=3': found(1),
      'GET /SERVICE?n[$in][]=3&n[$in][]=4': found(1, 2),
      'GET /SERVICE?n[$nin][]=3': found(0, 2, 3, 4),
      'GET /SERVICE?n[$lt]=4': found(1),
      'GET /SERVICE?n[$lte]=4': found(1, 2),
      'GET /SERVICE?n[$gt]=3': found(2, 4),
      'GET /SERVICE?n[$gte]=4': found(2, 4),
      'GET /SERVICE?n[$ne]=3': found(0, 2, 3, 4),
      'GET /SERVICE?n[$lt]=10': found(1, 2),
      'GET /SERVICE?n[$gt]=3&n[$lt]=10': found(2),
      'GET /SERVICE?ok[$ne]=true': found(0, 2, 3, 4),
      'GET /SERVICE?nested.a[$gt]=0': found(3),
      'GET /SERVICE?ok=true': found(1),
      'GET /SERVICE?ok=false': found(2),
      'GET /SERVICE?ok[$in][]=true': found(1),
      'GET /SERVICE?nested.a=1': found(3),
      'GET /SERVICE?id=1': found(1),
      'GET /SERVICE?id[$gt]=1': found(2, 3, 4),
      'GET /SERVICE?id[$in][]=1&id[$in][]=2': found(1, 2),
      'GET /SERVICE?$or[0][text]=a&$or[1][n]=4': found(1, 2),
      'GET /SERVICE/1?n=3': found(1),
      'GET /SERVICE/1?ok=true': found(1),
    },
  },
  {
    reason: "to skip less than nothing is to skip nothing: Node's arrays count from their end",
    each: { 'GET /SERVICE?$skip=-1': found(0, 1, 2, 3, 4), '421["find","SERVICE",{"$skip":-1}]': hearsFound(0, 1, 2, 3, 4) },
  },
  { reason: 'a record without the object has no value to sort by: Node falls over it', each: { 'GET /SERVICE?$sort[nested.a]=1': found(0, 1, 2, 4, 3) } },
  { reason: 'null is above what is not there: Node says of either that it is below the other', each: { 'GET /SERVICE?$sort[z]=-1': found(4, 0, 1, 2, 3) } },
  {
    reason: 'one name to select is one name: Node selects by its letters',
    each: {
      'GET /SERVICE?$select=text': (ours) => assert.deepEqual(JSON.parse(ours.answer.text).data[1], { text: 'a', id: 1 }),
      'GET /SERVICE?$select=id': (ours) => assert.deepEqual(JSON.parse(ours.answer.text).data[1], { id: 1 }),
      '421["find","SERVICE",{"$select":"text"}]': hears(([, page]) => assert.deepEqual(page.data[1], { text: 'a', id: 1 })),
    },
  },
  {
    reason: "a query that makes no sense is the client's error, not the server's",
    cases: [
      'GET /SERVICE?$select[a]=text',
      'GET /SERVICE?text[$ne]=a&text[b]=1',
      'GET /SERVICE?$or[text]=a',
      'GET /SERVICE?$or=a',
      'GET /SERVICE?$or=',
      'GET /SERVICE?$and=a',
      'GET /SERVICE?text[$or][]=a',
    ],
    check: refused(400),
  },
  { reason: 'the same', cases: ['421["find","SERVICE",{"$or":null}]', '421["find","SERVICE",{"text":{"$ne":"a","x":1}}]'], check: hearsNo(400) },
  {
    reason: 'one of nothing is nothing, and all of nothing is everything: Node falls over both',
    each: { '421["find","SERVICE",{"$or":[]}]': hearsFound(), '421["find","SERVICE",{"$and":[]}]': hearsFound(0, 1, 2, 3, 4) },
  },
  { reason: 'no order is no order: Node falls over it', each: { '421["find","SERVICE",{"$sort":null}]': hearsFound(0, 1, 2, 3, 4) } },
  {
    reason: '`$and` may stand within `$or`, as in Feathers 3',
    each: { 'GET /SERVICE?$or[0][$and][0][text]=a': found(1), '421["find","SERVICE",{"$or":[{"$and":[{"n":3}]}]}]': hearsFound(1) },
  },
  {
    reason: 'an id in a URL is decoded, as in Feathers 3: Feathers 5 cannot reach a record whose id has such characters',
    each: { 'GET /SERVICE/%31': found(1) },
  },
  { reason: 'the same', cases: ['GET /SERVICE/1%20', 'GET /SERVICE/%2F', 'GET /SERVICE/a%2Fb', 'GET /SERVICE/h%C3%A9llo'], check: refused(404) },
  { reason: "an id like any other: Node's router trips over it", cases: ['GET /SERVICE/toString', 'GET /SERVICE/__proto__'], check: refused(404) },
  {
    reason: "what is no record is the client's error, not the server's",
    cases: [/^(POST|PUT|PATCH) \/SERVICE(\/1)? \| (null|5|"str"|NaN|\{"text":"a"\}x|\{"text":"a",\}|\{'text':'a'\}|\{"text":)$/, /^POST \/SERVICE \| \[(null|5|\[\{"text":"a"\}\])\]$/],
    check: refused(400),
  },
  {
    reason: 'a list is no record: Node makes members of its indices',
    cases: [/^PATCH \/SERVICE(\/1)? \| \[/],
    check: refused(400),
  },
  {
    reason: 'the same over a socket',
    cases: [/^421\["create","SERVICE"(,null|,\[null\]|,\[1\]|,true)?\]$/, '421["update","SERVICE",1,null]', '421["patch","SERVICE",1,null]', '421["patch","SERVICE",1,[]]'],
    check: hearsNo(400),
  },
  {
    reason: 'to create a record with an id that is taken is a conflict: Node overwrites it in silence',
    cases: ['POST /SERVICE | {"id":1,"text":"dup"}', 'POST /SERVICE | {"id":"1"}', 'POST /SERVICE | [{"id":60},{"id":60}]'],
    check: refused(409),
  },
  { reason: 'the same', cases: ['421["create","SERVICE",{"id":1}]'], check: hearsNo(409) },
  { reason: 'an id is a text or a number: Node takes the text of anything', cases: [/^(POST|PUT|PATCH) \/SERVICE(\/1)? \| \{"id":\[1\]\}$/], check: refused(400) },
  {
    reason: 'records stay as they were written: numbers keep all their digits, and members their order',
    cases: [/^(POST|PUT|PATCH) \/SERVICE(\/1)? \| \{("n":1\.0|"n":1e2|"n":12345678901234567890|"text":"\\u00e9"|"text":"\\\/"|"2":1,"1":2,"text":"a")\}$/],
    check: sameMeaning,
  },
  { reason: 'the same', cases: ['421["create","SERVICE",{"n":1.0}]'], check: sameHeard },
  { reason: 'half a character is no text', cases: [/^(POST|PUT|PATCH) \/SERVICE(\/1)? \| \{"text":"\\ud83d"\}$/], check: refused(400) },
  {
    reason: 'a body in a form that the server cannot read is refused: Node drops it in silence and creates an empty record, or breaks',
    cases: [
      /^(POST|PATCH) .* Content-Type: application\/json(; charset=(utf-16|us-ascii)|, text\/plain) \| \{"text":"typed"\}$/,
      /^(POST|PATCH) .* Content-Type: (application\/(vnd|merge|xml|octet).*|text\/plain|multipart.*|\*\/\*|json) \| \{"text":"typed"\}$/,
      /^(POST|PUT|PATCH) \/SERVICE(\/1)? \| \{"text":"untyped"\}$/,
      /^(POST|PUT|PATCH) \/SERVICE(\/1)? \| Content-Type: text\/plain \| Content-Length: 0$/,
      'POST /SERVICE | Content-Encoding: br | a record',
    ],
    check: refused(415),
  },
  {
    reason: "what is compressed and broken is the client's error",
    cases: [/^POST \/SERVICE \| Content-Encoding: gzip \| (malformed JSON|half a record|a record as it is)$/],
    check: refused(400),
  },
  { reason: "a body that is too large is the client's error", cases: ['POST /SERVICE | Content-Encoding: gzip | 2 MB'], check: refused(413) },
  { reason: 'the answer says what is wrong: Node sends none', cases: [/ \| Expect: (wonders)?( \||$)/], check: status(417) },
  { reason: "a page with the list for browsers: Node's template for pages fails", cases: [/ \| Accept: text\/html, ?(\*|application\/xhtml)/], check: status(200) },
  {
    reason: 'an event has the whole record: who hears it did not choose what the caller selects',
    cases: ['421["create","SERVICE",{"text":"x","n":1},{"$select":["n"]}]', '421["remove","SERVICE",1,{"$select":["n"]}]'],
    check: hears(([, record], [, selected]) => {
      assert.equal(typeof record.text, 'string');
      assert.deepEqual(Object.keys(selected), ['n', 'id']);
    }),
  },
  { reason: 'a call without a service is answered: Node leaves the caller waiting', cases: ['421["find"]', '421["get"]', '421["create"]'], check: hearsNo(404) },
];

/** `{reason, check}` of the case with this name, if Flowcast differs in it. */
export function differenceOf(name) {
  for (const { reason, each = {}, cases = [], check } of rows) {
    if (name in each) return { reason, check: each[name] };
    if (cases.some((one) => (typeof one === 'string' ? one === name : one.test(name)))) return { reason, check };
  }
  return undefined;
}
