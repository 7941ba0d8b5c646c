// Feathers clients of three generations call every method of a service, hear its events, and read its errors.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { event, until, within } from '../support/deadline.mjs';
import { startServer } from '../support/server_process.mjs';
import { feathersClients } from './feathers_clients.mjs';
import { library } from './socket_io_versions.mjs';

let server;
let onlooker;
const heard = [];
before(async () => {
  server = await startServer({ args: ['--service', 'microflow', '--service', 'notes'] });
  onlooker = library('4.8')(server.url, { transports: ['websocket'] });
  for (const name of ['created', 'updated', 'patched', 'removed']) onlooker.on(`microflow ${name}`, (record) => heard.push([name, record]));
  await event(onlooker, 'connect');
});
after(async () => {
  onlooker.close();
  await server.stop();
});

const hears = (count) => until(() => heard.length >= count, `${count} events at another client`);
const rejected = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('it was not refused');
};

for (const { name, carrier, open } of feathersClients) {
  describe(name, () => {
    let client;
    let service;
    before(async () => {
      client = open(server.url);
      service = client.app.service('microflow');
      if (client.socket) await event(client.socket, 'connect');
    });
    after(() => client.close());
    beforeEach(async () => {
      await service.remove(null, { query: {} });
      // What that removed goes out to everyone; a record of its own closes that chapter.
      const last = await service.create({ text: 'the beginning' });
      await until(() => heard.some(([, record]) => record.id === last.id), 'quiet');
      await service.remove(last.id);
      await until(() => heard.some(([kind, record]) => kind === 'removed' && record.id === last.id), 'quiet');
      heard.length = 0;
    });

    it('creates one record', async () => {
      const record = await service.create({ text: 'guid-1', nested: { list: [1, null, 'é😀'] } });
      assert.deepEqual(record, { text: 'guid-1', nested: { list: [1, null, 'é😀'] }, id: record.id });
      assert.equal(typeof record.id, 'number');
      await hears(1);
      assert.deepEqual(heard, [['created', record]]);
    });

    it('creates many records, with an event for each', async () => {
      const records = await service.create([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
      assert.deepEqual(records.map(({ text }) => text), ['a', 'b', 'c']);
      await hears(3);
      assert.deepEqual(heard, records.map((record) => ['created', record]));
    });

    it('finds pages', async () => {
      await service.create([...Array(12).keys()].map((number) => ({ text: `t${number}`, number })));
      const first = await service.find();
      assert.deepEqual([first.total, first.limit, first.skip, first.data.length], [12, 10, 0, 10]);
      const second = await service.find({ query: { $skip: 10, $limit: 5 } });
      assert.deepEqual([second.total, second.limit, second.skip, second.data.length], [12, 5, 10, 2]);
      const none = await service.find({ query: { $limit: 0 } });
      assert.deepEqual([none.total, none.data.length], [12, 0]);
    });

    it('finds by query', async () => {
      await service.create([...Array(6).keys()].map((number) => ({ text: `t${number}`, number, even: number % 2 === 0 ? 'yes' : 'no' })));
      const texts = async (query) => (await service.find({ query })).data.map(({ text }) => text);
      assert.deepEqual(await texts({ text: 't3' }), ['t3']);
      assert.deepEqual(await texts({ text: { $in: ['t1', 't4'] } }), ['t1', 't4']);
      assert.deepEqual(await texts({ text: { $nin: ['t1', 't2', 't3', 't4'] } }), ['t0', 't5']);
      assert.deepEqual(await texts({ even: { $ne: 'yes' } }), ['t1', 't3', 't5']);
      assert.deepEqual(await texts({ text: { $gt: 't1', $lte: 't3' } }), ['t2', 't3']);
      assert.deepEqual(await texts({ $or: [{ text: 't0' }, { text: 't5' }] }), ['t0', 't5']);
      assert.deepEqual(await texts({ even: 'yes', $sort: { text: -1 } }), ['t4', 't2', 't0']);
      const [selected] = (await service.find({ query: { text: 't2', $select: ['number'] } })).data;
      assert.deepEqual(Object.keys(selected).sort(), ['id', 'number']);
    });

    it('gets, updates, patches and removes one record, with its event', async () => {
      const { id } = await service.create({ text: 'one', keep: true });
      assert.deepEqual(await service.get(id), { text: 'one', keep: true, id });
      assert.deepEqual(await service.update(id, { text: 'two' }), { text: 'two', id });
      const patched = await service.patch(id, { extra: 1 });
      assert.deepEqual(patched, { text: 'two', id, extra: 1 });
      assert.deepEqual(await service.remove(id), patched);
      await hears(4);
      assert.deepEqual(heard.map(([kind]) => kind), ['created', 'updated', 'patched', 'removed']);
      assert.deepEqual(heard.at(-1)[1], patched);
      assert.equal((await rejected(service.get(id))).code, 404);
    });

    it('patches and removes many by query', async () => {
      await service.create([{ text: 'a' }, { text: 'b' }, { text: 'a' }]);
      const patched = await service.patch(null, { seen: true }, { query: { text: 'a' } });
      assert.deepEqual(patched.map(({ text, seen }) => [text, seen]), [['a', true], ['a', true]]);
      const removed = await service.remove(null, { query: { text: 'a' } });
      assert.equal(removed.length, 2);
      assert.deepEqual((await service.find()).data.map(({ text }) => text), ['b']);
      await hears(7);
    });

    it('gets errors of the right class', async () => {
      const missing = await rejected(service.get(987654));
      assert.deepEqual([missing.name, missing.code, missing.className, missing.message], ['NotFound', 404, 'not-found', "No record found for id '987654'"]);
      const invalid = await rejected(service.find({ query: { $unknown: 1 } }));
      assert.deepEqual([invalid.name, invalid.code, invalid.className], ['BadRequest', 400, 'bad-request']);
      const operator = await rejected(service.find({ query: { text: { $regex: 'x' } } }));
      assert.deepEqual([operator.name, operator.data], ['BadRequest', { $regex: 'x' }]);
      const all = await rejected(service.update(null, { text: 'x' }));
      assert.deepEqual([all.name, all.code], ['BadRequest', 400]);
      const nowhere = await rejected(client.app.service('nowhere').find());
      assert.deepEqual([nowhere.name, nowhere.code], ['NotFound', 404]);
      assert.deepEqual(heard, []);
    });

    it('keeps services apart', async () => {
      const notes = client.app.service('notes');
      const note = await notes.create({ text: 'a note' });
      assert.equal((await rejected(service.get(note.id))).code, 404);
      assert.deepEqual(await notes.get(note.id), note);
      await service.create({ text: 'a record' });
      await hears(1);
      assert.deepEqual(heard.map(([, { text }]) => text), ['a record']);
    });

    it('hears its own events, before the answer', { skip: carrier === 'rest' && 'REST has no events' }, async () => {
      const order = [];
      const created = new Promise((resolve) =>
        service.once('created', (record) => {
          order.push('event');
          resolve(record);
        }),
      );
      const record = await service.create({ text: 'mine' });
      order.push('answer');
      assert.deepEqual(await within(created, 'created event'), record);
      assert.deepEqual(order, ['event', 'answer']);
    });
  });
}
