import { breakItPanel } from "./break_it.js";
import { element } from "./elements.js";
import { address, options } from "./options.js";
import { pageNamed, pages } from "./pages.js";
import { local } from "./storage.js";

/**
 * What is around the content of every page: the app's bar, the title, messages, and the status line.
 * @param {"dojo"|"react"} client
 */
export function buildFrame(client, { debug = local.debug || "" } = {}) {
  const clients = { dojo: "Dojo client", react: "React client" };
  const content = element("main", { class: "content" });
  const title = element("h1");
  const subtitle = element("p", { class: "subtitle" });
  const widgetSays = element("div", { class: "widget-says" });
  const latest = element("span", { class: "latest", role: "status" }, ["No microflow ran yet"]);
  const messages = element("div", { class: "messages", role: "alert" });
  const debugBox = element("input", { type: "checkbox", id: "debug" });
  debugBox.checked = debug.includes("flowcast");
  debugBox.addEventListener("change", () => {
    local.debug = debugBox.checked ? "flowcast*" : "";
    location.reload();
  });
  const log = element("ol", { class: "widget-log", "aria-label": "What the widget said" });
  log.hidden = !debugBox.checked;

  let runs = 0;
  const breakIt = breakItPanel(() => runs);
  document.body.classList.toggle("embedded", options.embedded);
  document.body.append(
    element("header", { class: "bar" }, [
      element("a", { class: "brand", href: "/", target: "_top" }, [
        element("img", { src: "/client/look/mark.svg", alt: "", width: "24", height: "24" }),
        "Flowcast demo",
      ]),
      element("nav", { "aria-label": "Pages" }, [
        ...pages
          .filter(({ menu }) => menu)
          .map(({ path, menu }) =>
            element("a", { href: address(`/${client}/${path}`), "data-page": path }, [menu]),
          ),
      ]),
      element("span", { class: "client-name" }, [
        client === "dojo" ? `${clients.dojo}, ${options.widgets} widget` : clients.react,
      ]),
      element("span", { class: "user" }, [
        element("span", { class: "avatar", "aria-hidden": "true" }, [options.user[0]]),
        options.user,
      ]),
    ]),
    element("div", { class: "page" }, [element("div", { class: "titles" }, [title, subtitle]), messages, content]),
    element("footer", { class: "status" }, [
      element("div", { class: "status-line" }, [
        widgetSays,
        latest,
        breakIt.opener,
        element("label", { class: "debug", for: "debug" }, [debugBox, "Debug"]),
      ]),
      breakIt.panel,
      log,
    ]),
  );
  if (!log.hidden) overhear(log);

  const runsOf = new Map();
  return {
    content,
    widgetSays,
    setTitle(page) {
      title.textContent = page.title;
      subtitle.textContent = page.subtitle || "";
      const { path, within } = pageNamed(page.name);
      for (const link of document.querySelectorAll(".bar nav a")) {
        const current = link.dataset.page === (within || path);
        if (current) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      document.title = `${page.title} – ${options.user} – Flowcast demo`;
    },
    showMessage(text) {
      messages.replaceChildren(element("p", {}, [text]));
    },
    clearMessages() {
      messages.replaceChildren();
    },
    ran({ microflow, nanoflow }) {
      messages.replaceChildren();
      runs += 1;
      const name = microflow || nanoflow;
      runsOf.set(name, (runsOf.get(name) || 0) + 1);
      const times = runsOf.get(name) === 1 ? "once" : `${runsOf.get(name)} times`;
      latest.textContent = `${name} ran ${times}, last at ${new Date().toLocaleTimeString()}`;
      latest.dataset.runs = runs;
    },
  };
}

/** Repeats what the widget says to the console, in the page. */
function overhear(log) {
  for (const level of ["debug", "log", "info", "warn", "error"]) {
    const say = console[level];
    console[level] = (...words) => {
      say.apply(console, words);
      const text = words
        .map((word) => (typeof word === "string" ? word : word instanceof Error ? word.message : JSON.stringify(word)))
        .join(" ")
        .replace(/%c/g, "");
      if (!/^\[?flowcast/i.test(text)) return;
      log.append(element("li", { class: level }, [text]));
      while (log.children.length > 200) log.firstChild.remove();
      log.scrollTop = log.scrollHeight;
    };
  }
}
