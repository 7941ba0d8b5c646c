/**
 * The pluggable widget (Mendix 10.21 and later, Dojo and React client). What to run and when is decided behind the
 * bridge; here, Mendix's properties are followed: they give the keys, and the actions that do the work.
 */
import core from "flowcast/pluggable_core";
import { createElement, useEffect, useRef } from "react";
import { flowcastHub } from "./bridge.js";
import { createClaims, watchInput } from "./claims.js";
import { createDisplay, statusText } from "./display.js";
import { CHANGES, handlersOf } from "./handlers.js";
import { createRuns, lookAtAction, lookAtReload } from "./pluggable_runs.js";

const TOKEN_AGAIN = 30000; // ms between two requests for another token
const TOKEN = /^(token|expiring)$/; // causes that another one cures

/** @param props  the properties of Flowcast.xml, as Mendix gives them */
export function Flowcast(props) {
  const node = useRef(null);
  const widget = useRef(null);
  if (!widget.current) widget.current = createWidget(node);
  useEffect(() => widget.current.follow(props));
  useEffect(() => () => widget.current.release(), []);
  return createElement("div", { ref: node, className: props.class, style: props.style });
}

function createWidget(node) {
  let props = {};
  let listening; // to what, as text
  let listener;
  let display;
  let runs;
  let status;
  let connected = false;
  let sequence = 0;
  let keys;
  let token = "";
  let tokenTimer;
  let tokenAsked = -TOKEN_AGAIN;
  let hub;
  let claimed; // the key
  let typed = false; // since the object was saved
  let stopWatching;
  let told;
  const values = {}; // by the property of the attribute that shows them
  const attempts = {};
  const claims = createClaims(keep, (event) => {
    runs.add(
      lookAtAction(() => (event === "lost" ? props.onLockLost : props.onLockConflict)),
      () => {},
    );
  }, show);

  /** After each render: passes on what changed. */
  function follow(present) {
    props = present;
    // While an expression is read there is nothing, or an old value: a wrong one for a moment would cost a connection.
    const server = [props.url, props.service];
    const others = [props.token, props.ownValue, props.userId, props.userName, props.lockHolder, props.editing];
    if (server.concat(others).some(isLoading)) return;
    // Without the object that an expression reads there is no server to listen to: not a wrong one.
    if (server.some((expression) => expression.status === "unavailable")) {
      stop();
      return;
    }
    if (!runs) runs = createRuns();
    runs.step();
    const own = props.ignoreOwn && { field: props.ownField, value: valueOf(props.ownValue) };
    const interest = { service: valueOf(props.service), keyField: props.keyField, own };
    const wanted = JSON.stringify([valueOf(props.url), interest, props.showStatus, props.watch === "service"]);
    if (wanted === listening) {
      passKeys();
      passToken();
      passClaims();
      show();
    } else if (props.token && props.onTokenNeeded && !valueOf(props.token)) {
      askForToken();
    } else {
      stop();
      keys = JSON.stringify(wantedKeys());
      // Not before they are known: who is told "connected" hears what is published from then on.
      if (keys) listen(interest, wanted);
    }
  }

  function listen(interest, wanted) {
    listening = wanted;
    hub = flowcastHub(valueOf(props.url), core);
    display = createDisplay(node.current, props.showStatus, hub);
    token = valueOf(props.token);
    listener = hub.listen({ ...interest, keys: wantedKeys(), token, onStatus });
    const handlers = props.handlers || [];
    const runsItself = props.action || props.itemAction || props.reloadDatasource || props.payloadAttribute;
    handlersOf(runsItself, handlers, props.refreshAfterGap).forEach(({ events, entry, ignoreMissed }) => {
      const place = handlers.indexOf(entry);
      const options = {
        throttle: props.throttle,
        spread: props.spread,
        ignoreMissed,
        ignoreOwn: props.ignoreOwn,
        payloadField: props.payloadField,
      };
      const action = () => (place < 0 ? props.action : props.handlers[place].eventAction);
      const itemAction = () => (place < 0 ? props.itemAction : props.handlers[place].eventItemAction);
      if (itemAction()) {
        listener.action(events, { ...options, perKey: true }, (event, done) => {
          runAction(event, () => actionOf(itemAction(), event.key), done);
        });
      }
      if (place < 0 && props.reloadDatasource) {
        listener.action(events, options, (event, done) => runs.add(lookAtReload(() => props.objects), done));
      }
      if (action() || (props.payloadAttribute && !itemAction())) {
        listener.action(events, options, (event, done) => runAction(event, action, done));
      }
    });
    if (findsOutEditing()) {
      stopWatching = watchInput(node.current, () => setTyped(true));
      listener.action(CHANGES, { ignoreMissed: true }, (event, done) => {
        setTyped(false);
        done();
      });
    }
    passClaims();
  }

  const findsOutEditing = () => !props.editing && (props.presence === "join" || props.lock === "edit");

  function setTyped(yes) {
    typed = yes;
    passClaims();
  }

  function passClaims() {
    const key = (wantedKeys() || [])[0];
    if (key !== claimed) typed = false;
    claimed = key;
    const editing = props.editing ? Boolean(props.editing.value) : typed;
    claims.follow(hub, key, props, editing, ...[props.userId, props.userName, props.lockHolder].map(valueOf));
  }

  function runAction(event, action, done) {
    const payload = event.missed ? "" : event.payload;
    const name = event.missed ? "missed" : event.event;
    write(props.payloadAttribute, payload);
    runs.add(lookAtAction(action, { payload, event: name, key: event.key, sequence: String(++sequence) }), done);
  }

  function actionOf(itemAction, key) {
    const item = itemsOf().find((each) => keyOf(each) === key);
    return item && itemAction.get(item);
  }

  const itemsOf = () => (props.objects && props.objects.items) || [];
  const keyOf = (item) => (props.itemKey ? valueOf(props.itemKey.get(item)) : item.id);

  /** `null`: the whole service. Nothing where it is not known yet. */
  function wantedKeys() {
    if (props.watch === "service") return null;
    if (props.watch === "key") return isLoading(props.objectKey) ? undefined : [valueOf(props.objectKey)].filter(Boolean);
    if (isLoading(props.objects) && !props.objects.items) return undefined;
    return itemsOf().map(keyOf).filter(Boolean);
  }

  function passKeys() {
    const text = JSON.stringify(wantedKeys());
    if (!text || text === keys) return;
    keys = text;
    listener.setKeys(wantedKeys());
  }

  function passToken() {
    const present = valueOf(props.token);
    if (present === token) return;
    token = present;
    listener.setToken(present);
  }

  const needsToken = () => Boolean(props.token) && (!valueOf(props.token) || Boolean(status && TOKEN.test(status.cause)));

  /** Until one comes that the server takes. */
  function askForToken() {
    if (tokenTimer || !props.onTokenNeeded) return;
    const ask = () => {
      tokenTimer = 0;
      if (!needsToken()) return;
      tokenAsked = Date.now();
      runs.add(lookAtAction(() => props.onTokenNeeded), askForToken);
    };
    tokenTimer = setTimeout(ask, Math.max(0, tokenAsked + TOKEN_AGAIN - Date.now()));
  }

  function onStatus(present) {
    status = present;
    show();
    const isConnected = status.state === "connected";
    if (isConnected !== connected && status.state !== "connecting") {
      connected = isConnected;
      runs.add(
        lookAtAction(() => (isConnected ? props.onConnect : props.onDisconnect)),
        () => {},
      );
    }
    if (TOKEN.test(status.cause)) askForToken();
  }

  function show() {
    if (!status) return;
    const present = claims.refused() || status;
    display.show(present, (text) => valueOf(props[text]));
    keep("statusAttribute", statusText(present));
    Object.keys(values).forEach(writeValue);
  }

  /** An attribute that shows a value until there is another: also another object's, and one that comes later. */
  function keep(property, value) {
    values[property] = value;
    writeValue(property);
  }

  function writeValue(property) {
    const attribute = props[property];
    // One that does not take a value as it is would be written with each render.
    const attempt = JSON.stringify([values[property], attribute && [attribute.status, attribute.value]]);
    if (attempt !== attempts[property]) write(attribute, values[property]);
    attempts[property] = attempt;
  }

  function write(attribute, value) {
    if (!attribute || attribute.status !== "available") return;
    if (String([attribute.value]) === String(value)) return; // an empty one is undefined, and "" in a list
    if (!attribute.readOnly) {
      // Mendix's numbers are another library's objects, which a text becomes by itself.
      if (typeof value === "number") attribute.setTextValue(String(value));
      else attribute.setValue(value);
    } else if (!told) {
      told = true;
      console.error("Flowcast: an attribute is read-only: see data view and access rules.");
    }
  }

  function stop() {
    listening = "";
    clearTimeout(tokenTimer);
    tokenTimer = 0;
    if (listener) listener.release();
    if (display) display.release();
    if (stopWatching) stopWatching();
    claims.release();
    listener = display = status = stopWatching = null;
  }

  function release() {
    stop();
    connected = false;
    if (runs) runs.release();
    runs = null;
  }

  return { follow, release };
}

const valueOf = (expression) => (expression && expression.value) || "";
const isLoading = (value) => value && value.status === "loading";
