import { MxForm } from "../core/mx_form.js";
import { options } from "../core/options.js";
import { shownWidgets } from "../core/page_definition.js";
import { PageLife } from "../core/page_life.js";
import { plainParts } from "../parts/parts.js";
import { placeClassicWidget } from "./classic_widget.js";
import { showDataGrid } from "./data_grid.js";
import { showDataView } from "./data_view.js";
import { placePluggableWidget } from "./pluggable_widget.js";

/** What a page is made of, by the type of its parts. */
const parts = { ...plainParts, dataGrid: showDataGrid, dataView: showDataView };
const place = { classic: placeClassicWidget, pluggable: placePluggableWidget };

/** A page of the Dojo client. Its parts draw themselves where `content` is, and say here what is to end with it. */
export class DojoPage extends PageLife {
  #definition;

  /**
   * @param {object} made
   * @param {Session} made.session
   * @param {HTMLElement} made.content  where the parts go
   * @param {HTMLElement} made.said     where the status displays of widgets go
   * @param {(page: string, guid?: string) => void} made.go  shows another page
   */
  constructor({ session, definition, content, said, go }) {
    super({ session, form: new MxForm(definition.name), content, said, go });
    this.#definition = definition;
  }

  async show(guid) {
    for (const part of this.#definition.content) await parts[part.type](this, part, guid);
  }

  /** Runs a microflow on objects; resolves with what it returned. */
  call(microflow, objects = [], args = {}) {
    return new Promise((resolve, reject) =>
      window.mx.data.action({
        params: {
          actionname: microflow,
          applyto: "selection",
          guids: objects.map((object) => object.getGuid()),
          arguments: args,
        },
        origin: this.form,
        callback: resolve,
        error: reject,
      }),
    );
  }

  /** Places the widgets among some content, of the kinds that this window shows. */
  async placeWidgets(content, object, node, isCopy) {
    const placed = [];
    for (const definition of shownWidgets(content, options.widgets, isCopy)) {
      const { form, session } = this;
      placed.push(await place[definition.kind]({ definition, place: node, object, form, session }));
    }
    this.onRemove(() => placed.forEach((widget) => widget.remove()));
    return placed;
  }
}
