/**
 * Compiles a page's source: each custom widget gets all the properties that its package declares, with the values that
 * the page's author chose or the defaults. What Studio Pro would refuse is refused.
 *
 * In a page's source a widget is `{"type": "customWidget", "widget": ID, "name": NAME, "properties": {KEY: VALUE, …}}`.
 */
export function compilePage(page, widgets, where) {
  return { ...page, content: compileContent(page.content, widgets, where) };
}

function compileContent(content, widgets, where) {
  return content?.map((part) => {
    if (part.type === "customWidget") return compileWidget(part, widgets, where);
    const compiled = { ...part };
    for (const place of ["content", "row", "widgets"]) {
      if (part[place]) compiled[place] = compileContent(part[place], widgets, where);
    }
    return compiled;
  });
}

function compileWidget(part, widgets, where) {
  const known = widgets.find(({ id }) => id === part.widget);
  if (!known) throw new Error(`${where}: no package has the widget ${part.widget}`);
  return {
    type: "customWidget",
    id: known.id,
    name: part.name,
    kind: known.kind,
    module: known.module,
    properties: compileProperties(known.properties, part.properties || {}, `${where}, ${part.name}`),
  };
}

function compileProperties(declared, chosen, where) {
  const unknown = Object.keys(chosen).find((key) => !declared.some((property) => property.key === key));
  if (unknown) throw new Error(`${where}: the definition of this widget has changed: it has no property ${unknown}`);
  return declared.map((property) => {
    const { key, type, dataSource, actionVariables } = property;
    return { key, type, dataSource, actionVariables, value: compileValue(property, chosen[key], `${where}, ${key}`) };
  });
}

function compileValue(property, chosen, where) {
  if (property.type === "object") {
    return (chosen || []).map((item, index) => compileProperties(property.properties, item, `${where}[${index}]`));
  }
  if (chosen === undefined) return defaultOf(property);
  if (property.choices && !property.choices.includes(chosen)) {
    throw new Error(`${where}: ${chosen} is none of ${property.choices.join(", ")}`);
  }
  return chosen;
}

function defaultOf({ type, defaultValue }) {
  if (defaultValue === undefined || defaultValue === "") return type === "boolean" ? false : undefined;
  if (type === "boolean") return String(defaultValue) === "true";
  if (type === "integer") return Number(defaultValue);
  return String(defaultValue);
}
