import { element, flash } from "../core/elements.js";
import { display } from "../core/format.js";
import { buttonBar } from "./button.js";

/** A grid of an entity's objects. A row follows its object; rows come when a microflow refreshed the list. */
export async function showDataGrid(page, grid) {
  const rows = element("tbody");
  const shown = new Map();
  const draw = async () => {
    const { objects } = await page.session.retrieve({ entity: grid.entity, sort: grid.sort });
    for (const object of objects) {
      if (!shown.has(object.getGuid())) shown.set(object.getGuid(), await createRow(page, grid, object));
      rows.append(shown.get(object.getGuid()));
    }
  };
  await draw();
  page.subscribe({ list: grid.entity, callback: draw });

  const captions = grid.columns.map(({ caption, attribute }) =>
    element("th", { scope: "col", "data-attribute": attribute }, [caption]),
  );
  const header = element("thead", {}, [element("tr", {}, [...captions, element("td", { class: "widget-cell" })])]);
  page.content.append(
    buttonBar(page, grid.toolbar, "toolbar"),
    element("div", { class: "grid-frame" }, [element("table", { class: "grid" }, [header, rows])]),
  );
  await page.placeWidgets(grid.widgets, null, page.said);
}

async function createRow(page, grid, object) {
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
    page.go(grid.onClick.page, guid);
  });
  page.subscribe({
    guid,
    callback() {
      if (!page.session.cache.get(guid)) row.remove();
      else cells.forEach((cell) => drawCell(cell, display(object, cell.dataset.attribute)));
    },
  });
  await page.placeWidgets(grid.row, object, widgetCell);
  return row;
}

function drawCell(cell, text) {
  if (text === cell.dataset.value) return;
  cell.dataset.value = text;
  (cell.firstElementChild || cell).textContent = text;
  flash(cell);
}
