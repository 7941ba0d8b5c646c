import React from "react";
import { createRoot } from "react-dom/client";
import Big from "big.js";

import { buildFrame } from "../core/frame.js";
import { options } from "../core/options.js";
import { fetchPage } from "../core/page_definition.js";
import { currentPage, pathOf, stayWith } from "../core/router.js";
import { Session } from "../core/session.js";
import { MxForm } from "../core/mx_form.js";
import { Page } from "./page.js";

/** Plays the React client. Its widgets were bundled with it, as Studio Pro bundles them. */
export async function start(widgets) {
  const frame = buildFrame("react");
  const session = await Session.start({ Big, user: options.user });
  const root = createRoot(frame.content);

  async function show() {
    document.body.dataset.ready = "false";
    const { page, guid } = currentPage();
    const definition = await fetchPage(page);
    frame.setTitle(definition);
    frame.clearMessages();
    const form = new MxForm(definition.name);
    root.render(
      React.createElement(Page, {
        key: page,
        definition,
        guid,
        session,
        form,
        widgets,
        go,
        said: frame.widgetSays,
        step: stayWith,
      }),
    );
    document.body.dataset.ready = "true";
  }
  function go(page, guid) {
    history.pushState(null, "", pathOf("react", page, guid));
    show();
  }
  session.page = {
    closePage: () => go("Orders.Order_Overview"),
    showMessage: frame.showMessage,
    ran: frame.ran,
  };
  addEventListener("popstate", show);
  await show();
}
