import React, { useEffect, useRef, useState } from "react";

const h = React.createElement;

/** An input for an attribute: it keeps what is typed to itself until it is left, or a microflow is called. */
export function Field({ field: { attribute, caption, multiline }, object, changes, onFlush, onProblem }) {
  const id = `field-${attribute}`;
  const current = String(object.raw(attribute) ?? "");
  const [text, setText] = useState(current);
  const typed = useRef(text);
  typed.current = text;
  const edited = useRef(false);
  useEffect(() => {
    setText(current);
    edited.current = false;
  }, [current, object]);

  const flush = () => {
    if (!edited.current) return;
    edited.current = false;
    try {
      object.set(attribute, typed.current);
    } catch {
      onProblem(`${caption}: ${typed.current} is not a number`);
      setText(current);
    }
  };
  useEffect(() => {
    onFlush(attribute, flush);
  });

  const onChange = (event) => {
    edited.current = true;
    typed.current = event.target.value;
    setText(event.target.value);
  };
  const common = { id, value: text, onChange, onBlur: flush };
  const flashes = changes.names.includes(attribute);
  const className = flashes ? "flash" : "";
  let control;
  if (object.getAttributeType(attribute) === "Enum") {
    const choices = object
      .getEnumMap(attribute)
      .map(({ key, caption: choice }) => h("option", { key, value: key }, choice));
    control = h("select", { ...common, className }, choices);
  } else if (multiline) {
    control = h("textarea", { ...common, className, rows: 3 });
  } else {
    const inputMode = object.getAttributeType(attribute) === "String" ? "text" : "decimal";
    control = h("input", { ...common, className, type: "text", inputMode, autoComplete: "off" });
  }
  return h("div", { className: multiline ? "field wide" : "field" }, h("label", { htmlFor: id }, caption), control);
}
