// What the demo app plays of Mendix, where a widget can notice: without a browser.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';

import { evaluate } from '../../demo/client/core/expression.js';
import { ObjectCache } from '../../demo/client/core/object_cache.js';
import { Action } from '../../demo/client/pluggable/action_value.js';
import { compilePage } from '../../demo/studio_pro/compile_page.js';
import { until } from '../support/deadline.mjs';

const Big = createRequire(new URL('../../demo/package.json', import.meta.url))('big.js');

describe('an action of the pluggable API', () => {
  /** An action whose runs end when the test says so. */
  function held(variables = []) {
    const runs = [];
    const changes = [];
    const perform = (given) => new Promise((done) => runs.push({ given, done }));
    const action = new Action(perform, variables, () => changes.push(action.value));
    return { action, runs, changes };
  }

  it('drops a second execute without a word while it runs, and takes one after', async () => {
    const { action, runs } = held();
    action.value.execute();
    action.value.execute();
    await until(() => runs.length > 0, 'run');
    assert.equal(runs.length, 1);
    assert.equal(action.value.isExecuting, true);
    runs[0].done();
    await until(() => !action.value.isExecuting, 'end of the run');
    action.value.execute();
    await until(() => runs.length === 2, 'second run');
  });

  it('is another value after each change, and the same in between', () => {
    const { action, changes } = held();
    const before = action.value;
    assert.equal(action.value, before);
    before.execute();
    assert.equal(changes.length, 1);
    assert.notEqual(changes[0], before);
    assert.equal(before.isExecuting, false, 'a value that was given does not change');
  });

  it('does nothing where it cannot be executed', () => {
    const { action, runs } = held();
    action.allow(false);
    assert.equal(action.value.canExecute, false);
    action.value.execute();
    assert.equal(runs.length, 0);
  });

  it('throws where a variable is missing, unknown, or of another type', async () => {
    const { action, runs } = held([
      { key: 'payload', type: 'String' },
      { key: 'sequence', type: 'Integer' },
    ]);
    const { execute } = action.value;
    assert.throws(() => execute(), /Missing action variable "payload"/);
    assert.throws(() => execute({ payload: 'x', sequence: new Big(1), more: 1 }), /Unknown action variable "more"/);
    assert.throws(() => execute({ payload: 'x', sequence: 1 }), /must be of type Integer/);
    assert.throws(() => execute({ payload: 7, sequence: new Big(1) }), /must be of type String/);
    execute({ payload: 'x', sequence: new Big(1) });
    await until(() => runs.length === 1, 'run');
    assert.equal(runs[0].given.payload, 'x');
  });
});

