import { display, lastChange } from "../core/format.js";
import { shownWidgets } from "../core/page_definition.js";
import { options } from "../core/options.js";
import { element, flash } from "../core/elements.js";
import { placeClassicWidget } from "./classic_widget.js";
import { MxForm } from "../core/mx_form.js";

/**
 * A page of the Dojo client: draws data grids and data views, keeps them at what the objects say, and places widgets.
 */
export class DojoPage {
  #session;
  #definition;
  #form;
  #place;
  #go;
  #placePluggable;
  #cleanUps = [];

  /**
   * @param {object} made
   * @param {Session} made.session
   * @param {HTMLElement} made.place   where the content goes
   * @param {HTMLElement} made.said    where the status displays of widgets go
   * @param {(page: string, guid?: string) => void} made.go  shows another page
   * @param {Function} made.placePluggable  as `placeClassicWidget`, for the other package
   */
  constructor({ session, definition, place, said, go, placePluggable }) {
    this.#session = session;
    this.#definition = definition;
    this.#form = new MxForm(definition.name);
    this.#place = place;
    this.said = said;
    this.#go = go;
    this.#placePluggable = placePluggable;
  }

  async show(guid) {
    for (const part of this.#definition.content) {
      if (part.type === "dataGrid") await this.#showGrid(part);
      if (part.type === "dataView") await this.#showDataView(part, guid);
      if (part.type === "text") this.#showText(part);
    }
  }

  remove() {
    for (const cleanUp of this.#cleanUps.splice(0)) cleanUp();
    this.#place.replaceChildren();
  }

  async #widgets(content, object, place) {
    const placed = [];
    const common = { place, object, form: this.#form, session: this.#session };
    for (const definition of shownWidgets(content, options.widgets)) {
      const putDown = options.widgets === "classic" ? placeClassicWidget : this.#placePluggable;
      placed.push(await putDown({ definition, ...common }));
    }
    this.#cleanUps.push(() => placed.forEach((widget) => widget.remove()));
    return placed;
  }

  #showText({ title, steps }) {
    const items = steps.map((step) => element("li", {}, [step]));
    this.#place.append(element("section", { class: "card text" }, [element("h2", {}, [title]), element("ol", {}, items)]));
  }

