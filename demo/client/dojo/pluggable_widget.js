import { widgetHost } from "../pluggable/widget_host.js";

const requireModules = (names) => new Promise((resolve) => window.require(names, (...modules) => resolve(modules)));
let hostFor = null;

/**
 * Puts a pluggable widget on a page of the Dojo client, which takes the widget's AMD file: an export of its name,
 * `default`, or the module itself.
 */
export async function placePluggableWidget({ definition, place, object, form, session }) {
  const [React, ReactDom, module] = await requireModules(["react", "react-dom", definition.module]);
  const name = definition.module.split("/").pop();
  const Widget = module[name] || module.default || module;
  hostFor ??= widgetHost(React);
  const node = document.createElement("div");
  place.append(node);
  const root = ReactDom.createRoot(node);
  const applyContext = async (next) =>
    root.render(React.createElement(hostFor, { Widget, definition, object: next, session, form }));
  await applyContext(object);
  return {
    applyContext,
    remove() {
      root.unmount();
      node.remove();
    },
  };
}
