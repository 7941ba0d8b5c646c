import { element } from "./elements.js";
import { ofSession } from "./storage.js";
import { wire } from "./wire_tap.js";

const OPEN = "flowcast-demo:break-it";

/** How long the server stays away, and a tab hangs. */
const AWAY = 3000;
const FROZEN = 5000;

/** After the last event, until it is said how often a microflow ran for it. */
const SETTLED = 1200;

/**
 * The panel that breaks this window, or the server, on purpose, and says what was recovered.
 * @param {() => number} runs  how many microflows ran in this window
 * @returns {{opener: HTMLElement, panel: HTMLElement}}  the panel, and the button that opens it
 */
export function breakItPanel(runs) {
  const said = element("ol", { class: "incidents", role: "log", "aria-label": "What was recovered" });
  const drop = toggle("Drop the connection", "Connect again", {});
  const offline = toggle("Go offline", "Go online", { offline: true });
  const restart = serverButton("Restart the server", "stop", say);
  const kill = serverButton("Kill the server", "kill", say);
  const freeze = element("button", { type: "button", class: "button default" }, ["Freeze this window"]);
  const all = [drop, offline, restart, kill, freeze];
  const panel = element("section", { class: "break-it", id: "break-it", "aria-label": "Break it" }, [
    element("div", { class: "buttons" }, all),
    element("p", { class: "break-it-help" }, [
      "The first closes this window’s connection to Flowcast, the second also the one to the app; they stay closed " +
        "until you open them. The server comes back after 3 s, for all windows. A frozen window does nothing for 5 s.",
    ]),
    said,
  ]);
  const opener = element("button", { type: "button", class: "opener", "aria-controls": "break-it" }, ["Break it"]);
  const open = (isOpen) => {
    panel.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    ofSession[OPEN] = isOpen ? "yes" : "";
  };
  opener.addEventListener("click", () => open(panel.hidden));
  open(ofSession[OPEN] === "yes");

  drop.addEventListener("click", () => cut(drop, offline));
  offline.addEventListener("click", () => cut(offline, drop));
  freeze.addEventListener("click", () => {
    freeze.textContent = "Frozen …";
    // The text is drawn before the freeze.
    requestAnimationFrame(() =>
      setTimeout(() => {
        wire.freeze(FROZEN);
        freeze.textContent = "Freeze this window";
      }),
    );
  });
  allowRestarts([restart, kill]);

  let runsBefore = null;
  wire.addEventListener("lost", () => {
    if (runsBefore === null) say("The connection is lost. What is published meanwhile waits in the server’s log.");
    runsBefore ??= runs();
    panel.dataset.state = "lost";
  });
  wire.addEventListener("back", ({ detail }) => {
    const before = runsBefore ?? runs();
    runsBefore = null;
    panel.dataset.state = "back";
    setTimeout(() => say(recovery(detail, runs() - before), detail.events), SETTLED);
  });
  wire.addEventListener("thawed", ({ detail }) => {
    const before = runs();
    setTimeout(() => say(thaw(detail, runs() - before), detail.events), SETTLED);
  });

  function cut(button, other) {
    const isOn = "on" in button.dataset;
    if (isOn) wire.mend();
    else wire.cut(button.cut);
    turn(button, !isOn);
    turn(other, false);
  }

  function say(text, events) {
    const time = element("time", {}, [new Date().toLocaleTimeString()]);
    const line = element("li", events === undefined ? {} : { "data-events": String(events) }, [time, " ", text]);
    said.prepend(line);
    while (said.children.length > 20) said.lastChild.remove();
  }
  return { opener, panel };
}

function toggle(off, on, how) {
  const button = element("button", { type: "button", class: "button default" }, [off]);
  return Object.assign(button, { cut: how, off, on });
}

function turn(button, isOn) {
  button.toggleAttribute("data-on", isOn);
  button.textContent = isOn ? button.on : button.off;
}

function serverButton(caption, end, say) {
  const button = element("button", { type: "button", class: "button default" }, [caption]);
  button.addEventListener("click", async () => {
    try {
      const response = await fetch("/demo/server", { method: "PUT", body: JSON.stringify({ end, away: AWAY }) });
      if (!response.ok) say((await response.json()).message);
    } catch (error) {
      say(error.message);
    }
  });
  return button;
}

async function allowRestarts(buttons) {
  const settings = await fetch("/demo/settings").then(
    (response) => response.json(),
    () => ({}),
  );
  if (settings.canRestartServer) return;
  for (const button of buttons) {
    button.disabled = true;
    button.title = "Only demo/run can restart the server: it was not started by it";
  }
}

const seconds = (ms) => (ms / 1000).toFixed(1) + " s";
const milliseconds = (ms) => Math.max(1, Math.round(ms)) + " ms";
const count = (number, one, many = one + "s") => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** What became of a connection that was lost, in words. */
function recovery({ away, events, took, recovered }, runs) {
  if (!recovered) return `Back after ${seconds(away)}. The log does not reach back that far: each action ran once.`;
  const missed =
    events === 0
      ? "Nothing was missed"
      : `${count(events, "event was", "events were")} missed, and recovered in ${milliseconds(took)}`;
  return `Back after ${seconds(away)}. ${missed}; ${count(runs, "run")} of a microflow since it was lost.`;
}

function thaw({ away, events, took }, runs) {
  const waited = events === 0 ? "Nothing waited" : `${count(events, "event")} had waited, handled in ${milliseconds(took)}`;
  return `Frozen for ${seconds(away)}. ${waited}; ${count(runs, "run")} of a microflow.`;
}
