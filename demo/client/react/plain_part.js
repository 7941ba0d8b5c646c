import React, { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

import { shownWidgets } from "../core/page_definition.js";
import { PageLife } from "../core/page_life.js";
import { plainParts } from "../parts/parts.js";
import { widgetHost } from "../pluggable/widget_host.js";

const h = React.createElement;
const WidgetHost = widgetHost(React);

/** A part that draws plain DOM, as in the Dojo client, with its widgets rendered by React. */
export function PlainPart({ part, guid, session, form, go, widgets, said }) {
  const place = useRef(null);
  const [placed, setPlaced] = useState([]);
  useEffect(() => {
    const page = new PlainPage({ session, form, go, said, content: place.current, setPlaced });
    plainParts[part.type](page, part, guid);
    return () => page.remove();
  }, [part, guid, session, form, go, said]);
  const hosts = placed.map(({ key, node, definition, object }) =>
    createPortal(h(WidgetHost, { Widget: widgets[definition.id], definition, object, session, form }), node, key),
  );
  return h(React.Fragment, null, h("div", { ref: place }), hosts);
}

/** What a plain part works with: the same as DojoPage. */
class PlainPage extends PageLife {
  #setPlaced;
  #nextKey = 0;

  constructor({ setPlaced, ...around }) {
    super(around);
    this.#setPlaced = setPlaced;
  }

  remove() {
    super.remove();
    this.#setPlaced([]);
  }

  async call(microflow, objects = [], args = {}) {
    this.form.publish("submit");
    return this.session.execute(
      microflow,
      objects.map((object) => object.getGuid()),
      args,
    );
  }

  async placeWidgets(content, object, node) {
    return shownWidgets(content, "pluggable").map((definition) => {
      const key = String(this.#nextKey++);
      const change = (how) => this.#setPlaced((known) => known.flatMap((one) => (one.key === key ? how(one) : [one])));
      this.#setPlaced((known) => [...known, { key, node, definition, object }]);
      return {
        applyContext: async (next) => change((one) => [{ ...one, object: next }]),
        remove: () => change(() => []),
      };
    });
  }
}
