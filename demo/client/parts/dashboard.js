import { element } from "../core/elements.js";
import { address, options } from "../core/options.js";
import { wire } from "../core/wire_tap.js";
import { rateChart, sparkline } from "./charts.js";

const number = (value) => Number(value ?? 0).toLocaleString("en");

/** The slider is logarithmic: 0 is one change a second, its end a thousand. */
const STEPS = 30;
const rateOf = (position) => Math.round(10 ** (position / 10));
const positionOf = (rate) => Math.round(Math.log10(Math.max(1, rate)) * 10);

/** How many seconds the chart shows. */
const SECONDS = 60;

const series = [
  { name: "changes", caption: "Changes a second", hint: "that the app commits and publishes" },
  { name: "delivered", caption: "Delivered a second", hint: "to this window’s widget" },
  { name: "here", caption: "Refreshes a second", hint: "of this window: microflow runs" },
  { name: "runtime", caption: "Refreshes, all windows", hint: "a second, that the runtime ran" },
];

/** Machines whose figures change all the time, and how little the runtime has to do for it. */
export async function showDashboard(page, part) {
  const { session } = page;
  const [dashboards, machines] = await Promise.all([
    session.retrieve({ entity: part.entity }),
    session.retrieve({ entity: part.items, sort: [["Name", "asc"]] }),
  ]);
  const dashboard = dashboards.objects[0];
  // The data source microflow of the page: it also tells the app that somebody looks.
  await page.call(part.refresh, [dashboard]);
  const figures = figureTiles();
  const chart = rateChart({ series, label: chartLabel, length: SECONDS });
  const tiles = machines.objects.map((machine) => createTile(machine));
  page.content.append(
    controls(page, part, dashboard),
    element("section", { class: "card flow", "aria-label": "From change to refresh" }, [
      figures.node,
      chart.node,
      element("p", { class: "coalesced" }, [figures.coalesced]),
    ]),
    element(
      "ul",
      { class: "machines", "aria-label": "Machines" },
      tiles.map(({ node }) => node),
    ),
  );

  const drawAll = () => tiles.forEach((tile) => tile.draw());
  drawAll();
  page.subscribe({ entity: part.items, callback: (_, guid) => tiles.find((tile) => tile.guid === guid)?.draw() });
  meter(page, dashboard, (rates, history) => {
    figures.draw(rates);
    chart.draw(history);
  });
  for (const tile of tiles) await page.placeWidgets(part.row, tile.machine, tile.node);
  await page.placeWidgets(part.widgets, dashboard, page.said);
}

function chartLabel(values) {
  const latest = series.map(({ name, caption }) => `${caption}: ${number(values[name].at(-1))}`);
  return `The last minute, on a logarithmic scale. ${latest.join(". ")}`;
}

/** Measures this window, once a second, beside what the dashboard's object says of the app. */
function meter(page, dashboard, draw) {
  let runs = 0;
  // Every refresh microflow of this page shows the dashboard's object anew, with another count of refreshes.
  page.subscribe({ guid: dashboard.getGuid(), attr: "Refreshes", callback: () => (runs += 1) });
  let before = { at: performance.now(), delivered: wire.delivered, runs };
  const history = Object.fromEntries(series.map(({ name }) => [name, []]));
  const sample = () => {
    const at = performance.now();
    const seconds = (at - before.at) / 1000;
    // A browser with much to do is late with one sample and in time with the next: half a second says little of a rate.
    if (seconds < 0.5) return;
    const rates = {
      changes: dashboard.raw("ChangesPerSecond"),
      delivered: Math.round((wire.delivered - before.delivered) / seconds),
      here: Math.round((runs - before.runs) / seconds),
      runtime: dashboard.raw("RefreshesPerSecond"),
    };
    before = { at, delivered: wire.delivered, runs };
    for (const [name, values] of Object.entries(history)) {
      values.push(rates[name]);
      if (values.length > SECONDS) values.shift();
    }
    draw(rates, history);
  };
  const timer = setInterval(sample, 1000);
  page.onRemove(() => clearInterval(timer));
}

