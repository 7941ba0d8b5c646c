/** A widget's data source: retrieves, keeps its rows, and retrieves again when the widget, or the page, asks. */
export class List {
  #retrieve;
  #changed;
  #query = "";
  #items = undefined;
  #total = undefined;
  #status = "loading";
  #offset = 0;
  #limit = 1000;
  #value = null;
  #latest = 0;

  /** @param {() => Promise<{objects: MxObject[], total: number}>} retrieve */
  constructor(retrieve, changed) {
    this.#retrieve = retrieve;
    this.#changed = changed;
  }

  /** Retrieves when what the rows depend on is another than before. */
  dependOn(query) {
    if (query === this.#query) return;
    this.#query = query;
    this.#status = "loading";
    this.#value = null;
    this.reload();
  }

  reload = async () => {
    const mine = ++this.#latest;
    const { objects, total } = await this.#retrieve();
    if (mine !== this.#latest) return;
    this.#items = objects.map((object) => Object.freeze({ id: object.getGuid() }));
    this.#total = total;
    this.#status = "available";
    this.#value = null;
    this.#changed();
  };

  get items() {
    return this.#items || [];
  }

  get value() {
    this.#value ??= Object.freeze({
      status: this.#status,
      items: this.#items,
      totalCount: this.#total,
      hasMoreItems: false,
      offset: this.#offset,
      limit: this.#limit,
      sortOrder: [],
      filter: undefined,
      reload: this.reload,
      setOffset: () => {},
      setLimit: () => {},
      requestTotalCount: () => {},
      setSortOrder: () => {},
      setFilter: () => {},
    });
    return this.#value;
  }
}