  async #showGrid(grid) {
    const rows = element("tbody");
    const shown = new Map();
    const draw = async () => {
      const { objects } = await this.#session.retrieve({ entity: grid.entity, sort: grid.sort });
      for (const object of objects) {
        if (!shown.has(object.getGuid())) shown.set(object.getGuid(), await this.#row(grid, object));
        rows.append(shown.get(object.getGuid()));
      }
    };
    await draw();
    const handle = this.#session.cache.subscribe({ list: grid.entity, callback: draw });
    this.#cleanUps.push(() => this.#session.cache.unsubscribe(handle));
    this.#place.append(
      this.#toolbar(grid.toolbar),
      element("div", { class: "grid-frame" }, [
        element("table", { class: "grid" }, [
          element("thead", {}, [
            element("tr", {}, [
              ...grid.columns.map(({ caption, attribute }) =>
                element("th", { scope: "col", "data-attribute": attribute }, [caption]),
              ),
              element("th", { class: "widget-cell" }),
            ]),
          ]),
          rows,
        ]),
      ]),
    );
    await this.#widgets(grid.widgets, null, this.said);
  }

  async #row(grid, object) {
    const guid = object.getGuid();
    const cells = grid.columns.map(({ attribute }, index) => {
      const text = display(object, attribute);
      const shown = index === 0 ? element("a", { href: "#" + guid, class: "row-link" }, [text]) : text;
      return element("td", { "data-attribute": attribute, "data-value": text }, [shown]);
    });
    const widgetCell = element("td", { class: "widget-cell" });
    const row = element("tr", { "data-guid": guid }, [...cells, widgetCell]);
    row.addEventListener("click", (event) => {
      event.preventDefault();
      this.#go(grid.onClick.page, guid);
    });
    const handle = this.#session.cache.subscribe({
      guid,
      callback: () => {
        if (!this.#session.cache.get(guid)) {
          row.remove();
          return;
        }
        for (const cell of cells) {
          const text = display(object, cell.dataset.attribute);
          if (text === cell.dataset.value) continue;
          cell.dataset.value = text;
          (cell.firstElementChild || cell).textContent = text;
          flash(cell);
        }
      },
    });
    this.#cleanUps.push(() => this.#session.cache.unsubscribe(handle));
    await this.#widgets(grid.row, object, widgetCell);
    return row;
  }

  #toolbar(buttons, guid) {
    return element(
      "div",
      { class: "toolbar" },
      (buttons || []).map((button) => this.#button(button, () => guid)),
    );
  }

  #button({ caption, style, action }, guidNow) {
    const button = element("button", { type: "button", class: `button ${style || "default"}` }, [caption]);
    button.addEventListener("click", async () => {
      if (action.type === "createObject") {
        const created = await this.#session.create(action.entity);
        this.#go(action.page, created.getGuid());
      } else if (action.type === "closePage") {
        this.#session.page.closePage();
      } else if (action.type === "step") {
        this.#step(action.by);
      } else if (action.type === "callMicroflow") {
        button.disabled = true;
        window.mx.data.action({
          params: { actionname: action.microflow, applyto: "selection", guids: [guidNow()] },
          origin: this.#form,
          callback: () => (button.disabled = false),
          error: (problem) => {
            button.disabled = false;
            this.#session.page.showMessage(problem.message);
          },
        });
      }
    });
    return button;
  }

  #step = () => {};

  async #showDataView(view, guid) {
    const { objects } = await this.#session.retrieve({ entity: view.entity, sort: view.sort });
    let object = this.#session.cache.get(guid) || (await this.#session.retrieveByIds([guid]))[0] || null;
    if (!object) {
      this.#place.append(noRecord());
      return;
    }
    const heading = element("h2", { class: "record" });
    const changed = element("p", { class: "last-change" });
    const inputs = view.fields.map((field) => this.#input(field, object, () => object));
    const draw = (names) => {
      heading.textContent = object.isNew() ? "New order" : `Order ${display(object, "Number")}`;
      changed.textContent = lastChange(object);
      for (const input of inputs) input.draw(names && names.includes(input.attribute));
    };
    let handle = 0;
    const watch = () => {
      handle = this.#session.cache.subscribe({
        guid: object.getGuid(),
        callback: (_, names) => {
          if (this.#session.cache.get(object.getGuid())) draw(names);
          else this.#place.replaceChildren(noRecord());
        },
      });
    };
    this.#cleanUps.push(() => this.#session.cache.unsubscribe(handle));
    this.#form.listen("submit", () => inputs.forEach((input) => input.flush()));

    const buttons = element("div", { class: "buttons" }, view.buttons.map((b) => this.#button(b, () => object.getGuid())));
    this.#place.append(
      element("div", { class: "card", "data-guid": object.getGuid() }, [
        element("div", { class: "record-bar" }, [heading, this.#toolbar(view.toolbar)]),
        changed,
        element("form", { class: "fields" }, inputs.map((input) => input.node)),
        buttons,
      ]),
    );
    this.#place.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    draw();
    watch();
    const widgets = await this.#widgets(view.widgets, object, this.said);
    const extra = [];
    for (let copy = 0; copy < options.copies; copy++) extra.push(...(await this.#widgets(view.widgets, object, this.said)));

    this.#step = async (by) => {
      const index = objects.findIndex((known) => known.getGuid() === object.getGuid());
      const next = objects[(index + by + objects.length) % objects.length];
      this.#session.cache.unsubscribe(handle);
      object = next;
      this.#place.querySelector(".card").dataset.guid = next.getGuid();
      history.replaceState(null, "", location.pathname.replace(/\d+$/, next.getGuid()) + location.search);
      draw();
      watch();
      await Promise.all([...widgets, ...extra].map((widget) => widget.applyContext(next)));
    };
  }

  #input({ attribute, caption, multiline }, sample, objectNow) {
    const id = `field-${attribute}`;
    const type = sample.getAttributeType(attribute);
    let control;
    if (type === "Enum") {
      control = element(
        "select",
        { id },
        sample.getEnumMap(attribute).map(({ key, caption: text }) => element("option", { value: key }, [text])),
      );
    } else if (multiline) {
      control = element("textarea", { id, rows: "3" });
    } else {
      control = element("input", { id, type: "text", inputmode: type === "String" ? "text" : "decimal", autocomplete: "off" });
    }
    let shown = "";
    const current = () => String(objectNow().raw(attribute) ?? "");
    const flush = () => {
      if (control.value === shown) return;
      try {
        objectNow().set(attribute, control.value);
      } catch {
        this.#session.page.showMessage(`${caption}: ${control.value} is not a number`);
        control.value = current();
      }
      shown = control.value;
    };
    control.addEventListener("change", flush);
    return {
      attribute,
      flush,
      node: element("div", { class: multiline ? "field wide" : "field" }, [element("label", { for: id }, [caption]), control]),
      draw(isChanged) {
        const next = current();
        if (next !== control.value) {
          control.value = next;
          if (isChanged) flash(control);
        }
        shown = next;
      },
    };
  }
}

function noRecord() {
  return element("p", { class: "empty" }, ["This record does not exist any more."]);
}
