// Requests that a client might send, odd ones above all. Each is sent to a service of its own, SERVICE, which holds `records`.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

export const records = [
  { text: 'guid-0' },
  { text: 'a', n: 3, ok: true },
  { text: 'b', n: 4, ok: false, tags: ['x', 'y'] },
  { text: 'héllo', nested: { a: 1, b: '2' } },
  { text: '10', n: 10, z: null },
];

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const many = (text) => text.trim().split(/\s+/);

/** `{name, method, path, headers, body}`; `ETAG` in a header stands for the entity tag of what is there. */
export const restCases = [];

function add(method, path, headers = {}, body = undefined, shown = body?.slice(0, 60)) {
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const name = [`${method} ${path}`, ...own.filter((line) => line !== 'Content-Type: application/json'), shown].filter(Boolean).join(' | ');
  restCases.push({ name, method, path, headers: { Accept: 'application/json', ...headers }, body });
}

const queries = many(`
  $limit=abc $limit=-1 $limit=0 $limit=1.9 $limit=1e1 $limit=%202 $limit=+2 $limit= $limit $limit[]=1 $limit=1&$limit=2 $limit[a]=1
  $limit=null $limit=999 $limit=2abc $skip=-1 $skip=abc $skip=1 $skip=1.5 $skip= $skip=100 $skip[]=1 $skip[a]=1 $skip=1&$limit=1
  $sort=n $sort= $sort $sort=-n $sort[]=n $sort[]= $sort[n]=asc $sort[n]=desc $sort[n]=1 $sort[n]=-1 $sort[n]=0 $sort[n]= $sort[n]=2
  $sort[n]=-5 $sort[n]=1abc $sort[n][]=1 $sort[n][a]=1 $sort[nested.a]=1 $sort[tags]=-1 $sort[text]=1&$sort[n]=-1 $sort[nope]=1 $sort[ok]=1
  $sort[z]=-1 $sort[$foo]=1 $sort[n][$lt]=1 $sort[id]=-1 $sort=n&$sort=text $sort[text]=abc&$sort[n]=-1 $sort[n]=true $sort[n]=+1
  $select=text $select= $select $select[]=text $select[]= $select[]=text&$select[]=text $select[0]=text&$select[1]=n $select[]=nope $select=id
  $select[]=nested.a $select[]=nested $select=n&$select=text $select[]=z $select[a]=text
  n=3 n=3.0 n=03 n[]=3 n[$in]=3 n[$in][]=3 n[$in][]=3&n[$in][]=4 n[$in]=3,4 n[$in]= text[$in][]=a&text[$in][]=b text[$in]=a text[$nin]=a
  text[$nin][]=a text[$in]= n[$nin][]=3 n[$lt]=4 n[$lte]=4 n[$gt]=3 n[$gte]=4 n[$ne]=3 n[$lt]=abc n[$lt]= n[$lt]=10 text[$lt]=b text[$gte]=b
  n[$lt][]=4 n[$lt][a]=4 n[$gt]=3&n[$lt]=10 ok[$ne]=true z[$ne]=null nested.a[$gt]=0 ok=true ok=false ok=1 ok=TRUE ok= ok[$in][]=true z=null
  z= n= nope nope=null nope[$ne]=1 nope[$exists]=true text= text text=null text=a text=A text=a%62 text=h%C3%A9llo text=a+b text=%zz text=%E9
  text=a=b text[]=a text[]=a&text[]=b text=a&text=b text[0]=a text[1]=a text[a]=b text[$foo]=1 text[$regex]=^a text[$ne]=a&text[$foo]=1
  text[$ne]=a&text[b]=1 text[] text[ text] [text]=a text[a][b][c][d][e][f][g]=1 a.b.c=1 %74ext=a text%5B%24ne%5D=a toString=1 __proto__=1
  __proto__[a]=1 constructor=1 text[$not]=a text[$size]=1 text[$elemMatch]=1 text[$eq]=a nested[a]=1 nested[b]=2 nested.a=1 nested.b=2
  nested[a]=1&nested[b]=2 tags=x tags[]=x tags[]=x&tags[]=y tags[$in][]=x tags[$nin][]=x tags.0=x id=1 id=01 id=abc id[$gt]=1
  id[$in][]=1&id[$in][]=2 id=-1 $or[0][text]=a&$or[1][n]=4 $or[][text]=a&$or[][n]=4 $or[text]=a $or=a $or= $or[]=a
  $or[0][$and][0][text]=a $and[0][$or][0][text]=a&$and[0][$or][1][text]=b $and[0][text]=a&$and[1][text]=b $and=a $and[]=a $or[0][$foo]=1
  $or[0][text][$foo]=1 $or[0][$or][0][text]=a text[$or][]=a $or[0][text]=a&text=b $nor[0][text]=a $or[0]= $or[0][$select]=1
  $foo=1 $foo $=1 $regex=a $where=1 $populate=x $ne=1 foo$=1 %24limit=1 %24sort%5Bn%5D=-1 $LIMIT=1 & && = =a &text=a text=a& text=a;n=3
  ?text=a text=a?b a[]=1&a[b]=2 a=1&a[b]=2 a[b]=1&a=2 text==a text=%00 text=a%0Ab text=a%2Bb text=%F0%9F%98%80 _method=DELETE _=1
`);
for (const query of queries) add('GET', `/SERVICE?${query}`);

