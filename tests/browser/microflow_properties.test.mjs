// Properties that name microflows, users, locks and texts: the same of each package, in each client. The runtime's part in the
// microflows is played here, so that it is seen what the widget calls them with, and what it makes of what they return.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';

import { until } from '../support/deadline.mjs';
import { freePort } from '../support/free_port.mjs';
import { makeToken } from '../support/json_web_token.mjs';
import { isReference, scratchFolder, startServer } from '../support/server_process.mjs';
import { ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const secret = 'a secret of at least sixty-four bytes, so that HS512 can have it too: that is long';
/** One that has just been made: they last a minute. */
const token = () => makeToken(secret, { sub: 'anna', flowcast: { subscribe: true, publish: true } });
const refresh = 'Orders.ACT_Order_Refresh';

/** What a property is given, by package: a text, an attribute's value, a microflow. */
const given = {
  classic: { text: (value) => value, valueOf: (attribute) => attribute, microflow: (name) => name },
  pluggable: {
    text: (value) => `'${value}'`,
    valueOf: (attribute) => `$currentObject/${attribute}`,
    microflow: (name) => JSON.stringify({ type: 'callMicroflow', microflow: name, needsObject: true }),
  },
};
/** What the pluggable widget calls a property of the classic one. */
const names = {
  connectMicroflow: 'onConnect',
  disconnectMicroflow: 'onDisconnect',
  lockConflictMicroflow: 'onLockConflict',
  lockLostMicroflow: 'onLockLost',
  userIdAttribute: 'userId',
  userNameAttribute: 'userName',
  lockHolderAttribute: 'lockHolder',
  editingAttribute: 'editing',
  tokenAttribute: 'token',
};

/** An entry of the list of events, as a page is compiled. */
const types = { event: 'enumeration', customEvent: 'string', eventMicroflow: 'microflow', eventNanoflow: 'nanoflow', eventAction: 'action' };
const entry = (values) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    type: types[key],
    value: types[key] === 'action' ? JSON.parse(value) : value,
    actionVariables: ['payload', 'event', 'key', 'sequence'].map((name) => ({ key: name, type: 'String' })),
  }));