describe('an object of the client API', () => {
  const entities = { 'A.B': { attributes: { Name: { type: 'String' }, Count: { type: 'Integer' } } } };
  const plain = (name, count = 1) => ({
    objectType: 'A.B',
    guid: '32932572275146753',
    attributes: { Name: { value: name }, Count: { value: count } },
  });
  const made = () => {
    const cache = new ObjectCache(entities, Big);
    const [object] = cache.apply([plain('first')]);
    return { cache, object };
  };

  it('has a GUID of digits, and numbers that are Bigs', () => {
    const { object } = made();
    assert.equal(object.getGuid(), '32932572275146753');
    assert.ok(object.get('Count').eq(1));
    assert.throws(() => object.get('Nothing'), /has no attribute Nothing/);
  });

  it('keeps what the user changed when a refresh leaves it uncommitted', () => {
    const { cache, object } = made();
    object.set('Name', 'typed');
    const { changes } = cache.pending();
    cache.apply([plain('saved by another', 2)], { sent: changes, uncommitted: changes });
    assert.equal(object.get('Name'), 'typed');
    assert.ok(object.get('Count').eq(2));
    assert.deepEqual(cache.pending().changes, { '32932572275146753': { Name: 'typed' } });
  });

  it('keeps what the user changed while a save was on its way', () => {
    const { cache, object } = made();
    object.set('Name', 'saved');
    const { changes } = cache.pending();
    object.set('Name', 'typed after');
    cache.apply([plain('saved')], { sent: changes });
    assert.equal(object.get('Name'), 'typed after');
  });

  it('does not take a change back that a quicker answer ended', () => {
    const { cache, object } = made();
    object.set('Name', 'saved');
    const { changes } = cache.pending();
    cache.apply([plain('saved')], { sent: changes });
    cache.apply([plain('saved')], { sent: changes, uncommitted: changes });
    assert.deepEqual(cache.pending().changes, {});
    assert.equal(object.hasChanges(), false);
  });

  it('tells those who subscribed to it, to an attribute, or to its entity', () => {
    const { cache, object } = made();
    const told = [];
    cache.subscribe({ guid: object.getGuid(), callback: (guid, names) => told.push(['object', ...names]) });
    cache.subscribe({
      guid: object.getGuid(),
      attr: 'Name',
      callback: (guid, attr, value) => told.push([attr, value]),
    });
    const handle = cache.subscribe({ entity: 'A.B', callback: (entity) => told.push([entity]) });
    object.set('Name', 'new');
    assert.deepEqual(told, [['object', 'Name'], ['Name', 'new'], ['A.B']]);
    cache.unsubscribe(handle);
    object.set('Count', 1);
    assert.equal(told.length, 3, 'what is set to the value that it has is no change');
  });
});

describe('an expression', () => {
  const object = { get: (name) => ({ Number: new Big(1001), Customer: "O'Neill" })[name] };
  const scope = { constants: { 'Orders.FlowcastUrl': 'http://localhost:3030' }, object, variables: { payload: '{}' } };

  for (const [text, value] of [
    ["'it''s text'", "it's text"],
    ['@Orders.FlowcastUrl', 'http://localhost:3030'],
    ["@Orders.FlowcastUrl + '/x'", 'http://localhost:3030/x'],
    ["'Order ' + toString($currentObject/Number)", 'Order 1001'],
    ["$currentObject/Customer + ' + ' + $payload", "O'Neill + {}"],
    ['true', true],
    ['42', 42],
    ['empty', undefined],
  ]) {
    it(`${text} is ${JSON.stringify(value)}`, () => assert.equal(evaluate(text, scope), value));
  }

  it('that cannot be read says so', () => assert.throws(() => evaluate('if x then y', scope), /Cannot read/));
});

describe('a page that is compiled', () => {
  const widget = {
    id: 'a.B',
    kind: 'classic',
    module: 'a/B',
    properties: [
      { key: 'service', type: 'string', defaultValue: 'microflow' },
      { key: 'throttle', type: 'integer', defaultValue: '0' },
      { key: 'when', type: 'enumeration', defaultValue: 'always', choices: ['always', 'never'] },
      { key: 'handlers', type: 'object', properties: [{ key: 'event', type: 'string', defaultValue: 'removed' }] },
    ],
  };
  const compile = (properties) =>
    compilePage({ content: [{ type: 'customWidget', widget: 'a.B', name: 'b1', properties }] }, [widget], 'page.json');
  const values = (page) => Object.fromEntries(page.content[0].properties.map(({ key, value }) => [key, value]));

  it('has the chosen values, and the defaults of the package where none is chosen', () => {
    const { service, throttle, when, handlers } = values(compile({ service: 'orders', handlers: [{}] }));
    assert.deepEqual([service, throttle, when], ['orders', 0, 'always']);
    assert.equal(handlers[0][0].value, 'removed');
  });

  it('is refused where the package has no such property, choice or widget', () => {
    assert.throws(() => compile({ servce: 'orders' }), /page.json, b1: .* no property servce/);
    assert.throws(() => compile({ when: 'sometimes' }), /none of always, never/);
    assert.throws(() => compilePage({ content: [{ type: 'customWidget', widget: 'x.Y' }] }, [widget], 'p'), /x\.Y/);
  });
});
