/** Makes an element, of attributes and of children that are nodes or text. */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Changes a text only where it is another, so that a screen reader does not read it again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The same for a list: an item a line. */
export function sayEach(list, lines) {
  if ([...list.children].map((item) => item.textContent).join("\n") === lines.join("\n")) return;
  list.replaceChildren(...lines.map((line) => element("li", {}, [line])));
}

/** Draws the eye to what a refresh changed. */
export function flash(node) {
  node.classList.remove("flash");
  void node.offsetWidth; // starts the animation anew
  node.classList.add("flash");
}