const ids = many(`
  1 01 1.0 abc -1 %31 1%20 1/ 1// /1 1? 1?text=a 1?text=nope 1?$select[]=n 1?$limit=0 1?$foo=1 1?text[$foo]=1 1?n=3 1?ok=true null undefined
  NaN 1e0 0x1 +1 1,2 %zz %2F a%2Fb .. 1;a 1:2 * toString __proto__ h%C3%A9llo 99999999999999999999 true 1/2
`);
for (const id of ids) add('GET', `/SERVICE/${id}`);
for (const id of many('1 01 abc null 1/ 1?text=nope 1?$select[]=text 1?$foo=1')) {
  add('PUT', `/SERVICE/${id}`, json, '{"text":"put"}');
  add('PATCH', `/SERVICE/${id}`, json, '{"text":"patch"}');
  add('DELETE', `/SERVICE/${id}`);
  add('HEAD', `/SERVICE/${id}`);
}

for (const path of many('//SERVICE /SERVICE/ //SERVICE// /SERVICE//1 //SERVICE/1 /%24SERVICE /SERVICE%2F1 /SERVICE/1/2 /nope /nope/1 /SERVICE.json /SERVICE? /SERVICE/?')) {
  add('GET', path);
  add('HEAD', path);
  add('POST', path, json, '{"text":"p"}');
}
for (const method of many('HEAD OPTIONS PUT PATCH DELETE TRACE PROPFIND LINK PURGE QUERY')) {
  for (const path of ['/SERVICE', '/SERVICE/1', '/nope']) add(method, path);
}
for (const headers of [{}, { 'Access-Control-Request-Method': 'PUT' }, { 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'x-a, authorization' }]) {
  add('OPTIONS', '/SERVICE/1', { Origin: 'http://page.test', ...headers });
}
add('GET', '/SERVICE', { Origin: 'http://page.test' });
add('POST', '/SERVICE', { Origin: 'null', ...json }, '{"text":"o"}');

const bodies = [
  '', '{}', 'null', '5', '"str"', '[]', '[{}]', '[{"text":"a"},{"text":"b"}]', '[null]', '[5]', '[[{"text":"a"}]]', '{"text":"a","text":"b"}',
  '{"text":"a","n":1,"te\\u0078t":"b"}', '{"id":7,"text":"a"}', '{"id":"x","text":"a"}', '{"id":1,"text":"dup"}', '{"id":null,"text":"a"}',
  '{"id":0,"text":"a"}', '{"id":"","text":"a"}', '{"id":false}', '{"id":[1]}', '{"id":1.5}', '{"id":-3}', '{"id":"1"}', '{"id":8,"id":9}', '{"constructor":1}',
  '{"toString":1}', '{"$set":{"a":1}}', '{"a.b":1}', '{"":1}', '{"text":null}', ' {"text" : "ws",\n"n":[1, 2]} ', '\ufeff{"text":"bom"}', '{"text":"a"}x',
  '{"text":"a",}', "{'text':'a'}", '{"text":', 'NaN', '{"n":1.0}', '{"n":1e2}', '{"n":12345678901234567890}', '{"text":"\\u00e9"}', '{"text":"\\/"}',
  '{"text":"\\ud83d"}', '{"2":1,"1":2,"text":"a"}', '[{"id":60},{"id":61}]', '[{"id":60},{"id":60}]', `{"text":"${'x'.repeat(5000)}"}`,
];
for (const body of bodies) {
  add('POST', '/SERVICE', json, body);
  add('PUT', '/SERVICE/1', json, body);
  add('PATCH', '/SERVICE/1', json, body);
}
for (const body of ['{}', '[]', '{"text":"all"}', '{"id":9}', '']) {
  add('PATCH', '/SERVICE', json, body);
  add('PUT', '/SERVICE', json, body);
  add('DELETE', '/SERVICE?text=a', json, body);
  add('GET', '/SERVICE/1', json, body);
  add('POST', '/SERVICE/1', json, body);
}
for (const query of many('text=a nope=1 $limit=1 $limit=0 $skip=1 $select[]=text $sort[n]=-1 $foo=1 text[$foo]=1 $or[0][text]=a $sort[n]=-1&$limit=1 text[$in][]=a')) {
  add('PATCH', `/SERVICE?${query}`, json, '{"m":1}');
  add('DELETE', `/SERVICE?${query}`);
  add('POST', `/SERVICE?${query}`, json, '{"text":"q","n":1}');
  add('POST', `/SERVICE?${query}`, json, '[{"text":"q","n":1}]');
  add('PUT', `/SERVICE/1?${query}`, json, '{"text":"a","m":1}');
  add('PATCH', `/SERVICE/1?${query}`, json, '{"m":1}');
  add('DELETE', `/SERVICE/1?${query}`);
}

