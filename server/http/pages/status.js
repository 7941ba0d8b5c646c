// The status page: hears `status` once a second in the namespace /status, by Socket.IO's own packets on a websocket.
'use strict';

const byId = (id) => document.getElementById(id);
const most = { publishes: 20, rejections: 20, samples: 121 };
const state = { token: sessionStorage.getItem('flowcast-token') ?? '', publishes: new Map(), rejections: [], seen: new Map(), samples: [], opened: Date.now() };

/** An element of the page: text, never markup. */
function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}
const clock = (at) => {
  const made = element('time', new Date(at).toLocaleTimeString([], { hour12: false }));
  made.dateTime = new Date(at).toISOString();
  return made;
};
const plural = (count, one, many = `${one}s`) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
const short = (rate) => (rate >= 100 || Number.isInteger(rate) ? Math.round(rate).toLocaleString('en') : rate.toFixed(1));
const fast = (microseconds) => (microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`);

function fill(table, rows, none) {
  const body = byId(table).tBodies[0];
  if (rows.length === 0) {
    const cell = element('td', none, 'quiet');
    cell.colSpan = 3;
    rows = [[cell]];
  }
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = element('tr');
      for (const cell of cells) {
        const td = cell.tagName === 'TD' ? cell : element('td');
        if (td !== cell) td.append(...(Array.isArray(cell) ? cell : [cell]));
        row.append(td);
      }
      return row;
    }),
  );
}

// --- Why nobody heard -----------------------------------------------------------------------------

/** How many characters have to change, as far as two. */
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; ++i) {
    const next = [i];
    for (let j = 1; j <= b.length; ++j) next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
const plain = (key) => key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const alike = (a, b) => a !== b && (plain(a) === plain(b) || (a.length > 4 && b.length > 4 && distance(a, b) <= 2));

const watchedKeys = () => [...(state.last.keys ?? []), ...(state.last.clients ?? []).flatMap((client) => client.keys)].filter((each) => each.key !== '');

function whyNobody({ service, key, watchedBy }) {
  if (watchedBy.length > 0) return `The key is watched, but in the service ${watchedBy[0]}: widget and publisher name different services.`;
  const near = watchedKeys().find((each) => each.service === service && alike(each.key, key));
  if (near) {
    const digits = /^\d{16,}$/.test(key) ? ' A number this long must be sent as text, or it is rounded.' : '';
    return `Nobody watches this key. Somebody watches ${JSON.stringify(near.key)}: is it the same one?${digits}`;
  }
  if (state.last.websockets + state.last.polling <= 1) return 'No browser is connected.';
  const of = state.last.services.find((each) => each.name === service);
  if (of && of.subscriptions === 0) return `Nobody has subscribed to ${service}. Does the widget name another service?`;
  return key === '' ? 'The record has no key, so that it is about none.' : 'Nobody watches this key.';
}

// --- What is shown --------------------------------------------------------------------------------

function showFigures({ services, websockets, polling, storeReady, storeReason, now }) {
  byId('connected').textContent = (websockets + polling).toLocaleString('en');
  const store = byId('store');
  store.textContent = storeReady ? 'works' : storeReason || 'does not work';
  store.className = storeReady ? '' : 'bad';
  const sum = (part) => services.reduce((total, each) => total + each[part], 0);
  const counted = { now, publishes: sum('events'), deliveries: sum('deliveries') };
  if (state.counted && counted.now > state.counted.now) {
    const seconds = (counted.now - state.counted.now) / 1000;
    const rate = (part) => Math.max(0, counted[part] - state.counted[part]) / seconds;
    state.samples.push({ publishes: rate('publishes'), deliveries: rate('deliveries') });
    if (state.samples.length > most.samples) state.samples.shift();
  }
  state.counted = counted;
  const plot = byId('plot');
  const told = [];
  for (const part of ['publishes', 'deliveries']) {
    const rates = state.samples.map((each) => each[part]);
    const highest = Math.max(1, ...rates);
    const x = (i) => (600 * (most.samples - rates.length + i)) / (most.samples - 1);
    plot.querySelector(`.${part}`).setAttribute('points', rates.map((rate, i) => `${x(i).toFixed(1)},${(138 - (130 * rate) / highest).toFixed(1)}`).join(' '));
    byId(`${part}-rate`).textContent = short(rates.at(-1) ?? 0);
    byId(`${part}-most`).textContent = short(Math.max(0, ...rates));
    told.push(`${short(rates.at(-1) ?? 0)} ${part} a second, at most ${short(Math.max(0, ...rates))}`);
  }
  plot.setAttribute('aria-label', `The last two minutes: ${told.join('; ')}`);
}

function showPublishes({ publishes, notShown }) {
  for (const each of publishes) {
    state.publishes.set(each.position, each);
    state.seen.set(`${each.service}\n${each.key}`, each.at);
  }
  const latest = [...state.publishes.keys()].sort((a, b) => b - a);
  for (const old of latest.splice(most.publishes)) state.publishes.delete(old);
  if (state.seen.size > 5000) state.seen.clear();
  fill(
    'publishes',
    latest.map((position) => {
      const each = state.publishes.get(position);
      const what = [element('code', each.key || '(no key)'), element('small', `${each.service} ${each.type}`)];
      if (each.reached > 0) {
        const speed = each.microseconds > 0 ? element('small', `in ${fast(each.microseconds)}`) : element('small', 'on its way');
        return [clock(each.at), what, [element('span', plural(each.reached, 'browser'), 'good'), speed]];
      }
      return [clock(each.at), what, [element('span', 'nobody', 'bad'), element('small', whyNobody(each), 'hint')]];
    }),
    'None since this page was opened.',
  );
  byId('not-shown').hidden = notShown === 0;
  byId('not-shown').textContent = `${plural(notShown, 'more publish', 'more publishes')} came too fast to be listed.`;
}

function showKeys() {
  const keys = state.last.keys ?? [];
  const missed = [...state.publishes.values()].filter((each) => each.reached === 0);
  fill(
    'keys',
    keys.map(({ service, key, watchers }) => {
      const at = state.seen.get(`${service}\n${key}`);
      const published = at ? [clock(at)] : [element('span', 'not since this page was opened', 'quiet')];
      const near = !at && missed.find((each) => alike(each.key, key) || (each.key === key && each.service !== service));
      if (near) published.push(element('small', `A publish to ${JSON.stringify(near.key)} of ${near.service} reached nobody.`, 'hint'));
      return [[element('code', key), element('small', service)], element('span', watchers.toLocaleString('en')), published];
    }),
    'Nobody has subscribed to a key.',
  );
  const choices = keys.map(({ key }) => {
    const option = element('option');
    option.value = key;
    return option;
  });
  byId('watched').replaceChildren(...choices);
}

function showClients() {
  const broadcast = state.last.services.filter((each) => each.broadcast).map((each) => each.name);
  fill(
    'clients',
    (state.last.clients ?? []).map((each) => {
      const hears = [];
      for (const { service, key } of each.keys) {
        if (hears.length > 0) hears.push(', ');
        hears.push(element('code', key || 'all'), ` of ${service}`);
      }
      if (each.subscriptions > each.keys.length) hears.push(`, and ${plural(each.subscriptions - each.keys.length, 'more key')}`);
      if (!each.mayHear) hears.push(element('span', 'nothing: it sent no token, or one that allows nothing', 'bad'));
      if (hears.length === 0 && each.chose) hears.push(element('span', 'nothing', 'bad'));
      if (hears.length === 0) hears.push(broadcast.length > 0 ? `all of ${broadcast.join(', ')}` : element('span', 'nothing: it has subscribed to no key', 'bad'));
      return [clock(each.at), [each.subject || 'anonymous', element('small', `${each.address}, ${each.transport}`)], hears];
    }),
    'Nobody.',
  );
}

function showRejections({ rejections, anew }) {
  const known = new Set(state.rejections.map((each) => each.number));
  if (anew) state.rejections = rejections;
  else state.rejections.push(...rejections.filter((each) => !known.has(each.number)));
  state.rejections = state.rejections.slice(-most.rejections);
  fill(
    'rejections',
    [...state.rejections].reverse().map((each) => [clock(each.at), [element('span', each.reason.replaceAll('_', ' ')), element('small', each.detail)], each.address || 'unknown']),
    'Nothing.',
  );
}

function showServices({ services }) {
  const choice = byId('test-service');
  // What holds locks is no record that one could send.
  const names = services.map((each) => each.name).filter((name) => name !== 'locks' && name !== 'presence');
  if (names.join() !== [...choice.options].map((each) => each.value).join()) choice.replaceChildren(...names.map((name) => new Option(name, name)));
  byId('test-key-label').textContent = `Key (${services.find((each) => each.name === choice.value)?.keyField ?? 'text'})`;
}

function show(status) {
  // Who is connected, and which keys are watched, is told less often.
  state.last = { ...state.last, ...status };
  showServices(status);
  showFigures(status);
  showPublishes(status);
  showRejections(status);
  showKeys();
  showClients();
  showTest();
}

// --- The test event -------------------------------------------------------------------------------

function say(text, className) {
  const output = byId('test-result');
  if (output.textContent !== text) output.replaceChildren(element('span', text, className));
}

function showTest() {
  if (!state.test) return;
  const each = [...state.publishes.values()].find(({ service, id }) => service === state.test.service && id === state.test.id);
  if (!each || (each.reached > 0 && each.microseconds === 0)) return;
  if (each.reached > 0) say(`It reached ${plural(each.reached, 'browser')} in ${fast(each.microseconds)}.`, 'good');
  else say(`It was published and reached nobody. ${whyNobody(each)}`, 'bad');
  state.test = undefined;
}

async function sendTest(event) {
  event.preventDefault();
  const service = byId('test-service').value;
  const { keyField } = state.last.services.find((each) => each.name === service);
  say('Sending…');
  try {
    const headers = { 'Content-Type': 'application/json', ...(state.token && { Authorization: `Bearer ${state.token}` }) };
    const answer = await fetch(`/${encodeURIComponent(service)}`, { method: 'POST', headers, body: JSON.stringify({ [keyField]: byId('test-key').value }) });
    const record = await answer.json();
    if (!answer.ok) throw new Error(record.message);
    const idField = Object.keys(record).find((name) => name !== keyField) ?? 'id';
    state.test = { service, id: String(record[idField]) };
    say('Published. Whom it reaches shows in a moment…');
  } catch (error) {
    say(`It was not published: ${error.message}`, 'bad');
  }
}

// --- The connection -------------------------------------------------------------------------------

function link(how, text) {
  byId('link').dataset.state = how;
  if (byId('link').textContent !== text) byId('link').textContent = text;
}

let wait = 500;
let socket;

function connect() {
  const prefix = '/status,';
  const url = new URL('/socket.io/?EIO=4&transport=websocket', location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const here = (socket = new WebSocket(url));
  here.onmessage = ({ data }) => {
    if (here !== socket) return;
    if (data[0] === '0') here.send(`40${prefix}${JSON.stringify(state.token ? { token: state.token } : {})}`);
    else if (data === '2') here.send('3');
    else if (data.startsWith(`44${prefix}`)) refused(JSON.parse(data.slice(2 + prefix.length)).message);
    else if (data.startsWith(`40${prefix}`)) {
      wait = 500;
      // Perhaps another server, whose offsets are its own.
      Object.assign(state, { publishes: new Map(), seen: new Map(), rejections: [], counted: undefined, last: undefined });
      link('live', 'Live');
      byId('login').hidden = true;
      byId('live').hidden = false;
    } else if (data.startsWith(`42${prefix}`)) show(JSON.parse(data.slice(2 + prefix.length))[1]);
  };
  here.onclose = () => {
    if (here !== socket) return;
    link('lost', 'Not connected: trying again…');
    setTimeout(() => here === socket && connect(), wait);
    wait = Math.min(2 * wait, 8000);
  };
}

function refused(why) {
  const old = socket;
  socket = undefined;
  old.close();
  link('lost', 'Not allowed');
  byId('live').hidden = true;
  byId('login').hidden = false;
  byId('refusal').textContent = state.token || !/send it as/.test(why) ? why : 'What the server does is shown to those who may observe it.';
  byId('token').focus();
}

byId('login').addEventListener('submit', (event) => {
  event.preventDefault();
  state.token = byId('token').value.trim();
  sessionStorage.setItem('flowcast-token', state.token);
  link('waiting', 'Connecting…');
  connect();
});
byId('test').addEventListener('submit', sendTest);
byId('test-service').addEventListener('change', () => state.last && showServices(state.last));
connect();