function figureTiles() {
  const coalesced = element("span");
  const values = new Map();
  const tiles = series.map(({ name, caption, hint }) => {
    const value = element("dd", { "data-figure": name }, ["–"]);
    values.set(name, value);
    return element("div", { class: `figure series-${name}` }, [element("dt", {}, [caption]), value, element("p", {}, [hint])]);
  });
  return {
    node: element("dl", { class: "figures" }, tiles),
    coalesced,
    draw(rates) {
      for (const [name, value] of values) value.textContent = number(rates[name]);
      coalesced.textContent =
        rates.here > 0
          ? `One refresh for ${number(Math.max(1, Math.round(rates.delivered / rates.here)))} changes: what arrives while ` +
            "one runs, or before the next is due, becomes one run."
          : "Nothing changes at the moment.";
    },
  };
}

function createTile(machine) {
  const guid = machine.getGuid();
  const output = element("strong", { class: "machine-output" });
  const changes = element("span", { class: "machine-changes" });
  const line = sparkline({ label: (values) => `Output, the last half minute: between ${Math.min(...values)} and ${Math.max(...values)}` });
  const node = element("li", { class: "card machine", "data-guid": guid }, [
    element("h2", {}, [machine.raw("Name")]),
    element("p", {}, [output, " pieces a minute"]),
    line.node,
    changes,
  ]);
  return {
    guid,
    machine,
    node,
    draw() {
      output.textContent = number(machine.raw("Output"));
      changes.textContent = `${number(machine.raw("Changes"))} changes`;
      changes.dataset.changes = machine.raw("Changes");
      line.draw((machine.raw("Trend") || "").split(",").filter(Boolean).map(Number));
    },
  };
}

/** The slider, which belongs to all windows, and the pace, which is a property of this window's widget. */
function controls(page, part, dashboard) {
  const slider = element("input", { type: "range", id: "rate", min: "0", max: String(STEPS), step: "1" });
  const shown = element("output", { for: "rate", class: "rate" });
  const pause = element("button", { type: "button", class: "button default" });
  const show = () => {
    const rate = dashboard.raw("Rate");
    if (document.activeElement !== slider || rate === 0) slider.value = String(positionOf(rate));
    slider.setAttribute("aria-valuetext", rate === 0 ? "paused" : `${number(rate)} a second`);
    shown.textContent = rate === 0 ? "paused" : `${number(rate)} a second`;
    pause.textContent = rate === 0 ? "Go on" : "Pause";
  };
  const set = async (rate) => {
    dashboard.set("Rate", rate);
    show();
    try {
      await page.call(part.setRate, [dashboard]);
    } catch (error) {
      page.session.page.showMessage(error.message);
    }
  };
  let before = dashboard.raw("Rate") || 20;
  slider.addEventListener("input", () => {
    shown.textContent = `${number(rateOf(slider.value))} a second`;
    slider.setAttribute("aria-valuetext", shown.textContent);
  });
  slider.addEventListener("change", () => set((before = rateOf(slider.value))));
  pause.addEventListener("click", () => {
    const rate = dashboard.raw("Rate");
    if (rate > 0) before = rate;
    set(rate > 0 ? 0 : before);
  });
  page.subscribe({ guid: dashboard.getGuid(), callback: show });
  show();
  return element("section", { class: "card controls", "aria-label": "Controls" }, [
    element("div", { class: "control grows" }, [
      element("label", { for: "rate" }, ["Changes"]),
      element("div", { class: "slider" }, [slider, shown, pause]),
    ]),
    paceControl(part),
  ]);
}

function paceControl({ paces }) {
  const select = element("select", { id: "pace" });
  for (const { caption, throttle } of paces) {
    select.append(element("option", { value: String(throttle) }, [caption]));
  }
  select.value = options.overrides.get("throttle") || String(paces.find(({ isDefault }) => isDefault).throttle);
  select.addEventListener("change", () => {
    location.href = address(location.pathname, { "widget.throttle": select.value });
  });
  return element("div", { class: "control" }, [
    element("label", { for: "pace" }, ["Between two runs, at least"]),
    select,
  ]);
}
