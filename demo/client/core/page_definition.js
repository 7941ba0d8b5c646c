import { options } from "./options.js";

/**
 * Fetches a page as it was deployed: `{name, title, content: [...]}`, with custom widgets as
 * `{type: "customWidget", package, id, module, properties: [{key, type, value, ...}]}`.
 */
export async function fetchPage(name) {
  const response = await fetch(`/pages/${name}.json`);
  if (!response.ok) throw new Error(`There is no page ${name}`);
  const page = await response.json();
  for (const widget of customWidgets(page.content)) override(widget, options.overrides);
  return page;
}

/** The widgets of some content that this window shows: the Dojo client has either package or both, the React client one. */
export function shownWidgets(content, kind, isCopy = false) {
  const shown = (content || []).filter((part) => part.type === "customWidget" && [part.kind, "both"].includes(kind));
  return isCopy ? shown.map(copyOf) : shown;
}

const copies = new WeakMap();

/** The same one each time: a client would take another definition for another widget. */
function copyOf(widget) {
  if (!copies.has(widget)) copies.set(widget, structuredClone(widget));
  override(copies.get(widget), options.copyOverrides);
  return copies.get(widget);
}

function* customWidgets(content) {
  for (const part of content || []) {
    if (part.type === "customWidget") yield part;
    yield* customWidgets(part.content);
    yield* customWidgets(part.row);
    yield* customWidgets(part.widgets);
  }
}

/**
 * Puts a property's value from the page's address in place of the definition's. A value in JSON, where the property's
 * type is not text: `widget.throttle=500`, `widget.handlers=[…]`.
 */
function override(widget, values) {
  for (const property of widget.properties) {
    if (values.has(property.key)) property.value = read(values.get(property.key), property);
  }
}

function read(text, property) {
  switch (property.type) {
    case "integer":
      return Number(text);
    case "boolean":
      return text === "true";
    case "object":
    case "datasource":
    case "action":
      return JSON.parse(text);
    default:
      return text;
  }
}

/** Puts the app's constants into a text: `@Module.Name` stands for the constant's value. */
export function withConstants(text, constants) {
  return text.replace(/@(\w+\.\w+)/g, (whole, name) => constants[name] ?? whole);
}
