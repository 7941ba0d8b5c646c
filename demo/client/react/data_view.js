import React, { useCallback, useEffect, useRef, useState } from "react";

import { display, lastChange } from "../core/format.js";
import { ButtonBar } from "./button.js";
import { Field } from "./field.js";
import { useObject, useRows } from "./hooks.js";
import { Widgets } from "./widgets.js";

const h = React.createElement;

/** A form for one object, which it follows. Its widgets stay when the user goes on to another object. */
export function DataView({ part: view, guid, ...around }) {
  const { session, form, step } = around;
  const [object, missing, setObject] = useContextObject(session, guid);
  const rows = useRows(session, view);
  const changes = useObject(session, object?.getGuid());
  const onFlush = useFlush(form);

  if (missing || (object && !session.cache.get(object.getGuid()))) {
    return h("p", { className: "empty" }, "This record does not exist any more.");
  }
  if (!object || !rows) return null;
  const onStep = (by) => {
    const index = rows.findIndex((known) => known.getGuid() === object.getGuid());
    const next = rows[(index + by + rows.length) % rows.length];
    setObject(next);
    step(next.getGuid());
  };
  const parts = { ...around, object, onStep };
  const fields = view.fields.map((field) =>
    h(Field, { key: field.attribute, field, object, changes, onFlush, onProblem: session.page.showMessage }),
  );
  return h(
    "div",
    { className: "card", "data-guid": object.getGuid() },
    h(
      "div",
      { className: "record-bar" },
      h("h2", { className: "record" }, object.isNew() ? "New order" : `Order ${display(object, "Number")}`),
      h(ButtonBar, { buttons: view.toolbar, className: "toolbar", ...parts }),
    ),
    h("p", { className: "last-change" }, lastChange(object)),
    h("form", { className: "fields", onSubmit: (event) => event.preventDefault() }, fields),
    h(ButtonBar, { buttons: view.buttons, className: "buttons", ...parts }),
    h(Widgets, { content: view.widgets, ...parts }),
  );
}

/** The object of a GUID, whether there is none, and how to go on to another. */
function useContextObject(session, guid) {
  const [object, setObject] = useState(() => session.cache.get(guid));
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    const known = session.cache.get(guid);
    if (known) setObject(known);
    else session.retrieveByIds([guid]).then(([found]) => (found ? setObject(found) : setMissing(true)));
  }, [session, guid]);
  return [object, missing, setObject];
}

/** Lets fields be flushed before a microflow is called: they say how with what this returns. */
function useFlush(form) {
  const fields = useRef(new Map());
  useEffect(() => {
    const handle = form.listen("submit", () => fields.current.forEach((flush) => flush()));
    return () => form.unlisten(handle);
  }, [form]);
  return useCallback((attribute, flush) => {
    fields.current.set(attribute, flush);
  }, []);
}
