import { element, say } from "../core/elements.js";

/**
 * Who else is there, out of attributes that the widget writes.
 * @param {{count: string, names: string, doing: string}} attributes  of the helper object
 * @param {string} verb  what `doing` names are doing
 */
export function presenceLine(helper, attributes, verb) {
  const people = element("ul", { class: "people", "aria-hidden": "true" });
  const text = element("span", {});
  const node = element("div", { class: "presence", role: "status", "aria-label": "Who is here" }, [people, text]);
  return {
    node,
    draw() {
      const names = (helper.raw(attributes.names) || "").split(", ").filter(Boolean);
      const doing = (helper.raw(attributes.doing) || "").split(", ").filter(Boolean);
      const count = helper.raw(attributes.count) || 0;
      const more = count > names.length ? ` and ${count - names.length} more` : "";
      const here = names.length === 0 ? "" : `${names.join(", ")}${more} ${count === 1 ? "is" : "are"} here`;
      const busy = doing.length === 0 ? "" : `; ${doing.join(", ")} ${doing.length === 1 ? "is" : "are"} ${verb}`;
      say(text, here + busy);
      people.replaceChildren(
        ...names.map((name) => element("li", { class: doing.includes(name) ? "avatar is-busy" : "avatar" }, [name[0]])),
      );
    },
  };
}
