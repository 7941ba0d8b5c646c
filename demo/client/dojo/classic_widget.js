import { withConstants } from "../core/page_definition.js";
import { MxContext } from "./mx_context.js";

/** What a classic widget gets for its properties: names as text, lists as arrays of objects. */
function parameters(properties, constants) {
  return Object.fromEntries(properties.map((property) => [property.key, value(property, constants)]));
}

function value(property, constants) {
  if (property.type === "object") return (property.value || []).map((item) => parameters(item, constants));
  if (property.type === "nanoflow") return property.value ? { nanoflow: property.value, paramsSpec: {} } : {};
  if (property.type === "string" || property.type === "translatableString" || property.type === "expression") {
    return withConstants(property.value || "", constants);
  }
  return property.value ?? "";
}

let nextId = 0;

/**
 * Puts a classic widget on the page, and gives it its object.
 * @returns {Promise<{applyContext(object): Promise<void>, remove(): void}>} when the widget called back
 */
export async function placeClassicWidget({ definition, place, object, form, session }) {
  const Widget = await new Promise((resolve) => window.require([definition.module], resolve));
  const node = document.createElement("div");
  place.append(node);
  const id = `${definition.name || "widget"}_${nextId++}`;
  const widget = new Widget(
    {
      ...parameters(definition.properties, session.constants),
      id,
      friendlyId: `${form.id}.${definition.name}`,
      mxform: form,
    },
    node,
  );
  widget.startup();
  const applyContext = (next) => {
    const context = new MxContext();
    context.setTrackObject(next);
    return new Promise((done) => widget.applyContext(context, done));
  };
  await applyContext(object);
  return { applyContext, remove: () => widget.destroyRecursive() };
}
