import { element } from "./core/elements.js";
import { pages } from "./core/pages.js";

/**
 * Two windows of the app beside each other, each with a user and a session of its own. Where the app is on this machine,
 * each has a site of its own, too: `localhost` and `127.0.0.1` are different ones to a browser, so that a window that
 * hangs does not take the other with it.
 */
const parameters = new URLSearchParams(location.search);
const client = parameters.get("client") === "dojo" ? "dojo" : "react";
const path = parameters.get("path") || "orders";

const sites = { localhost: "127.0.0.1", "127.0.0.1": "localhost" };

function originOf(index) {
  const other = sites[location.hostname];
  return index === 0 || !other ? location.origin : location.origin.replace(location.hostname, other);
}

document.querySelector(".windows").append(
  ...["Anna", "Ben"].map((user, index) => {
    const inside = new URLSearchParams(parameters);
    inside.delete("client");
    inside.delete("path");
    inside.set("embedded", "1");
    inside.set("user", user);
    const src = `${originOf(index)}/${client}/${path}?${inside}`;
    return element("iframe", { src, title: `${user}’s window`, name: user });
  }),
);

const page = document.getElementById("page");
page.append(...pages.filter(({ menu }) => menu).map((known) => element("option", { value: known.path }, [known.menu])));
page.value = path.split("/")[0];
page.addEventListener("change", () => {
  parameters.set("path", page.value);
  location.search = parameters;
});

const choice = document.getElementById("client");
choice.value = parameters.get("widgets") === "pluggable" && client === "dojo" ? "dojo pluggable" : client;
choice.addEventListener("change", () => {
  const [chosen, widgets] = choice.value.split(" ");
  parameters.set("client", chosen);
  if (widgets) parameters.set("widgets", widgets);
  else parameters.delete("widgets");
  location.search = parameters;
});
if (parameters.get("theme")) document.documentElement.dataset.theme = parameters.get("theme");
