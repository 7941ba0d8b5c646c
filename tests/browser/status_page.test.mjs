// The status page of the real server in Chromium: what it shows, whom it lets look, and what it says when nothing happens.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';

import { PacketClient } from '../support/packet_client.mjs';
import { fetchRaw } from '../support/raw_http.mjs';
import { startServer } from '../support/server_process.mjs';
import { startBrowser } from './support/browser.mjs';

const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const digest = createHash('sha256').update(key).digest('hex');
const pictures = process.env.FLOWCAST_PICTURES;

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const cleanup = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});
const start = async (args = []) => {
  const server = await startServer({ args });
  cleanup.push(() => server.stop());
  return server;
};
const subscribe = async ({ port }, subscribe) => {
  const client = await PacketClient.connect(port);
  cleanup.push(() => client.socket.abort());
  await client.next('open packet');
  client.send(`40${JSON.stringify({ subscribe })}`);
  await client.next('connect packet');
  return client;
};
const publish = ({ port }, record, service = 'microflow', headers = {}) =>
  fetchRaw(port, 'POST', `/${service}`, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(record) });
const open = async (server, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 1000 }, ...options });
  cleanup.push(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.problems = [];
  page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
  page.on('pageerror', (error) => page.problems.push(String(error)));
  await page.goto(`${server.url}/status`);
  return page;
};
const live = (page) => page.getByRole('status').filter({ hasText: /^Live$/ }).waitFor();
const row = (page, table, text) => page.locator(`#${table} tbody tr`).filter({ hasText: text });

