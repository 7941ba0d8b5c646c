import { element, say } from "../core/elements.js";
import { createInput } from "../core/input.js";
import { stayWith } from "../core/router.js";
import { wire } from "../core/wire_tap.js";
import { presenceLine } from "./presence.js";

/**
 * A form that one person edits at a time. The widget takes the lock, renews and releases it, and writes who holds it into
 * the attributes of a helper object, the desk; this page shows what is there.
 */
export async function showLockedForm(page, part, guid) {
  const { session } = page;
  const objects = (await session.retrieve({ entity: part.entity, sort: [["Number", "asc"]] })).objects;
  const object = objects.find((known) => known.getGuid() === guid) || objects[0];
  if (guid !== object.getGuid()) stayWith(object.getGuid());
  const desk = await session.create(part.desk);
  desk.set("Visit", object.getGuid());

  const inputs = part.fields.map((field) => createInput(page, field, () => object));
  const edit = element("button", { type: "button", class: "button primary" }, ["Edit"]);
  const save = element("button", { type: "submit", class: "button primary" }, ["Save"]);
  const cancel = element("button", { type: "button", class: "button default" }, ["Cancel"]);
  const crash = element("button", { type: "button", class: "button danger" }, ["Crash this window"]);
  const form = element("form", { class: "fields mx-dataview", "aria-label": "Visit" }, inputs.map(({ node }) => node));
  form.append(element("div", { class: "buttons wide" }, [edit, save, cancel, crash]));
  const banner = holderBanner(desk);
  const present = presenceLine(desk, { count: "Present", names: "PresentNames", doing: "EditingNames" }, "editing");

  const draw = (names = []) => {
    const isMine = desk.raw("LockedByMe") === true;
    const wants = desk.raw("Editing") === true;
    for (const input of inputs) {
      input.draw(names.includes(input.attribute));
      input.node.querySelector("input, select, textarea").disabled = !isMine;
    }
    banner.draw();
    present.draw();
    edit.hidden = wants;
    save.hidden = cancel.hidden = !wants;
    save.disabled = !isMine;
    edit.disabled = desk.raw("LockedBy") !== "" && !isMine;
  };
  const stop = () => desk.set("Editing", false);
  edit.addEventListener("click", () => {
    desk.set("Editing", true);
  });
  cancel.addEventListener("click", () => {
    for (const { attribute } of part.fields) object.set(attribute, object.original(attribute));
    stop();
    edit.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    inputs.forEach((input) => input.flush());
    try {
      await page.call(part.save, [object]);
      stop();
      edit.focus();
    } catch (error) {
      session.page.showMessage(error.message.replace(/^[\w.]+: /, ""));
    }
  });
  crash.addEventListener("click", crashWindow);
  page.form.listen("submit", () => inputs.forEach((input) => input.flush()));
  page.subscribe({ guid: object.getGuid(), callback: (_, names) => draw(names) });
  page.subscribe({
    guid: desk.getGuid(),
    callback: (_, names) => {
      draw();
      // The fields open as soon as the lock is there.
      if (names.includes("LockedByMe") && desk.raw("LockedByMe")) form.querySelector("input").focus();
    },
  });
  const timer = setInterval(banner.draw, 250);
  page.onRemove(() => clearInterval(timer));

  page.content.append(
    element("div", { class: "card locked-form", "data-guid": object.getGuid() }, [
      element("div", { class: "record-bar" }, [
        element("h2", { class: "record" }, [`Visit ${object.raw("Number")}`]),
        present.node,
      ]),
      banner.node,
      form,
    ]),
  );
  draw();
  await page.placeWidgets(part.widgets, desk, page.said);
}

/** Who holds the record, and how long their lease still runs. */
function holderBanner(desk) {
  const text = element("p", { role: "status" });
  const clock = element("p", { class: "lease-clock" });
  const bar = element("span", { class: "lease-bar" });
  const node = element("section", { class: "holder", "aria-label": "Who holds this record" }, [
    text,
    clock,
    element("div", { class: "lease-track", "aria-hidden": "true" }, [bar]),
  ]);
  return {
    node,
    draw() {
      const by = desk.raw("LockedBy") || "";
      const isMine = desk.raw("LockedByMe") === true;
      const wants = desk.raw("Editing") === true;
      const lease = leaseOf(desk);
      const left = by && lease ? Math.max(0, lease.expires - Date.now()) : null;
      const state = isMine ? "mine" : by ? "held" : "free";
      node.dataset.state = state;
      say(
        text,
        state === "mine"
          ? "You hold this record. Nobody else can edit it."
          : state === "held"
            ? `${by} is editing this record.${wants ? " It becomes yours when it is free." : ""}`
            : wants
              ? "Asking for the record …"
              : "Nobody is editing this record.",
      );
      say(
        clock,
        left === null
          ? ""
          : `${isMine ? "Your" : "The"} lease runs for ${(left / 1000).toFixed(1)} s more, unless it is renewed. Fence ${lease.fence}.`,
      );
      bar.style.width = left === null ? "0" : `${Math.min(100, (left / lease.ttl) * 100)}%`;
    },
  };
}

/** The lease that the second widget writes as it was published, while it is that of who holds the record. */
function leaseOf(desk) {
  try {
    return JSON.parse(desk.raw("Lease") || "null");
  } catch {
    return null;
  }
}

/** Ends this window as a crash does: nothing is said to anybody, and the lease runs on. */
function crashWindow() {
  wire.crash();
  const again = element("button", { type: "button", class: "button primary" }, ["Open it again"]);
  again.addEventListener("click", () => location.reload());
  document.body.replaceChildren(
    element("main", { class: "crashed" }, [
      element("h1", {}, ["This window has crashed"]),
      element("p", {}, ["It said nothing to anybody. Its lease runs on until it expires: watch the other window."]),
      again,
    ]),
  );
  again.focus();
}
