import assert from "node:assert/strict";
import test from "node:test";

import { payloadOf, recordField } from "../../../widget-wasm/host/record_field.js";

test("a text field comes without its quotes and escapes", () => {
  assert.equal(recordField('{"text":"1","note":"say \\"hi\\"\\n\\u00e9"}', "note"), 'say "hi"\né');
});

test("a number past 2^53 keeps every digit", () => {
  assert.equal(recordField('{"id":1,"guid":9007199254740993}', "guid"), "9007199254740993");
});

test("objects and lists come as their JSON", () => {
  assert.equal(recordField('{"a": {"b":[1,{"c":2}]} ,"d":[ 1, 2 ]}', "a"), '{"b":[1,{"c":2}]}');
  assert.equal(recordField('{"a": {"b":[1]} ,"d":[ 1, 2 ]}', "d"), "[ 1, 2 ]");
});

test("a field inside another object, and a value that equals the name, are not the field", () => {
  assert.equal(recordField('{"x":{"price":1},"label":"price","price":2}', "price"), "2");
});

test("braces and commas in a text end nothing", () => {
  assert.equal(recordField('{"a":"},{","b":"x,}"}', "b"), "x,}");
});

test("an escaped name is the same name", () => {
  assert.equal(recordField('{"\\u0061":5}', "a"), "5");
});

test("null and what is not there are empty", () => {
  assert.equal(recordField('{"a":null}', "a"), "");
  assert.equal(recordField('{"a":1}', "b"), "");
  assert.equal(recordField("{}", "b"), "");
  assert.equal(recordField("5", "b"), "");
});

test("the payload is the record, one field of it, or nothing where changes may have been missed", () => {
  const event = { payload: '{"text":"1","n":2}', missed: false };
  assert.equal(payloadOf(event, ""), '{"text":"1","n":2}');
  assert.equal(payloadOf(event, "n"), "2");
  assert.equal(payloadOf({ payload: "", missed: true }, "n"), "");
});
