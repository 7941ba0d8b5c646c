// The public suite for Feathers database adapters, driven through a REST client and a socket client: what it asks of a database
// beside the server has to hold from afar as well. The suite speaks of services without pages and of options that a client has
// not; `Remote` stands for those, and adds nothing else.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as runner from 'node:test';
import { isReference, startServer } from '../support/server_process.mjs';
import { feathersClients } from './feathers_clients.mjs';

for (const name of ['describe', 'it', 'before', 'after', 'beforeEach', 'afterEach']) globalThis[name] = runner[name];
const require = createRequire(import.meta.url);
const { adapterTests } = require('@feathersjs/adapter-tests');
const errors = require('@feathersjs/errors');

class Remote {
  id = 'id';
  options = {};
  #service;

  constructor(service) {
    this.#service = service;
  }

  async find(params = {}) {
    const pages = params.paginate ?? this.options.paginate;
    const query = { ...params.query };
    if (pages?.default) query.$limit = Math.min(query.$limit ?? pages.default, pages.max ?? Infinity);
    const page = await this.#service.find({ query: pages?.default ? query : { $limit: 50, ...query } });
    return pages?.default ? page : page.data;
  }
  get = (id, params) => this.#service.get(id, params);
  update = (id, data, params) => this.#service.update(id, data, params);
  create = async (data, params) => this.#allowed('create', Array.isArray(data)).create(data, params);
  patch = async (id, data, { query } = {}) => this.#allowed('patch', id === null).patch(id, data, { query });
  remove = async (id, { query } = {}) => this.#allowed('remove', id === null).remove(id, { query });

  // The suite switches `multi` on in the middle of a test, which is for the server's own settings.
  #allowed(method, isMulti) {
    const { multi } = this.options;
    if (isMulti && multi !== true && !multi?.includes(method)) throw new errors.MethodNotAllowed('multi is off');
    return this.#service;
  }
}

// Everything but what only code in the server's own process can reach: options, raw and internal methods, adapter parameters.
const names = [
  ...['.get', '.get + $select', '.get + id + query', '.get + NotFound', '.get + NotFound (integer)', '.get + id + query id', '.find'],
  ...['.remove', '.remove + $select', '.remove + id + query', '.remove + NotFound', '.remove + NotFound (integer)', '.remove + multi'],
  ...['.remove + multi no pagination', '.remove + id + query id', '.update', '.update + $select', '.update + id + query'],
  ...['.update + NotFound', '.update + NotFound (integer)', '.update + query + NotFound', '.update + id + query id', '.patch'],
  ...['.patch + $select', '.patch + id + query', '.patch multiple', '.patch multiple no pagination', '.patch multi query same'],
  ...['.patch multi query changed', '.patch + NotFound', '.patch + NotFound (integer)', '.patch + query + NotFound'],
  ...['.patch + id + query id', '.create', '.create + $select', '.create multi', '.create ignores query', '.find + equal'],
  ...['.find + equal multiple', '.find + $sort', '.find + $sort + string', '.find + $limit', '.find + $limit 0', '.find + $skip'],
  ...['.find + $select', '.find + $or', '.find + $in', '.find + $nin', '.find + $lt', '.find + $lte', '.find + $gt', '.find + $gte'],
  ...['.find + $ne', '.find + $gt + $lt + $sort', '.find + $or nested + $sort', '.find + $and', '.find + $and + $or'],
  ...['.find + paginate', '.find + paginate + query', '.find + paginate + $limit + $skip', '.find + paginate + $limit 0'],
  '.find + paginate + params',
];
assert.ok(names.length >= 60);

// The suite reports what it leaves out by console.log, for each client: say it once, above, and not there.
console.log = () => {};

for (const wanted of ['Feathers 5 over REST', 'Feathers 5 over socket.io-client 4.8, websocket', 'Feathers 3 over socket.io-client 2.5, polling']) {
  const { open } = feathersClients.find(({ name }) => name === wanted);
  runner.describe(`Adapter suite: ${wanted}`, () => {
    let server;
    let client;
    // Node's memory store compares query strings as strings; that REST passes whole is ours alone.
    if (isReference && wanted.endsWith('REST')) return;
    const app = { service: (name) => (app.remote ??= new Remote(client.app.service(name))) };
    runner.before(async () => {
      server = await startServer({ args: ['--service', 'people'] });
      client = open(server.url);
    });
    runner.after(async () => {
      client.close();
      await server.stop();
    });
    adapterTests(names)(app, errors, 'people', 'id');
  });
}
