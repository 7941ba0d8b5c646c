/**
 * Defines the AMD module `mxui/widget/_WidgetBase`, which every classic widget is declared on: dijit's base, with the
 * lifecycle of the Mendix client on top.
 * @param {Function} define  Dojo's
 */
export function defineWidgetBase(define) {
  define("mxui/widget/_WidgetBase", ["dojo/_base/declare", "dijit/_WidgetBase"], (declare, _WidgetBase) =>
    declare("mxui.widget._WidgetBase", [_WidgetBase], {
      mxcontext: null,
      mxform: null,
      friendlyId: "",
      _mxSubscriptions: null,

      constructor() {
        this._mxSubscriptions = [];
      },

      /** The client gives a widget its object here; the page waits for the callback. */
      applyContext(context, callback) {
        this.mxcontext = context;
        this.update(context.getTrackObject(), callback);
      },

      update(object, callback) {
        if (callback) callback();
      },

      resize() {},
      enable() {},
      disable() {},
      uninitialize() {},

      subscribe(wanted) {
        const handle = window.mx.data.subscribe(wanted);
        this._mxSubscriptions.push(handle);
        return handle;
      },

      unsubscribe(handle) {
        window.mx.data.unsubscribe(handle);
        this._mxSubscriptions = this._mxSubscriptions.filter((kept) => kept !== handle);
      },

      unsubscribeAll() {
        for (const handle of this._mxSubscriptions) window.mx.data.unsubscribe(handle);
        this._mxSubscriptions = [];
      },

      destroy(...args) {
        this.unsubscribeAll();
        _WidgetBase.prototype.destroy.apply(this, args); // this.inherited(arguments) is not for strict mode
      },
    }));
}
