import { buildFrame } from "../core/frame.js";
import { options } from "../core/options.js";
import { fetchPage } from "../core/page_definition.js";
import { currentPage, pathOf } from "../core/router.js";
import { Session } from "../core/session.js";
import { createMx, takeAway } from "./mx.js";
import { DojoPage } from "./page.js";
import { defineWidgetBase } from "./widget_base.js";

/** Plays the Dojo client: the globals that widgets know, then the page that the address names. */
const requireModules = (names) => new Promise((resolve) => window.require(names, (...modules) => resolve(modules)));

async function start() {
  const frame = buildFrame("dojo");
  const [Big] = await requireModules(["big"]);
  const session = await Session.start({ Big, user: options.user });
  Object.assign(window, createMx(session));
  takeAway(options.without, window);
  defineWidgetBase(window.define);

  let shown = null;
  async function show() {
    shown?.remove();
    document.body.dataset.ready = "false";
    const { page, guid } = currentPage();
    const definition = await fetchPage(page);
    frame.setTitle(definition);
    frame.clearMessages();
    shown = new DojoPage({
      session,
      definition,
      content: frame.content,
      said: frame.widgetSays,
      go,
    });
    await shown.show(guid);
    document.body.dataset.ready = "true";
  }
  function go(page, guid) {
    history.pushState(null, "", pathOf("dojo", page, guid));
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

start();
