import React from "react";

import { display } from "../core/format.js";
import { ButtonBar } from "./button.js";
import { useObject, useRows } from "./hooks.js";
import { Widgets } from "./widgets.js";

const h = React.createElement;

/** A grid of an entity's objects. A row follows its object; rows come when a microflow refreshed the list. */
export function DataGrid({ part: grid, ...around }) {
  const rows = useRows(around.session, grid);
  if (!rows) return null;
  const captions = grid.columns.map(({ caption, attribute }) =>
    h("th", { key: attribute, scope: "col", "data-attribute": attribute }, caption),
  );
  const body = rows.map((object) => h(Row, { key: object.getGuid(), grid, object, ...around }));
  const table = h("table", { className: "grid" }, h("thead", null, h("tr", null, captions)), h("tbody", null, body));
  return h(
    React.Fragment,
    null,
    h(ButtonBar, { buttons: grid.toolbar, className: "toolbar", ...around }),
    h("div", { className: "grid-frame" }, table),
    h(Widgets, { content: grid.widgets, object: null, ...around }),
  );
}

function Row({ grid, object, session, go }) {
  const guid = object.getGuid();
  const changes = useObject(session, guid);
  if (!session.cache.get(guid)) return null;
  const open = (event) => {
    event.preventDefault();
    go(grid.onClick.page, guid);
  };
  const cells = grid.columns.map(({ attribute }, index) => {
    const text = display(object, attribute);
    const changed = changes.names.includes(attribute);
    // A cell that changed is another one, so that its highlight begins anew.
    const key = changed ? `${attribute} ${changes.count}` : attribute;
    const shown = index === 0 ? h("a", { href: "#" + guid, className: "row-link" }, text) : text;
    return h("td", { key, className: changed ? "flash" : "", "data-attribute": attribute, "data-value": text }, shown);
  });
  return h("tr", { "data-guid": guid, onClick: open }, cells);
}
