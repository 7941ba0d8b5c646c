// One exchange of the catalogue in hostile_exchanges.jsonl: sends its bytes, and says exactly what came back.
//
// A line is `{name, <one of http, websocket, polling, packets>, gives}`:
//   http       the raw bytes of a request on a connection of its own
//   websocket  frames (frame() of support/raw_websocket.mjs), or raw bytes as {bytes}, on a websocket session that was opened well
//   polling    a body that is POSTed to a polling session that was opened well; `type` is its content type, `eio` the revision
//   packets    texts sent on a session that has connected to the main namespace; `eio` is the revision
// Strings may stand for more than themselves: "{sid}" is a live polling session, and {"repeat": text, "times": n} is a long text.
// `gives` is what came back, whole:
//   http       {status, body, then: "open" | "closed"}: whether the connection can still be used
//   polling    {status, body, then: {status, body}}: the second is the next poll's
//   others     {hears: [packets], then: "open" | close code}
import { PacketClient } from '../support/packet_client.mjs';
import { RawConnection, fetchRaw, request } from '../support/raw_http.mjs';
import { RawWebSocket, frame } from '../support/raw_websocket.mjs';

const expand = (value) => {
  if (Array.isArray(value)) return value.map(expand).join('');
  return typeof value === 'object' && 'repeat' in value ? value.repeat.repeat(value.times) : value;
};
/** Each character is one byte, so that a line can hold any bytes. */
const bytes = (value) => Buffer.from(expand(value), 'latin1');

/** What differs from run to run says nothing. */
const steady = (text) => text.replace(/"(sid|pid|offset)":"[^"]*"/g, '"$1":"*"');
const brief = (text) => (text.length > 400 ? `${text.slice(0, 400)}… ${text.length} characters` : text);
const shown = (data) => (typeof data === 'string' ? brief(steady(data)) : data?.data ? `frame ${data.op} ${data.data.toString('latin1')}` : `binary ${data.toString('base64')}`);

async function pollingSession(port, eio = 4) {
  const client = await fetchRaw(port, 'GET', `/socket.io/?EIO=${eio}&transport=polling`);
  return /"sid":"([^"]+)"/.exec(client.text)[1];
}

const kinds = {
  async http(port, { http }) {
    let sent = expand(http);
    if (sent.includes('{sid}')) sent = sent.replaceAll('{sid}', await pollingSession(port));
    const connection = new RawConnection(port);
    try {
      const answer = await connection.send(Buffer.from(sent, 'latin1')).answer(5_000);
      if (!answer) return { then: 'closed' };
      if (answer.status === 101) return { status: 101 };
      // Only a connection that is in step answers this with its own answer.
      connection.send(request('GET', '/no-such-service', { Connection: 'close' }));
      const next = await connection.answer(5_000).catch(() => undefined);
      const isInStep = next?.status === 404 && next.text.includes('/no-such-service');
      return { status: answer.status, body: brief(steady(answer.text)), then: isInStep ? 'open' : next ? `${next.status} ${brief(next.text)}` : 'closed' };
    } finally {
      connection.abort();
    }
  },

  async polling(port, { polling, type = 'text/plain;charset=UTF-8', eio = 4 }) {
    const path = `/socket.io/?EIO=${eio}&transport=polling&sid=${await pollingSession(port, eio)}`;
    if (eio === 3) await fetchRaw(port, 'GET', path);
    const answer = await fetchRaw(port, 'POST', path, { body: bytes(polling), headers: { 'Content-Type': type } });
    // Where the session lives, this has something to answer.
    const probe = eio === 4 ? '40/probe,' : '9:40/probe,';
    await fetchRaw(port, 'POST', path, { body: probe, headers: { 'Content-Type': 'text/plain' } });
    const next = await fetchRaw(port, 'GET', path);
    return { status: answer?.status, body: answer && brief(answer.text), then: { status: next.status, body: brief(steady(next.text)) } };
  },

  async websocket(port, { websocket, gives }) {
    const socket = await RawWebSocket.open(port, '/socket.io/?EIO=4&transport=websocket');
    await socket.next('open packet');
    // In one piece, so that the server reads them together.
    socket.sendBytes(Buffer.concat(websocket.map((one) => ('bytes' in one ? bytes(one.bytes) : frame({ ...one, payload: bytes(one.payload ?? '') })))));
    return talk(socket, gives, () => socket.send('40/probe,'), '44/probe,{"message":"Invalid namespace"}', socket);
  },

  async packets(port, { packets, eio = 4, gives }) {
    const client = await PacketClient.connect(port, { eio });
    await client.next('open packet');
    if (eio === 4) await client.send('40');
    await client.next('connect packet');
    for (const packet of packets) await client.send(typeof packet === 'object' && 'binary' in packet ? bytes(packet.binary) : expand(packet));
    const answer = eio === 4 ? '44/probe,{"message":"Invalid namespace"}' : '44/probe,"Invalid namespace"';
    return talk(client, gives, () => client.send('40/probe,'), answer, client.socket);
  },
};

/** All that is heard until the probe's answer proves that the session is alive, or until it is not. */
async function talk(from, gives, probe, answer, socket) {
  const hears = [];
  try {
    // Answers that take their time come first, so that the probe's is the last.
    while (hears.length < (gives?.hears.length ?? 0)) hears.push(shown(await from.next('answer', gives.wait ?? 5_000)));
    probe();
    for (;;) {
      const heard = await from.next('answer', 5_000);
      if (heard === answer) return { hears, then: 'open' };
      hears.push(shown(heard));
    }
  } catch (error) {
    if (socket.closeCode === undefined && !socket.connection.isClosed) throw error;
    return { hears, then: await socket.closed() };
  } finally {
    socket.abort();
  }
}

export async function carryOut(port, line) {
  const kind = Object.keys(kinds).find((name) => name in line);
  return kinds[kind](port, line);
}
