import React, { useState } from "react";

const h = React.createElement;

/** Buttons as a page's definition has them; their microflows get `object`, and `onStep` goes to another record. */
export function ButtonBar({ buttons, className, ...around }) {
  const made = (buttons || []).map((button) => h(Button, { key: button.caption, button, ...around }));
  return h("div", { className }, made);
}

function Button({ button: { caption, style, action }, object, session, form, go, onStep }) {
  const [busy, setBusy] = useState(false);
  const acts = {
    createObject: async () => go(action.page, (await session.create(action.entity)).getGuid()),
    closePage: () => session.page.closePage(),
    step: () => onStep(action.by),
    async callMicroflow() {
      setBusy(true);
      form.publish("submit");
      try {
        await session.execute(action.microflow, object ? [object.getGuid()] : []);
      } catch (error) {
        session.page.showMessage(error.message);
      }
      setBusy(false);
    },
  };
  const className = `button ${style || "default"}`;
  return h("button", { type: "button", className, disabled: busy, onClick: acts[action.type] }, caption);
}