describe('the status page', () => {
  it('is live: who is connected, what is watched, whom a publish reached and how fast', async () => {
    const server = await start();
    await subscribe(server, { microflow: ['order-1', 'order-2'] });
    const page = await open(server);
    await live(page);
    await row(page, 'keys', 'order-1').waitFor();
    await row(page, 'clients', 'order-1').filter({ hasText: '127.0.0.1, websocket' }).waitFor();
    assert.equal((await publish(server, { text: 'order-1' })).status, 201);
    await row(page, 'publishes', 'order-1').filter({ hasText: /1 browser.*in [\d.]+ (µs|ms)/ }).waitFor();
    await row(page, 'keys', 'order-1').locator('time').waitFor();
    await page.waitForFunction(() => Number(document.getElementById('publishes-most').textContent) > 0);
    assert.deepEqual(page.problems, [], 'nothing is blocked by its own policy');
  });

  it('sends a test event and says whom it reached, with the keyboard alone', async () => {
    const server = await start();
    const client = await subscribe(server, { microflow: ['order-1'] });
    const page = await open(server);
    await live(page);
    await page.getByLabel('Service').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.type('order-1');
    await page.keyboard.press('Enter');
    await page.locator('#test-result').filter({ hasText: /It reached 1 browser in/ }).waitFor();
    assert.match(await client.next('event'), /"order-1"/);
    await page.getByLabel('Key (text)').fill('nobody-has-it');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#test-result').filter({ hasText: 'reached nobody' }).waitFor();
  });

  it('says why a widget hears nothing', async () => {
    const server = await start(['--service', 'microflow', '--service', 'orders', '--delivery', 'keyed', '--allow-origin', 'https://app.example']);
    await subscribe(server, { microflow: ['12345678901234567'] });
    await subscribe(server, { orders: ['invoice-7'] });
    const page = await open(server);
    await live(page);
    await row(page, 'keys', '12345678901234567').waitFor();
    await publish(server, { text: '12345678901234568' });
    await row(page, 'publishes', '12345678901234568').filter({ hasText: 'Somebody watches "12345678901234567"' }).filter({ hasText: 'sent as text' }).waitFor();
    await row(page, 'keys', '12345678901234567').filter({ hasText: 'A publish to "12345678901234568" of microflow reached nobody.' }).waitFor();
    await publish(server, { text: 'invoice-7' });
    await row(page, 'publishes', 'invoice-7').filter({ hasText: 'in the service orders' }).waitFor();
    assert.equal((await publish(server, { text: '1' }, 'microflows')).status, 404);
    await row(page, 'rejections', 'unknown service').filter({ hasText: 'POST /microflows' }).waitFor();
    await assert.rejects(PacketClient.connect(server.port, { headers: { Origin: 'https://elsewhere.example' } }));
    await row(page, 'rejections', 'https://elsewhere.example is not among those of allow-origin').waitFor();
  });

  it('asks for a key with the right to observe, keeps it for the tab, and shows no more than the form before', async () => {
    const server = await start(['--publisher-key', `ops:${digest}:observe`]);
    await publish(server, { text: '1' });
    const page = await open(server);
    const field = page.getByLabel('Key or token with the right to observe');
    await field.waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Recent publishes' }).isVisible(), false);
    await field.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'not known' }).waitFor();
    await field.fill(key);
    await page.keyboard.press('Enter');
    await live(page);
    await row(page, 'rejections', 'token').first().waitFor();
    await page.reload();
    await live(page);
    // To observe is not to publish: the button says so.
    await page.getByLabel('Key (text)').fill('1');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#test-result').filter({ hasText: 'does not allow to publish' }).waitFor();
  });

  it('comes back by itself when the server does', async () => {
    const server = await start();
    const page = await open(server);
    await live(page);
    await server.stop();
    await page.getByRole('status').filter({ hasText: 'trying again' }).waitFor();
    const again = await startServer({ listen: `127.0.0.1:${server.port}` });
    cleanup.push(() => again.stop());
    await live(page);
  });

  it('has a name for every control, and stays within a narrow screen', async () => {
    const server = await start();
    await subscribe(server, { microflow: ['a-key-that-is-rather-long-and-has-no-place-to-break-0123456789'] });
    const page = await open(server, { viewport: { width: 360, height: 740 } });
    await live(page);
    await row(page, 'keys', 'a-key').waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut off');
    for (const [role, name] of [['combobox', 'Service'], ['button', 'Send'], ['img', /Publishes|last two minutes/i]]) assert.equal(await page.getByRole(role, { name }).count() > 0, true, `${role} ${name}`);
    assert.equal(await page.getByRole('table').count(), 4);
    assert.equal(await page.locator('input:visible, select:visible').evaluateAll((all) => all.filter((each) => each.labels.length === 0).length), 0);
  });

  it('sends a policy under which nothing else could run', async () => {
    const server = await start();
    const policy = (await fetchRaw(server.port, 'GET', '/status')).header('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal((await fetchRaw(server.port, 'GET', '/status/elsewhere')).status, 404);
  });

  for (const colorScheme of pictures ? ['light', 'dark'] : []) {
    for (const [name, viewport] of Object.entries({ wide: { width: 1200, height: 1250 }, narrow: { width: 390, height: 1900 } })) {
      it(`looks like this: ${colorScheme}, ${name}`, async () => {
        const server = await start(['--service', 'microflow', '--service', 'orders', '--delivery', 'keyed']);
        for (let i = 0; i < 6; ++i) await subscribe(server, { microflow: [`order-${1000 + (i >> 1)}`, ...(i % 2 ? ['customer-7'] : [])] });
        await subscribe(server, { microflow: ['12345678901234567'] });
        await subscribe(server, { orders: ['invoice-7'] });
        const page = await open(server, { colorScheme, viewport });
        await live(page);
        for (let i = 0; i < 12; ++i) {
          for (let n = 0; n <= (i * 3) % 5; ++n) await publish(server, { text: `order-${1000 + (n % 3)}` });
          await page.waitForTimeout(1000);
        }
        await publish(server, { text: 'order-1001' });
        await publish(server, { text: 'customer-7' });
        await publish(server, { text: '12345678901234568' });
        await publish(server, { text: 'invoice-7' });
        await publish(server, { text: '1' }, 'microflows');
        await row(page, 'rejections', 'unknown service').waitFor();
        await page.getByLabel('Key (text)').fill('customer-7');
        await page.getByRole('button', { name: 'Send' }).click();
        await page.locator('#test-result').filter({ hasText: 'It reached' }).waitFor();
        mkdirSync(pictures, { recursive: true });
        writeFileSync(join(pictures, `status-${colorScheme}-${name}.png`), await page.screenshot());
      });
    }
  }
});
