import { element } from "../core/elements.js";

/** A text in steps; `folded`, it is there to be opened. */
export function showText(page, { title, steps, folded }) {
  const list = element(
    "ol",
    {},
    steps.map((step) => element("li", {}, [step])),
  );
  page.content.append(
    folded
      ? element("details", { class: "card text folded" }, [element("summary", {}, [title]), list])
      : element("section", { class: "card text" }, [element("h2", {}, [title]), list]),
  );
}
