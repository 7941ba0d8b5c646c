import React from "react";
import { createPortal } from "react-dom";

import { options } from "../core/options.js";
import { shownWidgets } from "../core/page_definition.js";
import { widgetHost } from "../pluggable/widget_host.js";

const WidgetHost = widgetHost(React);

/** The widgets among some content. What they show goes where the page says: `said`. */
export function Widgets({ content, object, session, form, widgets, said }) {
  const copies = Array.from({ length: 1 + (object ? options.copies : 0) }, (_, copy) => copy);
  const hosts = copies.flatMap((copy) =>
    shownWidgets(content, "pluggable", copy > 0).map((definition, index) =>
      React.createElement(WidgetHost, {
        key: `${copy}.${index}`,
        Widget: widgets[definition.id],
        definition,
        object,
        session,
        form,
      }),
    ),
  );
  return createPortal(hosts, said);
}
