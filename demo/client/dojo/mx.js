import { runNanoflow } from "../core/nanoflows.js";
import { MxContext } from "./mx_context.js";

/** What every client says to a widget that leaves an error to it. */
function report(error) {
  console.error("An error has occurred:", error);
  window.mx.onError?.(error);
}

/** Runs `act`, and hands its result, or its error, to callbacks as the client API does. */
function settle(act, callback, error) {
  Promise.resolve()
    .then(act)
    .then(
      (result) => callback && callback(result),
      (problem) => (error || report)(problem),
    );
}

function guidsOf({ params, context }) {
  if (params.applyto === "none") return [];
  if (params.guids && params.guids.length) return params.guids.map(String);
  const tracked = context && context.getTrackId();
  return tracked ? [tracked] : [];
}

/**
 * The client API of the Dojo client, as the globals `mx` and `mendix`.
 * @param {Session} session
 */
export function createMx(session) {
  function runMicroflow(args) {
    const { params, origin, callback, error } = args;
    if (!params || !params.actionname) throw new Error("mx.data.action: no microflow is named");
    if (origin) origin.publish("submit");
    settle(() => session.execute(params.actionname, guidsOf(args), params.arguments), callback, error);
  }

  const data = {
    action: runMicroflow,

    callNanoflow({ nanoflow, origin, context, callback, error }) {
      if (!nanoflow || !nanoflow.nanoflow) throw new Error("mx.data.callNanoflow: no nanoflow is given");
      if (origin) origin.publish("submit");
      const object = context && (context.getTrackObject() || session.cache.get(context.getTrackId()));
      settle(() => runNanoflow(nanoflow.nanoflow, session, object), callback, error);
    },

    get({ guid, guids, xpath, filter = {}, callback, error }) {
      settle(
        async () => {
          if (guid) return (await session.retrieveByIds([guid]))[0] || null;
          if (guids) return session.retrieveByIds(guids);
          const entity = /^\/\/([\w.]+)$/.exec(xpath || "");
          if (!entity) throw new Error(`The demo app cannot retrieve by ${xpath}`);
          return (await session.retrieve({ entity: entity[1], ...filter })).objects;
        },
        callback,
        error,
      );
    },

    create({ entity, callback, error }) {
      settle(() => session.create(entity), callback, error);
    },

    subscribe(wanted) {
      return session.cache.subscribe(wanted);
    },

    unsubscribe(handle) {
      session.cache.unsubscribe(handle);
    },
  };

  const ui = {
    action(microflow, args, scope) {
      console.warn("mx.ui.action is deprecated, use mx.data.action instead");
      runMicroflow({ ...args, params: { ...args.params, actionname: microflow }, scope });
    },
    info(text) {
      session.page.showMessage(text);
    },
    error(text) {
      session.page.showMessage(text);
    },
  };

  const mx = {
    version: "9.24.0 (played by the Flowcast demo app)",
    appUrl: new URL("/", location.href).href,
    remoteUrl: new URL("/", location.href).href,
    data,
    ui,
    session: {
      getUserName: () => session.user,
      isGuest: () => false,
    },
    parser: { formatValue: (value) => String(value) },
    addOnLoad(callback) {
      callback();
    },
    reloadWithState() {
      session.reloadWithState();
    },
    onError(error) {
      session.page.showMessage(error.message);
    },
  };
  return { mx, mendix: { lib: { MxContext }, lang: {} } };
}

/** Takes parts of the client API away, by name, such as `mx.ui.action`: other versions of Mendix do not have them. */
export function takeAway(names, globals) {
  for (const name of names) {
    const path = name.split(".");
    const last = path.pop();
    const owner = path.reduce((part, key) => part && part[key], globals);
    if (owner) delete owner[last];
  }
}
