import { element, flash, say, sayEach } from "../core/elements.js";
import { createInput } from "../core/input.js";
import { stayWith } from "../core/router.js";
import { others } from "./merge.js";
import { presenceLine } from "./presence.js";

const HISTORY = 50;
const at = (moment) => new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const shownValue = (value) => (value === null || value === "" ? "nothing" : `“${value}”`);

/** A form that several people edit at a time: nobody's unsaved changes are overwritten, and both are told. */
export async function showSharedForm(page, part, guid) {
  const { session } = page;
  const objects = (await session.retrieve({ entity: part.entity, sort: [["Number", "asc"]] })).objects;
  const object = objects.find((known) => known.getGuid() === guid) || objects[0];
  const name = object.getGuid();
  if (guid !== name) stayWith(name);

  // The version that the user has seen, and made up their mind about.
  let seen = session.kept(`seen:${name}`) ?? object.raw("Version");
  const see = (version) => {
    seen = version;
    session.keep(`seen:${name}`, seen);
  };
  see(seen);

  // Who else has it open, and who is editing: the widget writes it there.
  const desk = await session.create(part.desk);
  desk.set("Visit", name);
  const present = presenceLine(desk, { count: "Present", names: "PresentNames", doing: "EditingNames" }, "editing");

  let history = [];
  const fields = part.fields.map((field) => createField(page, field, object, () => draw()));
  const note = createNote(page, part, object);
  const heading = element("h2", { class: "record" }, [`Visit ${object.raw("Number")}`]);
  const unsaved = element("span", { class: "chip", role: "status" });

  const draw = (names = []) => {
    const found = others(object, history, seen);
    // Without changes of one's own there is nothing to decide.
    if (!object.hasChanges() && found.conflicts.length === 0) see(object.raw("Version"));
    for (const field of fields) field.draw(found, names);
    const isOpen = ({ field }) => fields.some(({ attribute, isOpen: open }) => attribute === field && open());
    note.draw({ news: found.news, conflicts: found.conflicts.filter(isOpen) });
    const count = part.fields.filter(({ attribute }) => attribute in object.changes()).length;
    desk.set("Editing", count > 0);
    say(unsaved, count === 0 ? "" : `${count} not saved`);
  };
  const decide = (attributes, takeTheirs) => {
    for (const attribute of attributes) {
      if (takeTheirs) object.set(attribute, object.original(attribute));
      fields.find((field) => field.attribute === attribute).decided();
    }
    if (fields.every((field) => !field.isOpen())) see(object.raw("Version"));
    draw();
  };
  fields.forEach((field) => field.onDecide((takeTheirs) => decide([field.attribute], takeTheirs)));
  note.onDecide((takeTheirs) =>
    decide(
      fields.filter((field) => field.isOpen()).map(({ attribute }) => attribute),
      takeTheirs,
    ),
  );

  const retrieve = async () => {
    const changes = { entity: part.changes, attribute: "Visit", value: name, sort: [["Version", "desc"]], amount: HISTORY };
    history = (await session.retrieve(changes)).objects;
    draw();
  };
  page.subscribe({ guid: desk.getGuid(), callback: present.draw });
  page.subscribe({ guid: name, callback: (_, names) => draw(names) });
  page.subscribe({ list: part.changes, callback: () => retrieve().catch(() => {}) });
  page.form.listen("submit", () => fields.forEach((field) => field.flush()));

  const form = element("form", { class: "fields", "aria-label": "Visit" }, fields.map(({ node }) => node));
  const save = element("button", { type: "submit", class: "button primary" }, ["Save"]);
  const undo = element("button", { type: "button", class: "button default" }, ["Undo my changes"]);
  form.append(element("div", { class: "buttons wide" }, [save, undo]));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      await page.call(part.save, [object], { BaseVersion: seen });
      see(object.raw("Version"));
      draw();
    } catch (error) {
      session.page.showMessage(error.message.replace(/^[\w.]+: /, ""));
    }
    save.disabled = false;
  });
  undo.addEventListener("click", async () => {
    for (const { attribute } of part.fields) object.set(attribute, object.original(attribute));
    see(object.raw("Version"));
    draw();
  });

  page.content.append(
    element("div", { class: "card shared-form", "data-guid": name }, [
      element("div", { class: "record-bar" }, [heading, unsaved, present.node]),
      note.node,
      form,
    ]),
  );
  await retrieve();
  await page.placeWidgets(part.widgets, desk, page.said);
}

