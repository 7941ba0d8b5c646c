/**
 * The status line of a widget: what users read is a short text, what developers need is behind it, in a disclosure that
 * keyboards and screen readers know. Its colours are those of the text around it, so it suits a light and a dark page,
 * and it needs no stylesheet; themes may style `.flowcast-status`, and `.flowcast-status--connected` and so on.
 *
 * Problems are shown once: of all widgets that share a server, the first on the page shows them, and the next one when
 * that is gone. What is refused to a widget alone, it shows itself.
 */

const NAME = "flowcast-status";

/** By state: the dot's colour, and the property with what users read. */
const LOOKS = {
  connecting: ["#8a94a6", "textConnecting"],
  connected: ["#2e9e5b", "textConnected"],
  disconnected: ["#d98a1f", "textDisconnected"],
};
const ALARM = ["#d64545", "textFailed"];

/**
 * @param {HTMLElement} node  whose content it becomes
 * @param {"never"|"problems"|"always"} when
 * @param {import("./bridge.js").Hub} hub
 */
export function createDisplay(node, when, hub) {
  const queue = hub.displays;
  let shown = "";
  let status = null;
  let colour;
  let text;
  if (when === "problems") queue.push(draw);
  // A region that is there before its text is announced; a row of a list that shows nothing is none.
  const mayShow = () => when === "always" || queue[0] === draw || (when === "problems" && status && status !== hub.status);

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
    const dot = append(line, element("span", NAME + "__dot", { color: colour }));
    dot.setAttribute("aria-hidden", "true");
    append(dot, document.createTextNode("● "));
    append(line, document.createTextNode(text || status.message));
    if (problem) append(box, document.createTextNode(wordsOf(status)));
    append(node, box);
  }
  draw();
  return {
    /** @param {(property: string) => string} textOf */
    show(present, textOf) {
      status = present;
      [colour, text] = LOOKS[present.state] || ALARM;
      text = textOf(text);
      draw();
    },
    release() {
      const place = queue.indexOf(draw);
      if (place >= 0) queue.splice(place, 1);
      node.textContent = shown = "";
      if (place === 0 && queue.length) queue[0]();
    },
  };
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
