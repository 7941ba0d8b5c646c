// As much of a browser's document as the JSONP transport of old Socket.IO clients touches: scripts that are fetched and run when
// they are put on the page, and forms that are posted into a frame.

class Element {
  style = {};
  children = [];
  constructor(tag) {
    // As today's browsers do where they are asked for '<iframe src=…>', which only very old ones understand.
    if (tag.includes('<')) throw new Error('not a tag name');
    this.tag = tag;
  }
  setAttribute(name, value) {
    this[name] = value;
  }
  get parentNode() {
    return this.parent;
  }
  appendChild(child) {
    return this.insertBefore(child);
  }
  insertBefore(child) {
    child.parent = this;
    this.children.push(child);
    if (child.tag === 'script') run(child);
    return child;
  }
  removeChild(child) {
    this.children = this.children.filter((other) => other !== child);
    child.isGone = true;
  }
  submit() {
    const frame = this.children.find(({ tag }) => tag === 'iframe');
    const fields = this.children.filter(({ name, tag }) => name && tag === 'textarea');
    // A form turns each line end into \r\n, as browsers do.
    const body = fields.map(({ name, value }) => `${name}=${encodeURIComponent(value.replace(/\r?\n/g, '\r\n'))}`).join('&');
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    fetch(this.action, { method: 'POST', headers, body }).then(
      (answer) => answer.text().then(() => frame.onload?.()),
      () => frame.onload?.(),
    );
  }
}

async function run(script) {
  try {
    const answer = await fetch(script.src);
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    if (!script.isGone) (0, eval)(text);
  } catch (error) {
    script.onerror?.(error);
  }
}

const body = new Element('body');
globalThis.document = { createElement: (tag) => new Element(tag), getElementsByTagName: () => [], body, head: new Element('head') };