/** One field: its input, whose value it is, and the choice where two people changed it. */
function createField(page, field, object, changed) {
  const { attribute } = field;
  const input = createInput(page, field, () => object);
  const tag = element("p", { class: "field-tag", id: `tag-${attribute}` });
  const mine = element("button", { type: "button", class: "button default" }, ["Keep mine"]);
  const theirs = element("button", { type: "button", class: "button default" }, ["Take theirs"]);
  const question = element("p", {});
  const choice = element("div", { class: "conflict", role: "group", "aria-label": `${field.caption}: two values` }, [
    question,
    element("div", { class: "buttons" }, [mine, theirs]),
  ]);
  choice.hidden = true;
  const control = input.node.querySelector("input, select, textarea");
  control.setAttribute("aria-describedby", tag.id);
  // What is typed counts as a change at once, so that it is known whose it is.
  control.addEventListener("input", () => {
    input.flush();
    changed();
  });
  input.node.append(tag, choice);
  let open = null;
  let decided = null;
  return {
    attribute,
    node: input.node,
    flush: input.flush,
    isOpen: () => open !== null,
    decided() {
      decided = open;
      open = null;
    },
    onDecide(callback) {
      mine.addEventListener("click", () => callback(false));
      theirs.addEventListener("click", () => callback(true));
    },
    draw({ conflicts, news }, names) {
      input.draw(names.includes(attribute));
      const conflict = conflicts.find((change) => change.field === attribute);
      open = conflict && conflict.id !== decided?.id ? conflict : null;
      const told = news.find((change) => change.field === attribute);
      const isMine = attribute in object.changes();
      input.node.classList.toggle("is-mine", isMine);
      input.node.classList.toggle("is-open", open !== null);
      tag.textContent = isMine ? "Yours, not saved" : told ? `${told.by}, ${at(told.on)}` : "";
      choice.hidden = open === null;
      if (open) {
        const text = `${open.by} changed this to ${shownValue(open.after)} at ${at(open.on)}.`;
        if (question.textContent !== text) flash(choice);
        say(question, text);
      }
    },
  };
}

/** What others did meanwhile, in one place, for all fields at once. */
function createNote(page, part, object) {
  const { session } = page;
  const text = element("p", {});
  const list = element("ul", {});
  const mine = element("button", { type: "button", class: "button default" }, ["Keep all of mine"]);
  const theirs = element("button", { type: "button", class: "button default" }, ["Take all of theirs"]);
  const reload = element("button", { type: "button", class: "button default" }, ["Reload with state"]);
  reload.title = "Loads the page again and keeps what you have not saved";
  reload.addEventListener("click", () => {
    page.form.publish("submit");
    if (globalThis.mx) globalThis.mx.reloadWithState();
    else session.reloadWithState();
  });
  const all = element("div", { class: "buttons" }, [mine, theirs, reload]);
  const captions = new Map(part.fields.map(({ attribute, caption }) => [attribute, caption]));
  const node = element("section", { class: "changes-note", role: "status", "aria-label": "Changes of others" }, [text, list, all]);
  return {
    node,
    onDecide(callback) {
      mine.addEventListener("click", () => callback(false));
      theirs.addEventListener("click", () => callback(true));
    },
    draw({ conflicts, news }) {
      const open = conflicts.length;
      const by = object.raw("ChangedBy");
      const lines = news.map(({ field, by: who, before, after, on }) => {
        const both = conflicts.some((conflict) => conflict.field === field);
        return `${captions.get(field)}: ${shownValue(before)} is now ${shownValue(after)}, by ${who} at ${at(on)}${both ? "; you changed it, too" : ""}`;
      });
      node.classList.toggle("is-open", open > 0);
      say(
        text,
        lines.length > 0
          ? `While you were editing, ${lines.length === 1 ? "a field was" : `${lines.length} fields were`} changed. Yours were left alone.`
          : by
            ? `Saved by ${by} at ${at(object.raw("ChangedOn"))}`
            : "Not changed yet",
      );
      sayEach(list, lines);
      mine.hidden = theirs.hidden = open === 0;
      all.hidden = lines.length === 0;
    },
  };
}
