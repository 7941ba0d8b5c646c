import { element, flash } from "./elements.js";

/**
 * An input for an attribute. What is typed it keeps to itself until it is left, or told to `flush`.
 * @param {() => MxObject} object  the one that it shows now
 */
export function createInput(page, { attribute, caption, multiline }, object) {
  const control = createControl(attribute, multiline, object());
  const current = () => String(object().raw(attribute) ?? "");
  let shown = "";
  const flush = () => {
    if (control.value === shown) return;
    try {
      object().set(attribute, control.value);
    } catch {
      page.session.page.showMessage(`${caption}: ${control.value} is not a number`);
      control.value = current();
    }
    shown = control.value;
  };
  control.addEventListener("change", flush);
  const label = element("label", { for: control.id }, [caption]);
  return {
    attribute,
    flush,
    node: element("div", { class: multiline ? "field wide" : "field" }, [label, control]),
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

function createControl(attribute, multiline, object) {
  const id = `field-${attribute}`;
  const type = object.getAttributeType(attribute);
  if (type === "Enum") {
    const choices = object
      .getEnumMap(attribute)
      .map(({ key, caption }) => element("option", { value: key }, [caption]));
    return element("select", { id }, choices);
  }
  if (multiline) return element("textarea", { id, rows: "3" });
  const inputmode = type === "String" ? "text" : "decimal";
  return element("input", { id, type: "text", inputmode, autocomplete: "off" });
}
