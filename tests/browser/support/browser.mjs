// Debian's Chromium, and the demo app's pages in it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { until } from '../../support/deadline.mjs';
import { isReference, repository } from '../../support/server_process.mjs';

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where pictures of pages go, for people to look at. */
const pictures = join(repository, 'build/pictures');

/** ms to wait at most, on a machine that has much else to do. */
const DEADLINE = 30_000;

/** Starts a browser of its own: another process, another profile. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.FLOWCAST_CHROMIUM ?? '/usr/bin/chromium',
    // Chromium's sandbox does not run as root, which containers are.
    args: process.getuid() === 0 ? [...flags, '--no-sandbox'] : flags,
  });
}

/** The three ways in which a widget runs: package and client. */
export const ways = [
  { name: 'classic widget, Dojo client', client: 'dojo', widgets: 'classic' },
  { name: 'pluggable widget, Dojo client', client: 'dojo', widgets: 'pluggable' },
  { name: 'pluggable widget, React client', client: 'react', widgets: 'pluggable' },
];

/** One window of the demo app, as a user has it before them. */
export class DemoWindow {
  console = [];
  errors = [];
  sockets = [];
  frames = [];
  /** Calls of those microflows that the test answers. */
  called = [];

  /**
   * Opens a page and waits until it is ready.
   * @param {object} options
   * @param {string} options.path       such as `orders` or `order/<GUID>`
   * @param {object} options.way        one of `ways`
   * @param {object} options.overrides  values for properties of the widget, by key
   * @param {boolean} options.onlyChanges  no run but for a change. For tests that count: a widget whose first connection takes
   *   longer than two seconds runs once for it, which is the machine's to decide
   * @param {object} options.more       other options of the page: see demo/client/core/options.js
   * @param {string} options.policy     a Content-Security-Policy that the demo app does not know by name
   * @param {object} options.microflows what microflows return, by name, that the test answers in place of the runtime
   * @param {boolean} options.betweenSockets packets of the server's can be given to the page: `inject`
   * @param {string[]} options.missing  patterns of URLs at which there is nothing
   * @param {boolean} options.ownClock  time goes on by `page.clock`, too
   */
  static async open(browser, demo, { path, way, user = 'Anna', csp, overrides = {}, debug = false, ...rest }) {
    const window = new DemoWindow();
    window.context = await browser.newContext({ viewport: rest.viewport, colorScheme: rest.colorScheme });
    if (debug) await window.context.addInitScript(() => (localStorage.debug = 'flowcast*'));
    const page = (window.page = await window.context.newPage());
    if (rest.ownClock) await page.clock.install();
    for (const missing of rest.missing ?? []) await page.route(missing, (route) => route.fulfill({ status: 404 }));
    if (rest.policy) await page.route(`${demo.url}/${way.client}/**`, (route) => servePage(route, rest.policy));
    if (rest.microflows) await page.route(`${demo.url}/xas/`, (route) => window.#answer(route, rest.microflows));
    if (rest.betweenSockets) {
      await page.routeWebSocket(/socket\.io/, (socket) => {
        socket.connectToServer();
        window.inject = (packet) => socket.send(packet);
      });
    }
    page.setDefaultTimeout(DEADLINE);
    page.on('console', (message) => window.console.push({ type: message.type(), text: message.text() }));
    page.on('pageerror', (error) => window.errors.push(error));
    page.on('websocket', (socket) => {
      window.sockets.push(socket);
      socket.on('framereceived', ({ payload }) => window.frames.push(String(payload)));
      socket.on('close', () => (window.sockets = window.sockets.filter((open) => open !== socket)));
    });
    const query = new URLSearchParams({ user, widgets: way.widgets });
    if (csp) query.set('csp', csp);
    for (const name of ['copies', 'without', 'theme']) if (rest[name]) query.set(name, rest[name]);
    if (rest.onlyChanges) query.set('widget.refreshAfterGap', 'false');
    for (const [key, value] of Object.entries(overrides)) query.set(`widget.${key}`, value);
    for (const [name, value] of Object.entries(rest.more ?? {})) query.set(name, value);
    await page.goto(`${demo.url}/${way.client}/${path}?${query}`);
    await page.waitForSelector('body[data-ready=true]');
    return window;
  }

  async #answer(route, microflows) {
    const { action, params } = route.request().postDataJSON();
    if (action !== 'executeaction' || !(params.actionname in microflows)) {
      await route.fallback();
      return;
    }
    this.called.push(params);
    await route.fulfill({ json: { objects: [], changes: {}, instructions: [], actionResult: microflows[params.actionname] } });
  }

