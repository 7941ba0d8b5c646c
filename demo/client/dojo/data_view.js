import { element } from "../core/elements.js";
import { display, lastChange } from "../core/format.js";
import { createInput } from "../core/input.js";
import { options } from "../core/options.js";
import { stayWith } from "../core/router.js";
import { buttonBar } from "./button.js";

/** A form for one object, which it follows. Its widgets stay when the user goes on to another object. */
export async function showDataView(page, view, guid) {
  const { session, content } = page;
  const { objects } = await session.retrieve({ entity: view.entity, sort: view.sort });
  let object = session.cache.get(guid) || (await session.retrieveByIds([guid]))[0];
  if (!object) {
    content.append(noRecord());
    return;
  }
  const heading = element("h2", { class: "record" });
  const changed = element("p", { class: "last-change" });
  const inputs = view.fields.map((field) => createInput(page, field, () => object));
  const draw = (names) => {
    card.dataset.guid = object.getGuid();
    heading.textContent = object.isNew() ? "New order" : `Order ${display(object, "Number")}`;
    changed.textContent = lastChange(object);
    for (const input of inputs) input.draw(names && names.includes(input.attribute));
  };

  let placed = [];
  const step = async (by) => {
    const index = objects.findIndex((known) => known.getGuid() === object.getGuid());
    object = objects[(index + by + objects.length) % objects.length];
    stayWith(object.getGuid());
    draw();
    await Promise.all(placed.map((widget) => widget.applyContext(object)));
  };
  const buttons = { guid: () => object.getGuid(), step };
  const form = element(
    "form",
    { class: "fields" },
    inputs.map((input) => input.node),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  const card = element("div", { class: "card" }, [
    element("div", { class: "record-bar" }, [heading, buttonBar(page, view.toolbar, "toolbar", buttons)]),
    changed,
    form,
    buttonBar(page, view.buttons, "buttons", buttons),
  ]);
  content.append(card);
  draw();
  page.form.listen("submit", () => inputs.forEach((input) => input.flush()));
  page.subscribe({
    entity: view.entity,
    callback: (_, changedGuid, names) => {
      if (changedGuid !== object.getGuid()) return;
      if (session.cache.get(changedGuid)) draw(names);
      else content.replaceChildren(noRecord());
    },
  });
  for (let copy = 0; copy <= options.copies; copy++) {
    placed = placed.concat(await page.placeWidgets(view.widgets, object, page.said, copy > 0));
  }
}

function noRecord() {
  return element("p", { class: "empty" }, ["This record does not exist any more."]);
}
