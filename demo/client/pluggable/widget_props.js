import { evaluate } from "../core/expression.js";
import { runNanoflow } from "../core/nanoflows.js";
import { Action } from "./action_value.js";
import { List } from "./list_value.js";

/**
 * The props of one pluggable widget on a page, as the pluggable API gives them: made anew after each change, with the
 * parts that did not change kept as they were.
 */
export class WidgetProps {
  #definition;
  #session;
  #form;
  #changed;
  #object = null;
  #lists = new Map();
  #actions = new Map();
  #values = new Map();
  #subscriptions = [];

  /**
   * @param {object} made
   * @param {() => void} made.changed  called when the props are others than before
   */
  constructor({ definition, session, form, changed }) {
    this.#definition = definition;
    this.#session = session;
    this.#form = form;
    this.#changed = changed;
    for (const entity of Object.keys(session.cache.entities)) {
      this.#subscriptions.push(session.cache.subscribe({ entity, callback: changed }));
    }
  }

  setObject(object) {
    this.#object = object;
    this.#changed();
  }

  release() {
    this.#subscriptions.splice(0).forEach((handle) => this.#session.cache.unsubscribe(handle));
    this.#changed = () => {};
  }

  get current() {
    const { name, properties } = this.#definition;
    return { name, class: `mx-name-${name}`, tabIndex: 0, ...this.#props(properties, name) };
  }

  #props(properties, path) {
    const given = {};
    for (const property of properties) {
      const value = this.#prop(property, `${path}.${property.key}`, properties);
      if (value !== undefined) given[property.key] = value;
    }
    return given;
  }

  #prop(property, path, siblings) {
    switch (property.type) {
      case "action":
        return property.value && this.#action(property, path, siblings);
      case "datasource":
        return property.value && this.#list(property, path).value;
      case "attribute":
        return property.value && this.#attribute(property, path, siblings);
      case "expression":
        return this.#dynamic(property, path);
      case "textTemplate":
        return this.#dynamicValue(path, property.value || "");
      case "object":
        return (property.value || []).map((item, index) => this.#props(item, `${path}[${index}]`));
      default:
        return property.value;
    }
  }

  /** A value that is the same object as long as what it says is the same. */
  #same(path, key, make) {
    const kept = this.#values.get(path);
    if (kept && kept.key === key) return kept.value;
    const value = make();
    this.#values.set(path, { key, value });
    return value;
  }

  #list({ value }, path) {
    let list = this.#lists.get(path);
    if (!list) {
      list = new List(
        () => this.#retrieve(value),
        () => this.#changed(),
      );
      this.#lists.set(path, list);
    }
    list.dependOn(this.#object ? this.#object.getGuid() : "-");
    return list;
  }

  async #retrieve({ entity, constraint, sort }) {
    if (constraint !== "[id=$currentObject]") return this.#session.retrieve({ entity, sort });
    if (!this.#object || this.#object.isNew()) return { objects: [], total: 0 };
    return this.#session.retrieve({ entity, id: this.#object.getGuid() });
  }

  /** An action of the widget, or, where it belongs to a data source, of each of its rows: `{get(item)}`. */
  #action(property, path, siblings) {
    if (!property.dataSource) return this.#actionOn(property, path, this.#object);
    return this.#same(path + ".get", "", () => ({
      type: "action",
      get: (item) => this.#actionOn(property, `${path}/${item.id}`, this.#session.cache.get(item.id), siblings),
    }));
  }

  #actionOn(property, path, object) {
    let action = this.#actions.get(path);
    if (!action || action.object !== object) {
      const perform = (variables) => this.#perform(property.value, object, variables);
      action = new Action(perform, property.actionVariables || [], () => {
        if (property.dataSource) this.#values.delete(path.slice(0, path.lastIndexOf("/")) + ".get");
        this.#changed();
      });
      action.object = object;
      this.#actions.set(path, action);
    }
    action.allow(!property.value.needsObject || Boolean(object));
    return action.value;
  }

  async #perform(chosen, object, variables) {
    this.#form.publish("submit");
    const args = Object.fromEntries(
      Object.entries(chosen.arguments || {}).map(([name, text]) => {
        const value = evaluate(text, { ...this.#scope, object, variables });
        return [name, value && typeof value === "object" ? String(value) : value];
      }),
    );
    if (chosen.type === "callMicroflow") {
      await this.#session.execute(chosen.microflow, object ? [object.getGuid()] : [], args);
    } else if (chosen.type === "callNanoflow") {
      await runNanoflow(chosen.nanoflow, this.#session, object, args);
    } else {
      throw new Error(`The demo app has no action ${chosen.type}`);
    }
  }

  #attribute(property, path) {
    const name = property.value;
    if (property.dataSource) {
      return this.#same(path, "", () => ({
        type: "attribute",
        id: name,
        get: (item) => this.#editable(name, `${path}/${item.id}`, this.#session.cache.get(item.id)),
      }));
    }
    return this.#editable(name, path, this.#object);
  }

  #editable(name, path, object) {
    const raw = object ? object.raw(name) : null;
    return this.#same(path, `${object?.getGuid()} ${raw}`, () => {
      const value = object && raw !== null ? object.get(name) : undefined;
      return Object.freeze({
        status: object ? "available" : "unavailable",
        readOnly: !object,
        value,
        displayValue: value === undefined ? "" : String(value),
        validation: undefined,
        formatter: { format: String },
        setValue: (next) => {
          if (!object) throw new Error("There is no object to set the attribute of");
          object.set(name, next);
        },
        setTextValue: (text) => object && object.set(name, text),
        setValidator: () => {},
      });
    });
  }

  #dynamic(property, path) {
    const { value: text, dataSource } = property;
    if (!text) return undefined;
    if (dataSource) {
      return {
        type: "expression",
        get: (item) => this.#evaluated(text, `${path}/${item.id}`, this.#session.cache.get(item.id)),
      };
    }
    return this.#evaluated(text, path, this.#object);
  }

  #evaluated(text, path, object) {
    return this.#dynamicValue(path, evaluate(text, { ...this.#scope, object }));
  }

  get #scope() {
    return { constants: this.#session.constants, user: this.#session.user };
  }

  #dynamicValue(path, value) {
    return this.#same(path, `${typeof value} ${value}`, () =>
      Object.freeze({ status: value === undefined ? "unavailable" : "available", value }),
    );
  }
}
