/**
 * What the classic widget asks of the Dojo client: microflows, nanoflows, texts that microflows return, a reload.
 * @typedef {{origin: object, object: object}} Call  the form and the context object
 */

const AGAIN = 30000; // ms between two calls for a text that failed, or that the server refused
const sources = new Map();

/**
 * Calls a microflow, by its name, or a nanoflow, as the page gives it, with the object.
 * @param {(result: any) => void} done
 * @param {(error: Error) => void} failed  instead of `done`
 */
export function callAction(action, { origin, object }, done, failed) {
  const request = { origin, callback: done, error: failed };
  if (action.nanoflow) {
    request.nanoflow = action;
    request.context = new mendix.lib.MxContext();
    request.context.setTrackObject(object);
    mx.data.callNanoflow(request);
    return;
  }
  request.params = { actionname: action, applyto: "selection", guids: [object.getGuid()] };
  // mx.ui.action does the same in clients that have no mx.data.action, and is removed in Mendix 10.
  if (mx.data.action) mx.data.action(request);
  else mx.ui.action(action, request);
}

/** Where no nanoflow is chosen, the page gives nothing, or an object without one. */
export const isAction = (action) => Boolean(action && (action.nanoflow || action.trim));

/** Mendix 7 to 9 keep the page's state; later clients of the kind do not offer that. */
export function reloadPage() {
  if (mx.reloadWithState) mx.reloadWithState();
  else window.location.reload();
}

/**
 * The text that a microflow returns: a URL or a token. One call serves all widgets of the page. A call that fails is
 * tried again.
 * @param {(text: string) => void} tell
 */
export function textOf(name, call, tell) {
  const source = sourceOf(name);
  if (source.text !== null) tell(source.text);
  else wait(name, source, call, tell);
}

/** The same, but newer: what the microflow returned before is of no more use. */
export function newTextOf(name, call, tell) {
  const source = sourceOf(name);
  source.text = null;
  wait(name, source, call, tell);
}

function sourceOf(name) {
  if (!sources.has(name)) sources.set(name, { text: null, at: -Infinity, waiting: [], busy: false });
  return sources.get(name);
}

function wait(name, source, call, tell) {
  source.waiting.push(tell);
  if (source.busy) return;
  source.busy = true;
  const fetch = () => {
    source.at = Date.now();
    callAction(name, call, received, failed);
  };
  const received = (text) => {
    source.busy = false;
    source.text = String(text || "");
    source.waiting.splice(0).forEach((each) => each(source.text));
  };
  const failed = (error) => {
    console.error("Flowcast: the microflow " + name + " failed; without it the widget does not listen. Trying again.", error);
    setTimeout(fetch, AGAIN);
  };
  const pause = source.at + AGAIN - Date.now();
  if (pause > 0) setTimeout(fetch, pause);
  else fetch();
}
