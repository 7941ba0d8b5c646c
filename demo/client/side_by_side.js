import { element } from "./core/elements.js";

/** Two windows of the app beside each other, each with a user and a session of its own. */
const parameters = new URLSearchParams(location.search);
const client = parameters.get("client") === "dojo" ? "dojo" : "react";
const path = parameters.get("path") || "orders";
parameters.delete("path");

document.querySelector(".windows").append(
  ...["Anna", "Ben"].map((user) => {
    const inside = new URLSearchParams(parameters);
    inside.delete("client");
    inside.set("embedded", "1");
    inside.set("user", user);
    return element("iframe", { src: `/${client}/${path}?${inside}`, title: `${user}’s window`, name: user });
  }),
);

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
