// Makes the pictures of the README from the running demo app, so that they show what it is now.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { repository } from '../support/server_process.mjs';
import { animate } from './support/animation.mjs';
import { startBrowser, ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const folder = join(repository, 'demo/pictures');
const viewport = { width: 660, height: 720 };
const [, , react] = ways;

/** ms after which a highlight is gone. */
const FADED = 2500;

/** GitHub shows it at the top of the first page. */
const LARGEST = 1_000_000;

/**
 * What differs from run to run, at a value that does not: the time, the port, how far the highlight has faded.
 * @param {number} faded  ms since the change
 */
function settle(faded) {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data
      .replace(/\d{1,2}:\d{2}:\d{2}( [AP]M)?/g, '10:24:07')
      .replace(/127\.0\.0\.1:\d+/g, 'localhost:3030');
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  for (const changed of document.querySelectorAll('.flash')) {
    changed.classList.remove('flash');
    void changed.offsetWidth;
    changed.classList.add('flash');
  }
  for (const animation of document.getAnimations()) {
    animation.pause();
    animation.currentTime = faded;
  }
}

/** Two windows beside each other, on a desk. */
function desk(pictures, dark) {
  const [ground, bar, line, ink] = dark
    ? ['#1b2030', '#262c3b', '#3a4256', '#c8cedd']
    : ['#dfe4f3', '#ffffff', '#cdd3e4', '#4a5268'];
  const windows = ['Anna', 'Ben'].map(
    (user, index) => `<figure><figcaption><i></i><i></i><i></i>${user}’s browser</figcaption>
      <img src="data:image/png;base64,${pictures[index].toString('base64')}"></figure>`,
  );
  return `<!doctype html><style>
      body { margin: 0; display: flex; align-items: start; gap: 28px; padding: 32px; background: ${ground}; font: 14px "Open Sans", "DejaVu Sans", sans-serif }
      figure { margin: 0; border: 1px solid ${line}; border-radius: 12px; overflow: hidden; box-shadow: 0 14px 40px rgb(20 30 70 / 18%) }
      figcaption { display: flex; align-items: center; gap: 7px; padding: 9px 14px; background: ${bar}; color: ${ink}; border-bottom: 1px solid ${line} }
      figcaption i { width: 11px; height: 11px; border-radius: 50%; background: ${line} }
      figcaption i:last-of-type { margin-right: 8px }
      img { display: block; width: ${viewport.width}px }
    </style>${windows.join('')}`;
}

describe('the pictures of the README', () => {
  let stage;
  let browser;
  before(async () => {
    stage = await openStage();
    browser = await startBrowser();
    mkdirSync(folder, { recursive: true });
  });
  after(async () => {
    await browser.close();
    await stage.close();
  });

  /** The two windows beside each other, as they are now. */
  async function picture(windows, dark, faded = 0) {
    const pictures = [];
    for (const { page } of windows) {
      await page.mouse.move(0, 0);
      await page.evaluate(settle, faded);
      pictures.push(await page.screenshot());
    }
    const page = await browser.newPage({ viewport: { width: 1416, height: 100 } });
    await page.setContent(desk(pictures, dark));
    await page.waitForFunction(() => [...document.images].every(({ naturalWidth }) => naturalWidth > 0));
    const taken = await page.screenshot({ fullPage: true });
    await page.close();
    return taken;
  }

  it('show in motion how a save arrives, also at a window that was away', async () => {
    const [anna, ben] = await stage.openTwo({ path: `order/${orders[3]}`, way: react, theme: 'light', viewport, onlyChanges: true });
    const frames = [];
    /** @param {number} faded  ms since the change; without, nothing is highlighted any more */
    const show = async (ms, faded = FADED) => frames.push({ png: await picture([anna, ben], false, faded), ms });
    const ran = (window, times) => window.page.waitForSelector(`.latest[data-runs="${times}"]`);
    const type = async (attribute, text, steps) => {
      for (let step = 1; step <= steps; step++) {
        await anna.fill(attribute, text.slice(0, text.length - steps + step));
        await show(140);
      }
    };
    const fade = async () => {
      for (const faded of [1300, 1700, 2100, 2400]) await show(110, faded);
      await show(1100);
    };
    await show(1500);
    await type('Customer', 'Okafor Catering, Lagos', 7);
    await anna.field('Status').selectOption('Delivered');
    await show(900);
    await anna.save();
    await ben.shows('Customer', 'Okafor Catering, Lagos');
    await ran(anna, 2);
    await show(1300, 0);
    await fade();

    await ben.breakIt('Drop the connection');
    await ben.page.getByRole('button', { name: 'Break it' }).click();
    await ben.page.waitForSelector('.flowcast-status--disconnected');
    await show(1700);
    await type('Note', 'Ring twice at the gate', 6);
    await anna.save();
    await ran(anna, 4);
    await show(1900);
    await ben.breakIt('Connect again');
    await ben.page.getByRole('button', { name: 'Break it' }).click();
    await ben.live();
    await ben.shows('Note', 'Ring twice at the gate');
    await show(1300, 0);
    await fade();
    await show(1500);

    const page = await browser.newPage();
    const animation = await animate(page, frames);
    await page.close();
    assert.ok(animation.length < LARGEST, `${animation.length} bytes`);
    writeFileSync(join(folder, 'two-browsers.webp'), animation);
    await stage.closeWindows();
  });

  for (const [theme, order, customer] of [
    ['light', orders[0], 'Van Dijk Bicycles, Utrecht'],
    ['dark', orders[2], 'Studio Lindqvist, Malmö'],
  ]) {
    it(`show a save in one browser, and the other that followed (${theme})`, async () => {
      const [anna, ben] = await stage.openTwo({
        path: `order/${order}`,
        way: react,
        onlyChanges: true,
        theme,
        viewport,
        colorScheme: theme,
      });
      await anna.fill('Customer', customer);
      await anna.fill('Quantity', '14');
      await anna.field('Status').selectOption('Confirmed');
      await anna.save();
      await ben.shows('Customer', customer);
      await anna.page.waitForSelector('.latest[data-runs="2"]'); // the save, and its own refresh
      writeFileSync(join(folder, `two-browsers-${theme}.png`), await picture([anna, ben], theme === 'dark'));
      await stage.closeWindows();
    });
  }
});
