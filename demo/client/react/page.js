import React from "react";

import { plainParts } from "../parts/parts.js";
import { DataGrid } from "./data_grid.js";
import { DataView } from "./data_view.js";
import { PlainPart } from "./plain_part.js";

const h = React.createElement;

/** What a page is made of, by the type of its parts. */
const plain = Object.fromEntries(Object.keys(plainParts).map((type) => [type, PlainPart]));
const parts = { ...plain, dataGrid: DataGrid, dataView: DataView };

/** A page of the React client. What its parts work with is handed down: session, form, widgets, and where to go. */
export function Page({ definition, ...around }) {
  return definition.content.map((part, index) => h(parts[part.type], { key: index, part, ...around }));
}
