/**
 * The status line of a widget: what users read is a short text, what developers need is behind it, in a disclosure that
 * keyboards and screen readers know. Its colours are those of the text around it, so it suits a light and a dark page,
 * and it needs no stylesheet; themes may style `.flowcast-status`, and `.flowcast-status--connected` and so on.
 *
 * Problems are shown once: of all widgets that share a server, the first on the page shows them, and the next one when
 * that is gone.
 */

const COLOURS = { connected: "#2e9e5b", connecting: "#8a94a6", disconnected: "#d98a1f", refused: "#d64545", failed: "#d64545" };
const NAME = "flowcast-status";

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

  const display = {
    status: null,
    texts: {},
    /** @param texts  by state: what users read */
    show(status, texts) {
      display.status = status;
      display.texts = texts;
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
  const role = () => (when === "always" || (when === "problems" && queue[0] === display) ? "status" : null);

  function draw() {
    if (role()) node.setAttribute("role", "status");
    const { status, texts } = display;
    const problem = status && status.cause !== "";
    const visible = status && role() && (when === "always" || problem);
    const wanted = visible ? JSON.stringify([status, texts]) : "";
    if (wanted === shown) return;
    shown = wanted;
    node.textContent = "";
    if (!visible) return;
    const box = element(problem ? "details" : "span", NAME + " " + NAME + "--" + status.state, {
      display: "inline-block",
      maxWidth: "100%",
      fontSize: "0.875em",
      lineHeight: "1.4",
    });
    const line = problem ? box.appendChild(element("summary", "", { cursor: "pointer" })) : box;
    const dot = element("span", NAME + "__dot", {
      display: "inline-block",
      width: "0.6em",
      height: "0.6em",
      margin: "0 0.45em 0 0.2em",
      borderRadius: "50%",
      background: COLOURS[status.state],
    });
    dot.setAttribute("aria-hidden", "true");
    line.appendChild(dot);
    line.appendChild(document.createTextNode(texts[status.state] || status.message));
    if (problem) {
      const reason = element("span", NAME + "__reason", { display: "block", maxWidth: "36em", padding: "0.25em 0 0.25em 1.25em" });
      reason.textContent = wordsOf(status);
      box.appendChild(reason);
    }
    node.appendChild(box);
  }
  draw();
  return display;
}

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
