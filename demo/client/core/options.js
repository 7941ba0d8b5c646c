/**
 * What a page's address says, beside which page it is:
 *
 * | parameter | what |
 * |---|---|
 * | `user` | who is signed in: the demo app takes everyone's word for it |
 * | `widgets` | `classic`, `pluggable` or `both`: which packages the Dojo client shows |
 * | `csp` | the Content-Security-Policy that the page is served with |
 * | `theme` | `light` or `dark`; else what the system prefers |
 * | `embedded` | `1` where the page is one of two windows side by side |
 * | `without` | parts of the client API to take away, such as `mx.ui.action`, as other versions of Mendix do |
 * | `copies` | how many more of its widgets a page of one object has |
 * | `widget.KEY` | a value for the widget's property KEY, in place of what the page's definition says |
 * | `copy.KEY` | the same, for those more alone |
 */
const parameters = new URLSearchParams(location.search);

export const options = {
  user: parameters.get("user") || "Anna",
  widgets: parameters.get("widgets") || "classic",
  theme: parameters.get("theme") || "",
  embedded: parameters.get("embedded") === "1",
  without: (parameters.get("without") || "").split(",").filter(Boolean),
  copies: Math.max(0, Number(parameters.get("copies")) || 0),
  overrides: valuesOf("widget."),
  copyOverrides: valuesOf("copy."),
};

/** The values of those parameters whose names begin so, by the rest of their names. */
function valuesOf(prefix) {
  const given = [...parameters].filter(([name]) => name.startsWith(prefix));
  return new Map(given.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** An address in this app, with the options of this page kept and others changed; null takes one away. */
export function address(path, changes = {}) {
  const kept = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) kept.delete(name);
    else kept.set(name, value);
  }
  const query = kept.toString();
  return path + (query ? "?" + query : "");
}

if (options.theme) document.documentElement.dataset.theme = options.theme;
