// Socket.IO packets that a client might send, odd ones above all, each in a session of its own of revision 4. SERVICE holds `records`.
export const packetCases = [];

const call = (...args) => packetCases.push(`421${JSON.stringify(args)}`);
const each = (method, ...argumentLists) => argumentLists.forEach((list) => call(method, 'SERVICE', ...list));

each('find', [], [{}], [null], [{}, {}], [5], ['x'], [''], [[]], [[1]], [true], [false]);
each('get', [], [null], [1], ['1'], [1, {}], [1, {}, {}], [{}], [true], [1.5], [-1], ['abc'], [''], ['01'], [99], [0], [false]);
each('get', [1, { text: 'nope' }], [1, null], [1, { $select: ['n'] }]);
each('create', [], [{}], [{ text: 'x' }], [{ text: 'x' }, {}], [{ text: 'x' }, {}, {}], [null], [[]], [[{ text: 'p' }, { text: 'q' }]], [[null]], [[1]]);
each('create', [{ id: 1 }], [{ id: null, text: 'x' }], [{ id: 'k' }], [{ text: 'x', n: 1 }, { $select: ['n'] }], [{ text: 'x' }, { $foo: 1 }], [{ text: 'x' }, null], [{ text: 'x' }, 5], [true]);
each('update', [], [1], [null, {}], [1, {}], [1, { text: 'u' }], ['1', { text: 'u' }], [1, { text: 'u' }, {}], [1, { text: 'u' }, {}, {}], [1, []], [1, [{}]], [99, {}]);
each('update', [1, null], [{}, {}], [1, { id: 7 }], [1, { text: 'u' }, { text: 'nope' }]);
each('patch', [], [1], [1, {}], [1, { text: 'p' }], [null, { m: 1 }], [null, { m: 1 }, { text: 'a' }], [null, { m: 1 }, { n: { $gt: 3 } }], [null, { m: 1 }, { text: 'nope' }]);
each('patch', [1, null], [null], [1, []], [99, {}], [1, { text: 'p' }, {}, {}], [null, { m: 1 }, { $limit: 1 }], [1, { id: 5 }], [null, { text: 'c' }, { text: 'a' }]);
each('remove', [], [null], [1], ['1'], [99], [null, { text: 'a' }], [null, { $limit: 1 }], [1, {}, {}], [1, { text: 'nope' }], [null, { n: { $gt: 100 } }], [{}], [1, { $select: ['n'] }], [false], [0]);

const queries = [
  { n: 3 }, { n: '3' }, { n: { $gt: 3 } }, { n: { $gt: '3' } }, { ok: true }, { ok: 'true' }, { z: null }, { nope: null }, { text: { $in: ['a', 'b'] } }, { text: { $in: 'a' } },
  { text: { $in: null } }, { text: { $nin: ['a'] } }, { $sort: { n: -1 } }, { $sort: { n: 'asc' } }, { $sort: 'n' }, { $sort: null }, { $sort: [] }, { $sort: { n: null } },
  { $limit: 0 }, { $limit: -1 }, { $limit: null }, { $limit: '2' }, { $limit: 1.9 }, { $limit: {} }, { $limit: [1] }, { $skip: 1 }, { $skip: null }, { $skip: -1 },
  { $select: ['text'] }, { $select: 'text' }, { $select: [] }, { $select: null }, { $select: [1] }, { $select: [null] }, { $or: [{ n: 3 }, { n: 4 }] }, { $or: [] }, { $or: null },
  { $or: [null] }, { $or: [1] }, { $or: [{}] }, { $and: [{ n: 3 }, { text: 'a' }] }, { $and: [] }, { $and: [{ $or: [{ n: 3 }, { n: 4 }] }] }, { $or: [{ $and: [{ n: 3 }] }] },
  { $foo: 1 }, { text: { $foo: 1 } }, { text: { $regex: '^a' } }, { text: { $ne: 'a', x: 1 } }, { nested: { a: 1, b: '2' } }, { nested: { b: '2', a: 1 } }, { nested: { a: 1 } },
  { 'nested.a': 1 }, { tags: 'x' }, { tags: ['x', 'y'] }, { tags: ['y', 'x'] }, { tags: { $in: ['x'] } }, { text: ['a'] }, { text: {} }, { text: '' }, { n: { $lt: null } },
  { n: { $lte: null } }, { n: { $ne: null } }, { n: { $in: [] } }, { n: { $nin: [] } }, { z: { $in: [null] } }, { id: 1 }, { id: '1' }, { id: { $in: [0, 1] } }, { '': 1 },
  { text: { $gt: 'a' } }, { text: { $lt: 5 } }, { ok: { $gt: false } }, { n: { $gt: 3, $lt: 10 } }, { $limit: 1, $skip: 1, $sort: { text: 1 } }, { $nor: [{ n: 3 }] },
];
for (const query of queries) call('find', 'SERVICE', query);

for (const service of [null, 5, '', 'nope', '/SERVICE', 'SERVICE/', '/SERVICE/', 'SERVICE/1', 'SERVICE?x=1', {}, 'service']) call('find', service);
for (const method of ['find', 'get', 'create']) call(method);
for (const method of ['watch', 'setup', 'on', 'emit', 'constructor', 'Find', 'create ', 'toString', '']) call(method, 'SERVICE', {});

packetCases.push(
  ...['42["create","SERVICE",{"text":"no ack"}]', '42["find","SERVICE"]', '42["nope"]', '42[]', '421[]', '421[5]', '421[null]', '421["find"', '42{"a":1}', '42"x"', '42', '421'],
  ...['42["connect"]', '42["disconnect"]', '42["disconnecting"]', '42["error"]', '42["connect_error"]', '42["newListener"]', '43["x"]', '431["x"]', '431', '431[]'],
  ...['40', '40{}', '40/nope', '40/nope,', '40/nope,{"x":1}', '42/nope,["find","SERVICE"]', '41/nope,', '44', '44{"message":"x"}', '45', '46', '47', '49', '4', '4x', '451["x"]'],
  ...['451-["create","SERVICE",{"a":{"_placeholder":true,"num":0}}]', '5', '6', '7', 'x', '', '0', '2', '3', '2probe', '4200["find","SERVICE"]', '42-1["find","SERVICE"]'],
  ...['421.5["find","SERVICE"]', '42/,1["find","SERVICE"]', '42["find","SERVICE"]x', '421["create","SERVICE",{"text":"a","text":"b"}]', '421["create","SERVICE",{"n":1.0}]'],
);
