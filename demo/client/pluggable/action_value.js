/**
 * A widget's action as the pluggable API has it: `canExecute`, `isExecuting`, `execute(variables?)`. While it runs, a
 * second `execute()` is dropped without a word, as both clients do; so what comes meanwhile is the widget's to keep.
 */
export class Action {
  #perform;
  #variables;
  #changed;
  #allowed = true;
  #executing = false;
  #value = null;

  /**
   * @param {(variables: object) => Promise<void>} perform  what the page's author chose
   * @param {{key: string, type: string}[]} variables      what the widget declares in `actionVariables`
   * @param {() => void} changed  called after each change of the value
   */
  constructor(perform, variables, changed) {
    this.#perform = perform;
    this.#variables = variables;
    this.#changed = changed;
  }

  /** Whether there is what the action needs, such as its object. */
  allow(allowed) {
    if (allowed === this.#allowed) return;
    this.#allowed = allowed;
    this.#value = null;
  }

  /** What the widget gets now. It is another object after each change. */
  get value() {
    this.#value ??= Object.freeze({
      canExecute: this.#allowed,
      isExecuting: this.#executing,
      isAuthorized: true,
      disabledDuringExecution: true,
      execute: (variables) => this.#execute(variables),
    });
    return this.#value;
  }

  #execute(given = {}) {
    check(this.#variables, given);
    if (!this.#allowed || this.#executing) return;
    this.#set(true);
    Promise.resolve()
      .then(() => this.#perform(given))
      .catch((error) => console.error("An error has occurred:", error))
      .finally(() => this.#set(false));
  }

  #set(executing) {
    this.#executing = executing;
    this.#value = null;
    this.#changed();
  }
}

/** Throws where the variables are not the declared ones, each of its type. */
function check(declared, given) {
  const names = Object.keys(given);
  const unknown = names.find((name) => !declared.some(({ key }) => key === name));
  if (unknown) throw new Error(`Unknown action variable "${unknown}"`);
  for (const { key, type } of declared) {
    if (!names.includes(key)) throw new Error(`Missing action variable "${key}"`);
    const value = given[key];
    if (value !== undefined && !hasType(type, value))
      throw new Error(`Action variable "${key}" must be of type ${type}`);
  }
}

function hasType(type, value) {
  switch (type) {
    case "Integer":
      return isBig(value) && value.round(0).eq(value);
    case "Decimal":
      return isBig(value);
    case "Boolean":
      return typeof value === "boolean";
    case "DateTime":
      return value instanceof Date;
    default:
      return typeof value === "string";
  }
}

/** A Big of whichever copy of big.js the widget brought. */
function isBig(value) {
  return value !== null && typeof value === "object" && Array.isArray(value.c) && typeof value.round === "function";
}
