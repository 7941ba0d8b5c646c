/** A page while it is shown. What is to end with it says so here. */
export class PageLife {
  #ends = [];

  constructor({ session, form, content, said, go }) {
    Object.assign(this, { session, form, content, said, go });
  }

  remove() {
    for (const end of this.#ends.splice(0)) end();
    this.content.replaceChildren();
  }

  onRemove(end) {
    this.#ends.push(end);
  }

  /** As `ObjectCache.subscribe`, until the page is removed. */
  subscribe(wanted) {
    const handle = this.session.cache.subscribe(wanted);
    this.onRemove(() => this.session.cache.unsubscribe(handle));
    return handle;
  }
}
