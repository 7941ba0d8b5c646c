import { element } from "./core/elements.js";
import { pages } from "./core/pages.js";

/** The first page: what there is to try. Its choices go into the links, and into the app's settings. */
const client = document.getElementById("client");
const policy = document.getElementById("csp");
const choices = document.querySelector(".choices");

function draw() {
  const [name, widgets] = client.value.split(" ");
  const query = new URLSearchParams();
  if (widgets) query.set("widgets", widgets);
  if (policy.value !== "none") query.set("csp", policy.value);
  const one = query.size > 0 ? `?${query}` : "";
  const cards = pages
    .filter(({ says }) => says)
    .map(({ path, menu, says }) => {
      const two = new URLSearchParams([["client", name], ...query, ["path", path]]);
      return element("li", { class: "card choice", "data-page": path }, [
        element("h2", {}, [menu]),
        element("p", {}, [says]),
        element("div", { class: "links" }, [
          element("a", { class: "button primary", href: `/side-by-side?${two}`, "aria-label": `${menu}, two windows` }, [
            "Two windows",
          ]),
          element("a", { class: "button", href: `/${name}/${path}${one}`, "aria-label": `${menu}, one window` }, [
            "One window",
          ]),
        ]),
      ]);
    });
  choices.replaceChildren(...cards);
}

client.addEventListener("change", draw);
policy.addEventListener("change", draw);
draw();

const guid = document.getElementById("guid");
guid.addEventListener("change", () => {
  fetch("/demo/settings", { method: "PATCH", body: JSON.stringify({ numericGuid: guid.value === "true" }) });
});
guid.value = String((await (await fetch("/demo/settings")).json()).numericGuid);
