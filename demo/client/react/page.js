import React, { useCallback, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import { display, lastChange } from "../core/format.js";
import { options } from "../core/options.js";
import { shownWidgets } from "../core/page_definition.js";
import { widgetHost } from "../pluggable/widget_host.js";
import { useObject, useRows } from "./hooks.js";
import { Field } from "./field.js";

const h = React.createElement;
const WidgetHost = widgetHost(React);

/** A page of the React client: data grids, data views, and the widgets on them. */
export function Page({ definition, ...around }) {
  const kinds = { dataGrid: DataGrid, dataView: DataView, text: Text };
  return definition.content.map((part, index) => h(kinds[part.type], { key: index, part, ...around }));
}

function Text({ part }) {
  return h(
    "section",
    { className: "card text" },
    h("h2", null, part.title),
    h("ol", null, part.steps.map((step) => h("li", { key: step }, step))),
  );
}

function Widgets({ content, object, session, form, widgets, said }) {
  const shown = shownWidgets(content, "pluggable");
  const copies = Array.from({ length: 1 + (object ? options.copies : 0) }, (_, copy) => copy);
  const hosts = copies.flatMap((copy) =>
    shown.map((definition, index) =>
      h(WidgetHost, { key: `${copy}.${index}`, Widget: widgets[definition.id], definition, object, session, form }),
    ),
  );
  return createPortal(hosts, said);
}

function Toolbar({ buttons, object, session, form, go, onStep }) {
  return h(
    "div",
    { className: "toolbar" },
    (buttons || []).map((button) => h(Button, { key: button.caption, button, object, session, form, go, onStep })),
  );
}

function Button({ button: { caption, style, action }, object, session, form, go, onStep }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    if (action.type === "createObject") return go(action.page, (await session.create(action.entity)).getGuid());
    if (action.type === "closePage") return session.page.closePage();
    if (action.type === "step") return onStep(action.by);
    setBusy(true);
    form.publish("submit");
    try {
      await session.execute(action.microflow, object ? [object.getGuid()] : []);
    } catch (error) {
      session.page.showMessage(error.message);
    }
    return setBusy(false);
  };
  return h("button", { type: "button", className: `button ${style || "default"}`, disabled: busy, onClick: press }, caption);
}

function DataGrid({ part: grid, ...around }) {
  const rows = useRows(around.session, grid);
  if (!rows) return null;
  const header = grid.columns.map(({ caption, attribute }) =>
    h("th", { key: attribute, scope: "col", "data-attribute": attribute }, caption),
  );
  return h(
    React.Fragment,
    null,
    h(Toolbar, { buttons: grid.toolbar, ...around }),
    h(
      "div",
      { className: "grid-frame" },
      h(
        "table",
        { className: "grid" },
        h("thead", null, h("tr", null, header)),
        h("tbody", null, rows.map((object) => h(Row, { key: object.getGuid(), grid, object, ...around }))),
      ),
    ),
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
    const flashes = changes.names.includes(attribute);
    return h(
      "td",
      { key: flashes ? `${attribute} ${changes.count}` : attribute, className: flashes ? "flash" : "", "data-attribute": attribute, "data-value": text },
      index === 0 ? h("a", { href: "#" + guid, className: "row-link" }, text) : text,
    );
  });
  return h("tr", { "data-guid": guid, onClick: open }, cells);
}

function DataView({ part: view, guid, ...around }) {
  const { session, form, step } = around;
  const [object, setObject] = useState(() => session.cache.get(guid));
  const [missing, setMissing] = useState(false);
  const rows = useRows(session, view);
  useEffect(() => {
    if (session.cache.get(guid)) setObject(session.cache.get(guid));
    else session.retrieveByIds([guid]).then(([found]) => (found ? setObject(found) : setMissing(true)));
  }, [session, guid]);
  const changes = useObject(session, object?.getGuid());
  const fields = useRef(new Map());
  useEffect(() => {
    const handle = form.listen("submit", () => fields.current.forEach((flush) => flush()));
    return () => form.unlisten(handle);
  }, [form]);
  const onFlush = useCallback((attribute, flush) => fields.current.set(attribute, flush), []);

  if (missing || (object && !session.cache.get(object.getGuid()))) return h("p", { className: "empty" }, "This record does not exist any more.");
  if (!object || !rows) return null;
  const onStep = (by) => {
    const index = rows.findIndex((known) => known.getGuid() === object.getGuid());
    const next = rows[(index + by + rows.length) % rows.length];
    setObject(next);
    step(next.getGuid());
  };
  const parts = { ...around, object, onStep };
  return h(
    "div",
    { className: "card", "data-guid": object.getGuid() },
    h(
      "div",
      { className: "record-bar" },
      h("h2", { className: "record" }, object.isNew() ? "New order" : `Order ${display(object, "Number")}`),
      h(Toolbar, { buttons: view.toolbar, ...parts }),
    ),
    h("p", { className: "last-change" }, lastChange(object)),
    h(
      "form",
      { className: "fields", onSubmit: (event) => event.preventDefault() },
      view.fields.map((field) =>
        h(Field, { key: field.attribute, field, object, changes, onFlush, onProblem: session.page.showMessage }),
      ),
    ),
    h("div", { className: "buttons" }, view.buttons.map((button) => h(Button, { key: button.caption, button, ...parts }))),
    h(Widgets, { content: view.widgets, ...parts }),
  );
}