const types = [
  'application/json; charset=utf-8', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"', 'application/json; charset=utf-16',
  'application/json; charset=us-ascii', 'Application/JSON', 'application/json; foo=bar', 'application/vnd.api+json', 'application/merge-patch+json', 'text/plain',
  'application/xml', 'application/octet-stream', 'multipart/form-data; boundary=x', '*/*', 'json', 'application/json, text/plain',
];
for (const type of types) {
  add('POST', '/SERVICE', { 'Content-Type': type }, '{"text":"typed"}');
  add('PATCH', '/SERVICE/1', { 'Content-Type': type }, '{"text":"typed"}');
}
for (const [method, path] of [['POST', '/SERVICE'], ['PUT', '/SERVICE/1'], ['PATCH', '/SERVICE/1']]) {
  add(method, path);
  add(method, path, {}, '{"text":"untyped"}');
  add(method, path, { 'Content-Type': 'text/plain', 'Content-Length': '0' });
}
add('POST', '/SERVICE', { ...json, 'Transfer-Encoding': 'chunked' }, 'd\r\n{"text":"ch"}\r\n0\r\n\r\n');
add('POST', '/SERVICE', { ...json, 'Transfer-Encoding': 'chunked' }, '0\r\n\r\n');
for (const body of ['text=form', 'text=a+b&n=3', 'text=%E9', 'text[]=a&text[]=b', 'a[b][c]=1', 'text=a&text=b', '', '&', 'text', '=x', 'a[0][x]=1&a[1][x]=2', 'id=9&text=a', 'a[]=', 'a[2]=c&a[0]=a']) {
  add('POST', '/SERVICE', form, body);
}

const packed = (coding, shown, body, headers = json) => add('POST', '/SERVICE', { ...headers, 'Content-Encoding': coding }, body, shown);
packed('gzip', 'a record', gzipSync('{"text":"zip"}'));
packed('GZIP', 'a record', gzipSync('{"text":"zip"}'));
packed('deflate', 'a record', deflateSync('{"text":"zip"}'));
packed('gzip', 'nothing', gzipSync(''));
packed('gzip', 'a form', gzipSync('text=zip'), form);
packed('gzip', '50 KB', gzipSync(`{"text":"${'x'.repeat(50_000)}"}`));
packed('gzip', '2 MB', gzipSync(`{"text":"${'x'.repeat(2_000_000)}"}`));
packed('gzip', 'malformed JSON', gzipSync('{"text":'));
packed('gzip', 'half a record', gzipSync('{"text":"zip"}').subarray(0, 20));
packed('gzip', 'a record as it is', Buffer.from('{"text":"zip"}'));
packed('br', 'a record', brotliCompressSync('{"text":"zip"}'));
packed('identity', 'a record as it is', Buffer.from('{"text":"zip"}'));

for (const expected of ['100-continue', '100-Continue', '100-continue, wonders', 'wonders', '']) add('POST', '/SERVICE', { ...json, Expect: expected }, '{"text":"e"}');
add('GET', '/SERVICE', { Expect: 'wonders' });

for (const path of ['/SERVICE', '/SERVICE/1']) {
  for (const tag of ['ETAG', '*', '"nope", ETAG', 'W/"nope"', 'nope', '', '"x",ETAG']) {
    add('GET', path, { 'If-None-Match': tag });
    add('HEAD', path, { 'If-None-Match': tag });
  }
}
add('GET', '/SERVICE', { 'If-None-Match': 'ETAG', 'Cache-Control': 'no-cache' });
add('GET', '/SERVICE', { 'If-None-Match': 'ETAG', 'Cache-Control': 'max-age=0' });
add('GET', '/SERVICE/99', { 'If-None-Match': '*' });
add('PATCH', '/SERVICE/1', { ...json, 'If-Match': '"nope"' }, '{"n":9}');
add('DELETE', '/SERVICE/1', { 'If-None-Match': '*' });
add('GET', '/SERVICE/1', { Range: 'bytes=0-3' });
for (const accepted of ['*/*', 'application/*', 'text/html, */*;q=0.1', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json;q=0.1, text/html;q=0.05', '']) {
  for (const path of ['/SERVICE', '/SERVICE/1']) add('GET', path, { Accept: accepted });
}

for (const method of many('find get create update patch remove watch setup constructor __proto__ Create')) add('POST', '/SERVICE', { ...json, 'X-Service-Method': method }, '{"text":"x"}');
for (const method of many('find remove watch')) {
  add('GET', '/SERVICE', { 'X-Service-Method': method });
  add('PUT', '/SERVICE/1', { ...json, 'X-Service-Method': method }, '{"text":"x"}');
  add('PATCH', '/SERVICE/1', { ...json, 'X-Service-Method': method }, '{"text":"x"}');
  add('DELETE', '/SERVICE/1', { 'X-Service-Method': method });
}
for (const method of many('PUT DELETE')) {
  add('POST', '/SERVICE/1', { ...json, 'X-HTTP-Method-Override': method }, '{"text":"x"}');
  add('POST', `/SERVICE/1?_method=${method}`, json, '{"text":"x"}');
}
add('GET', '/SERVICE', { Authorization: 'Bearer nonsense' });
add('GET', '/SERVICE', { Cookie: 'a=b' });
