import { element } from "../core/elements.js";

/**
 * Buttons as a page's definition has them.
 * @param {object} around  what they act on
 * @param {() => string} around.guid      of the object that microflows are called with
 * @param {(by: number) => void} around.step  goes to the next record, or the one before
 */
export function buttonBar(page, buttons, className, { guid, step } = {}) {
  return element(
    "div",
    { class: className },
    (buttons || []).map((button) => createButton(page, button, { guid, step })),
  );
}

function createButton(page, { caption, style, action }, { guid, step }) {
  const button = element("button", { type: "button", class: `button ${style || "default"}` }, [caption]);
  const acts = {
    createObject: async () => page.go(action.page, (await page.session.create(action.entity)).getGuid()),
    closePage: () => page.session.page.closePage(),
    step: () => step(action.by),
    callMicroflow() {
      button.disabled = true;
      window.mx.data.action({
        params: { actionname: action.microflow, applyto: "selection", guids: [guid()] },
        origin: page.form,
        callback: () => (button.disabled = false),
        error: (problem) => {
          button.disabled = false;
          page.session.page.showMessage(problem.message);
        },
      });
    },
  };
  button.addEventListener("click", acts[action.type]);
  return button;
}
