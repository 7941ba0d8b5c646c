/**
 * The status line of a widget: what users read is a short text, what developers need is behind it, in a disclosure that
 * keyboards and screen readers know. Its colours are those of the text around it, so it suits a light and a dark page,
 * and it needs no stylesheet; themes may style `.flowcast-status`, and `.flowcast-status--connected` and so on.
 *
 * Problems are shown once: of all widgets that share a server, the first on the page shows them, and the next one when
 * that is gone.
 */

const COLOURS = { connecting: "#8a94a6", connected: "#2e9e5b", disconnected: "#d98a1f" };
const ALARM = "#d64545";
const NAME = "flowcast-status";

/** By state: the property with what users read. */
const TEXTS = {
  connecting: "textConnecting",
  connected: "textConnected",
  disconnected: "textDisconnected",
  refused: "textFailed",
  failed: "textFailed",
};

/** By server URL: the displays that wait to show its problems, the one that does first. For all bundles of a page. */
function queueOf(url) {
  const name = Symbol.for("flowcast/displays");
  const queues = globalThis[name] || (globalThis[name] = new Map());
  if (!queues.has(url)) queues.set(url, []);
  return queues.get(url);
}

/**
 * @param {HTMLElement} node  whose content it becomes
 * @param {"never"|"problems"|"always"} when
 * @param {string} url        of the hub whose problems it shows
 */
export function createDisplay(node, when, url) {
  const queue = queueOf(url);
  let shown = "";
  let status = null;
  let text = "";
  const display = {
    /** @param {(property: string) => string} textOf */
    show(present, textOf) {
      status = present;
      text = textOf(TEXTS[present.state]);
      draw();
    },
    draw,
    release() {
      const place = queue.indexOf(display);
      if (place >= 0) queue.splice(place, 1);
      node.textContent = shown = "";
      if (place === 0 && queue.length) queue[0].draw();
    },
  };
  if (when === "problems") queue.push(display);
  // A region that is there before its text is announced; a row of a list that shows nothing is none.
  const mayShow = () => when === "always" || queue[0] === display;

  function draw() {
    if (mayShow()) node.setAttribute("role", "status");
    const problem = status && status.cause !== "" && status.state !== "connected";
    const visible = status && mayShow() && (when === "always" || problem);
    const wanted = visible ? JSON.stringify([status, text]) : "";
    if (wanted === shown) return;
    shown = wanted;
    node.textContent = "";
    if (!visible) return;
    const box = element(problem ? "details" : "span", NAME + " " + NAME + "--" + status.state, { fontSize: "0.875em" });
    const line = problem ? append(box, element("summary")) : box;
    const dot = append(line, element("span", NAME + "__dot", { color: COLOURS[status.state] || ALARM }));
    dot.setAttribute("aria-hidden", "true");
    append(dot, document.createTextNode("● "));
    append(line, document.createTextNode(text || status.message));
    if (problem) append(box, document.createTextNode(wordsOf(status)));
    append(node, box);
  }
  draw();
  return display;
}

const append = (parent, child) => parent.appendChild(child);

function element(name, className, style) {
  const made = document.createElement(name);
  if (className) made.className = className;
  Object.assign(made.style, style); // not as an attribute: a strict Content-Security-Policy forbids that
  return made;
}

function wordsOf(status) {
  return [status.message, status.detail && "“" + status.detail + "”", status.help].filter(Boolean).join(" ");
}

/** What a status attribute gets: a string of Mendix's usual length holds 200 characters. */
export function statusText(status) {
  const text = status.state + ": " + wordsOf(status);
  return text.length > 200 ? text.slice(0, 199) + "…" : text;
}