describe('a property of either widget', { skip: isReference }, () => {
  let stage;
  let guarded;
  let scratch;
  before(async () => {
    scratch = scratchFolder();
    writeFileSync(join(scratch.path, 'secret'), secret);
    stage = await openStage();
    guarded = await startServer({ args: ['--jwt-secret-file', join(scratch.path, 'secret')] });
  });
  afterEach(() => stage.closeWindows());
  after(async () => {
    await stage.close();
    await guarded.stop();
    scratch.remove();
  });

  const runs = async () => (await stage.demo.statistics(refresh)).runs;
  const ran = (count) => until(async () => (await runs()) === count, `${count} runs`, 30_000);
  const publish = async (server, record) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token()}` };
    const answer = await fetch(`${server.url}/microflow`, { method: 'POST', headers, body: JSON.stringify(record) });
    assert.equal(answer.status, 201, await answer.text());
  };

  for (const [index, way] of ways.entries()) {
    const as = given[way.widgets];
    const order = orders[index];
    const nameIn = (key) => (way.widgets === 'classic' ? key : names[key] ?? key);
    const properties = (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [nameIn(key), value]));
    /** @param {object} microflows  what each returns, by its name */
    const open = (values, { microflows = {}, ...options } = {}, browser = 0) =>
      stage.open({ path: `order/${order}`, way, overrides: properties(values), microflows, onlyChanges: true, ...options }, browser);
    const called = (window, name, times = 1) =>
      until(() => window.called.filter(({ actionname }) => actionname === name).length === times, `${times} calls of ${name}`, 30_000);

    describe(way.name, () => {
      if (way.widgets === 'classic') {
        it('takes the URL and the token that microflows return, asked with the object', async () => {
          const values = { url: '', urlMicroflow: 'Test.Url', tokenMicroflow: 'Test.Token' };
          const window = await open(values, { microflows: { 'Test.Url': guarded.url, 'Test.Token': token() } });
          await window.live();
          assert.deepEqual(window.called.map(({ actionname, guids }) => [actionname, guids]), [['Test.Url', [order]], ['Test.Token', [order]]]);
          const before = await runs();
          await publish(guarded, { text: order });
          await ran(before + 1);
        });
      } else {
        it('asks for a token by its action while there is none, and takes the one that comes', async () => {
          const values = { url: as.text(guarded.url), tokenAttribute: as.valueOf('Product'), onTokenNeeded: as.microflow('Test.NewToken') };
          const window = await open(values, { microflows: { 'Test.NewToken': '' } });
          await called(window, 'Test.NewToken');
          await window.page.locator('.latest', { hasText: 'NewToken' }).waitFor();
          await window.fill('Product', token());
          await window.field('Product').blur();
          await window.live();
        });
      }

      it('runs what is for a connection, and for its end', async () => {
        const server = await startServer();
        const microflows = { 'Test.Connected': '', 'Test.Disconnected': '' };
        const values = { url: as.text(server.url), connectMicroflow: as.microflow('Test.Connected'), disconnectMicroflow: as.microflow('Test.Disconnected') };
        const window = await open(values, { microflows });
        await called(window, 'Test.Connected');
        assert.equal(window.called.length, 1);
        await server.stop();
        await called(window, 'Test.Disconnected');
        assert.equal(window.called.length, 2);
        assert.ok(window.called.every(({ guids }) => guids[0] === order));
      });

      it('says who is present and editing, by the attributes that it is given', async () => {
        const who = { presence: 'join', userIdAttribute: as.valueOf('Customer'), userNameAttribute: as.valueOf('Product') };
        const anna = await (await open({ ...who, presenceCount: 'Quantity', presenceNames: 'Note' })).live();
        const name = await anna.field('Product').inputValue();
        await anna.shows('Note', name);
        await anna.shows('Quantity', '1');
        const roster = await (await fetch(`${stage.server.url}/presence/${order}`)).json();
        assert.deepEqual(roster.names, [name]);
      });

      it('says who is editing where it is told that its user is', async () => {
        const window = await open({ presence: 'join', editingAttribute: way.widgets === 'classic' ? 'Customer' : 'true', presenceEditing: 'Note' });
        await window.live();
        await window.fill('Customer', 'true');
        await window.field('Customer').blur();
        await window.shows('Note', 'Anna');
      });

      it('runs what is for an event of another name', async () => {
        const flow = way.widgets === 'classic' ? 'eventMicroflow' : 'eventAction';
        const entries = [entry({ event: 'custom', customEvent: 'shipped', [flow]: as.microflow('Test.Shipped') })];
        if (way.widgets === 'classic') entries.push(entry({ event: 'removed', eventNanoflow: 'Orders.NAN_Order_Refresh' }));
        const window = await open({ handlers: JSON.stringify(entries) }, { microflows: { 'Test.Shipped': '' }, betweenSockets: true });
        await window.live();
        window.inject(`42${JSON.stringify(['microflow shipped', { text: order }])}`);
        await called(window, 'Test.Shipped');
        if (way.widgets !== 'classic') return;
        window.inject(`42${JSON.stringify(['microflow removed', { text: order }])}`);
        await window.page.locator('.latest', { hasText: 'NAN_Order_Refresh' }).waitFor();
      });

      it('runs nothing after a gap where it is told so', async () => {
        const port = await freePort();
        const start = () => startServer({ listen: `127.0.0.1:${port}` });
        const first = await start();
        const window = await (await open({ url: as.text(first.url), refreshAfterGap: 'false' })).live();
        const before = await runs();
        await first.stop();
        await window.page.locator('.flowcast-status--disconnected').waitFor();
        const second = await start();
        await window.live();
        await publish(second, { text: order });
        await ran(before + 1);
        await second.stop();
      });

      it('holds the lock as whom it is told, says that it does, and tells of a conflict and of a loss', async () => {
        const microflows = { 'Test.Conflict': '', 'Test.Lost': '' };
        const flows = { lockConflictMicroflow: as.microflow('Test.Conflict'), lockLostMicroflow: as.microflow('Test.Lost') };
        const lock = { lock: 'open', lockTtl: '60000', lockHolderAttribute: as.valueOf('Customer'), ...flows };
        const anna = await (await open({ ...lock, lockedByMe: 'Note' }, { microflows })).live();
        await anna.shows('Note', 'true');
        const { holder, ttl } = await (await fetch(`${stage.server.url}/locks/${order}`)).json();
        assert.equal(holder, await anna.field('Customer').inputValue());
        assert.equal(ttl, 60_000);
        const other = { ...lock, lockHolderAttribute: as.valueOf('Product') };
        const ben = await (await open(other, { microflows, user: 'Ben' }, 1)).live();
        await called(ben, 'Test.Conflict');
        const gone = await fetch(`${stage.server.url}/locks/${order}?${new URLSearchParams({ holder })}`, { method: 'DELETE' });
        assert.equal(gone.status, 200, await gone.text());
        await called(anna, 'Test.Lost');
        // Ben has it next, which may be a conflict for her by now.
        assert.equal(anna.called[0].actionname, 'Test.Lost');
      });

      it('says in words of its own that it is connected, connecting, or can not', async () => {
        const silent = createServer(() => {}).listen(0, '127.0.0.1');
        try {
          const texts = { textConnected: 'Verbonden', textConnecting: 'Even geduld', textFailed: 'Dat lukt niet' };
          const says = async (words, more) => (await open({ ...texts, ...more })).page.getByText(words).waitFor();
          await says('Verbonden', {});
          await until(() => silent.listening, 'silent server');
          await says('Even geduld', { url: as.text(`http://127.0.0.1:${silent.address().port}`) });
          await says('Dat lukt niet', { url: as.text('http://') });
        } finally {
          silent.close();
          silent.unref();
        }
      });

      it('takes the key from the field that it is told, and waits at random before it runs', async () => {
        const window = await (await open({ keyField: 'about', spread: '50', throttle: '50' })).live();
        const before = await runs();
        await publish(stage.server, { text: order, about: 'another' });
        await publish(stage.server, { text: order, about: order });
        await ran(before + 1);
        await window.received(order, 2);
      });
    });
  }
});
