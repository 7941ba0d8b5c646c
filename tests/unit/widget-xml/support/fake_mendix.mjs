/** Mendix as its clients' widgets meet it. */

/** A client object of the Dojo client. */
export class MxObject {
  constructor(guid, values = {}) {
    this.guid = guid;
    this.values = values;
    this.readonly = [];
  }
  getGuid = () => this.guid;
  get = (name) => this.values[name];
  set = (name, value) => (this.values[name] = value);
  isReadonlyAttr = (name) => this.readonly.includes(name);
  hasChanges = () => this.changed;
  changed = false;
}

/** The `mx` of the Dojo client: microflows and nanoflows run until a test ends them. */
export function installMx({ withDataAction = true } = {}) {
  const calls = [];
  const keep = (kind, name, request) => calls.push({ kind, name, request, end: (result) => request.callback(result), fail: (error) => request.error(error) });
  const mx = {
    appUrl: "http://app/",
    reloads: 0,
    data: { callNanoflow: (request) => keep("nanoflow", request.nanoflow, request) },
    session: { getUserName: () => "anna" },
    ui: { action: (name, request) => keep("ui.action", name, request) },
    reloadWithState: () => mx.reloads++,
  };
  if (withDataAction) mx.data.action = (request) => keep("microflow", request.params.actionname, request);
  globalThis.mx = mx;
  globalThis.mendix = {
    lib: {
      MxContext: class {
        setTrackObject(object) {
          this.object = object;
        }
      },
    },
  };
  return { mx, calls, names: () => calls.map((call) => call.name) };
}

/** The page around a pluggable widget: properties that change with each render, and actions as the clients run them. */
export class FakeAction {
  executions = [];
  dropped = 0;
  isExecuting = false;
  canExecute = true;
  disabledDuringExecution = false;

  /** The ActionValue of this moment: it does not change, and a second execute() while it runs is lost. */
  value() {
    const action = this;
    return {
      canExecute: this.canExecute && !(this.isExecuting && this.disabledDuringExecution),
      isExecuting: this.isExecuting,
      execute(variables) {
        if (action.isExecuting) {
          action.dropped++;
          return;
        }
        action.isExecuting = true;
        action.executions.push(variables);
      },
    };
  }

  end() {
    this.isExecuting = false;
  }
}

export const text = (value) => ({ status: "available", value });
export const loading = () => ({ status: "loading", value: undefined });

export class FakeAttribute {
  status = "available";
  readOnly = false;
  writes = [];

  constructor(id, value = "") {
    this.id = id;
    this.value = value;
  }

  setValue(value) {
    this.value = value;
    this.writes.push(value);
  }

  /** A number, as Mendix has it: an object. */
  setTextValue(text) {
    this.setValue({ toString: () => text });
  }
}
