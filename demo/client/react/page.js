import React from "react";

import { DataGrid } from "./data_grid.js";
import { DataView } from "./data_view.js";

const h = React.createElement;

/** What a page is made of, by the type of its parts. */
const parts = { dataGrid: DataGrid, dataView: DataView, text: Text };

/** A page of the React client. What its parts work with is handed down: session, form, widgets, and where to go. */
export function Page({ definition, ...around }) {
  return definition.content.map((part, index) => h(parts[part.type], { key: index, part, ...around }));
}

function Text({ part: { title, steps } }) {
  const items = steps.map((step) => h("li", { key: step }, step));
  return h("section", { className: "card text" }, h("h2", null, title), h("ol", null, items));
}