  /** Waits until the widget says that it is connected. */
  async live(deadline = DEADLINE) {
    await this.page.waitForSelector('.flowcast-status--connected', { timeout: deadline });
    return this;
  }

  field(attribute) {
    return this.page.locator(`#field-${attribute}`);
  }

  cell(guid, attribute) {
    return this.page.locator(`tr[data-guid="${guid}"] td[data-attribute="${attribute}"]`);
  }

  async fill(attribute, value) {
    await this.field(attribute).fill(value);
  }

  press(name) {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Presses Save, and waits until the microflow has answered. */
  async save() {
    const before = await this.page.locator('.latest').getAttribute('data-runs');
    await this.press('Save');
    await until(
      async () => (await this.page.locator('.latest').getAttribute('data-runs')) !== before,
      'answer to the save',
      DEADLINE,
    );
  }

  /** Goes on to the record after this one, and waits until the widget listens to it. */
  async next(guid) {
    const answers = () => this.frames.filter((frame) => frame.startsWith('43')).length;
    const before = answers();
    await this.press('Next');
    await this.page.waitForSelector(`.card[data-guid="${guid}"]`);
    // A plain Feathers server sends all, and answers nothing.
    if (!isReference) await until(() => answers() > before, 'answer to the subscription', DEADLINE);
  }

  /** Waits until an input shows a value. */
  shows(attribute, value, deadline = DEADLINE) {
    return until(
      async () => (await this.field(attribute).inputValue()) === value,
      `${attribute} "${value}" in the window`,
      deadline,
    );
  }

  cellShows(guid, attribute, value, deadline = DEADLINE) {
    return until(
      async () => (await this.cell(guid, attribute).textContent()) === value,
      `${attribute} "${value}" in the row`,
      deadline,
    );
  }

  /** Waits for a console message, of any type unless one is named. */
  says(pattern, type) {
    return until(
      () => this.console.find((message) => (!type || message.type === type) && pattern.test(message.text)),
      `console message like ${pattern}; it said: ${JSON.stringify(this.console.map(({ text }) => text))}`,
      DEADLINE,
    );
  }

  /** Waits until so many events with a record of this key have arrived, whatever the widget makes of them. */
  received(key, times) {
    const arrived = () => this.frames.filter((frame) => frame.startsWith('42') && frame.includes(key)).length;
    return until(() => arrived() >= times, `${times} events with ${key}`, DEADLINE);
  }

  /** Opens the panel that breaks things, and presses one of its buttons. */
  async breakIt(name) {
    const opener = this.page.getByRole('button', { name: 'Break it' });
    if ((await opener.getAttribute('aria-expanded')) !== 'true') await opener.click();
    await this.page.getByRole('region', { name: 'Break it' }).getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the panel says what was recovered, and resolves with `{text, events}`. */
  async recovered(pattern) {
    const line = this.page.locator('.incidents li', { hasText: pattern }).first();
    await line.waitFor();
    return { text: await line.textContent(), events: Number(await line.getAttribute('data-events')) };
  }

  /** Keeps a picture of the page. */
  async picture(name) {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name.replace(/\W+/g, '-')}.png`) });
  }

  close() {
    return this.context.close();
  }
}

async function servePage(route, policy) {
  const response = await route.fetch();
  await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
}
