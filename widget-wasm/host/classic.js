/**
 * The widget of the Dojo client (Mendix 7.13 to 10). What to run and when is decided behind the bridge; here, Mendix's
 * client API is followed: the context object gives the key, microflows and nanoflows do the work.
 */
import core from "./classic_core.js";
import declare from "dojo/_base/declare";
import WidgetBase from "mxui/widget/_WidgetBase";
import { flowcastHub } from "./bridge.js";
import { createClaims, watchInput } from "./claims.js";
import { callAction, isAction, newTextOf, reloadPage, textOf } from "./classic_calls.js";
import { createDisplay, statusText } from "./display.js";
import { handlersOf } from "./handlers.js";

const TOKEN_AGAIN = 30000; // ms after which a new token should have been taken
const TOKEN = /^(token|expiring)$/; // causes that another one cures

export default declare("Flowcast.widget.FlowcastClassic", [WidgetBase], {
  // The properties of FlowcastClassic.xml are set by the page before anything else.
  // What begins as nothing is not written down: _object, _starting, _listener, _hub, _display, _status, _claims,
  // _stopWatching, _typed (since the object was saved), _lost (the connection, once), _renewing, _told, _gone.
  _connected: false,

  /** Another context object, or none: called once at the beginning, and with each change. */
  update(object, callback) {
    this._object = object || null;
    this._typed = false;
    this.unsubscribeAll();
    if (object) this._watch(object);
    if (this._status) this._show();
    this._follow();
    if (callback) callback();
  },

  uninitialize() {
    this._gone = true;
    if (this._listener) this._listener.release();
    if (this._display) this._display.release();
    if (this._claims) this._claims.release();
    if (this._stopWatching) this._stopWatching();
  },

  /** The key, the token and more may be attributes that change while the object stays. */
  _watch(object) {
    const guid = object.getGuid();
    const callback = () => this._follow();
    this.subscribe({
      guid,
      callback: () => {
        if (object.hasChanges && !object.hasChanges()) this._typed = false;
        this._follow();
      },
    });
    [this.keyAttribute, this.tokenAttribute, this.userIdAttribute, this.userNameAttribute, this.lockHolderAttribute, this.editingAttribute]
      .filter(Boolean)
      .forEach((attr) => this.subscribe({ guid, attr, callback }));
  },

  _follow() {
    if (this._listener) {
      this._listener.setKeys(this._keys());
      if (this.tokenAttribute && !this.tokenMicroflow) this._listener.setToken(this._attribute(this.tokenAttribute));
      this._passClaims();
    } else if (this._object && !this._starting) {
      this._starting = true;
      this._start();
    }
  },

  /** The microflows for the URL and the token may look at the object, so it begins with the first one. */
  _start() {
    const withUrl = (url) => {
      if (this.tokenMicroflow) textOf(this.tokenMicroflow, this._call(), (token) => this._listen(url, token));
      else this._listen(url, this.tokenAttribute ? this._attribute(this.tokenAttribute) : "");
    };
    if (this.urlMicroflow) textOf(this.urlMicroflow, this._call(), withUrl);
    else withUrl(this.url);
  },

  _listen(url, token) {
    if (this._gone) return;
    const hub = (this._hub = flowcastHub(url, core));
    this._display = createDisplay(this.domNode, this.showStatus, hub);
    this._claims = createClaims(
      (key, value) => this[key] && this._object && this._write(this[key], value),
      (event) => this._runOne(event === "lost" ? this.lockLostMicroflow : this.lockConflictMicroflow),
      () => this._show(),
    );
    this._listener = hub.listen({
      service: this.service,
      keys: this._keys(),
      keyField: this.keyField,
      token,
      onStatus: (status) => this._follows(status),
    });
    const own = [this.microflow, this.nanoflow].some(isAction) || this.reloadPage || Boolean(this.payloadAttribute);
    handlersOf(own, this.handlers, this.refreshAfterGap).forEach(({ events, entry, ignoreMissed }) => {
      const pace = { throttle: this.throttle, spread: this.spread, ignoreMissed, payloadField: this.payloadField };
      this._listener.action(events, pace, (event, done) => this._run(event, entry, done));
    });
    if (!this.editingAttribute && (this.presence === "join" || this.lock === "edit")) {
      this._stopWatching = watchInput(this.domNode, () => {
        this._typed = true;
        this._passClaims();
      });
    }
    this._passClaims();
  },

  _passClaims() {
    const given = (attribute, otherwise) => (attribute ? this._attribute(attribute) : otherwise);
    const user = mx.session ? mx.session.getUserName() : "";
    const editing = given(this.editingAttribute, String(this._typed)) === "true";
    const by = [given(this.userIdAttribute, user), given(this.userNameAttribute, user), given(this.lockHolderAttribute, "")];
    this._claims.follow(this._hub, this._keys()[0], this, editing, ...by);
  },

  _keys() {
    const key = this.keyAttribute ? this._attribute(this.keyAttribute) : this._object && this._object.getGuid();
    return key ? [key] : [];
  },

  /** As text: numbers come as big.js objects. */
  _attribute(name) {
    const value = this._object && this._object.get(name);
    return value === null || value === undefined ? "" : String(value);
  },

  _call() {
    return { origin: this.mxform, object: this._object };
  },

  /** Of `entry`, or the widget's own where that is null: first the microflow, then the nanoflow. */
  _run(event, entry, done) {
    const actions = (entry ? [entry.eventMicroflow, entry.eventNanoflow] : [this.microflow, this.nanoflow]).filter(isAction);
    const next = () => {
      if (this._object && !this._gone && actions.length) {
        this._callAction(actions.shift(), next);
        return;
      }
      done();
      // Not for a first connection that comes late: it would be late again, and again.
      if (this.reloadPage && !entry && !this._gone && (this._lost || event.event)) reloadPage();
    };
    if (this.payloadAttribute && this._object) this._write(this.payloadAttribute, event.missed ? "" : event.payload);
    next();
  },

  /** An error is for the console: a change elsewhere is no reason to show this user a dialog. */
  _callAction(action, done) {
    callAction(action, this._call(), done, (error) => {
      console.error("Flowcast: " + (action.trim ? "the microflow " + action : "a nanoflow") + " failed.", error);
      done();
    });
  },

  _follows(status) {
    this._status = status;
    this._show();
    const connected = status.state === "connected";
    if (connected !== this._connected && status.state !== "connecting") {
      this._connected = connected;
      if (!connected) this._lost = true;
      this._runOne(connected ? this.connectMicroflow : this.disconnectMicroflow);
    }
    this._renewToken();
  },

  _runOne(microflow) {
    if (microflow && this._object) this._callAction(microflow, () => {});
  },

  /** Until one comes that the server takes. */
  _renewToken() {
    if (this._renewing || !this.tokenMicroflow || !this._object || !TOKEN.test(this._status.cause)) return;
    this._renewing = true;
    newTextOf(this.tokenMicroflow, this._call(), (token) => {
      this._renewing = false;
      if (this._gone) return;
      this._listener.setToken(token);
      setTimeout(() => this._gone || this._renewToken(), TOKEN_AGAIN);
    });
  },

  _show() {
    const status = this._claims.refused() || this._status;
    this._display.show(status, (text) => this[text]);
    if (this.statusAttribute && this._object) this._write(this.statusAttribute, statusText(status));
  },

  _write(attribute, value) {
    if (this._attribute(attribute) === String(value)) return;
    if (!this._object.isReadonlyAttr || !this._object.isReadonlyAttr(attribute)) {
      this._object.set(attribute, value);
    } else if (!this._told) {
      this._told = true;
      console.error("Flowcast: this user may not change the attribute " + attribute + ": see the entity's access rules.");
    }
  },
});
