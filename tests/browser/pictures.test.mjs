// Makes the pictures of the README from the running demo app, so that they show what it is now.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { repository } from '../support/server_process.mjs';
import { startBrowser, ways } from './support/browser.mjs';
import { orders } from './support/demo_app.mjs';
import { openStage } from './support/stage.mjs';

const folder = join(repository, 'demo/pictures');
const viewport = { width: 660, height: 720 };
const [, , react] = ways;

/** What differs from run to run, at a value that does not: the time, the port, how far the highlight has faded. */
function settle() {
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
    animation.currentTime = 0;
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

  for (const [theme, order, customer] of [
    ['light', orders[0], 'Van Dijk Bicycles, Utrecht'],
    ['dark', orders[2], 'Studio Lindqvist, Malmö'],
  ]) {
    it(`show a save in one browser, and the other that followed (${theme})`, async () => {
      const [anna, ben] = await stage.openTwo({
        path: `order/${order}`,
        way: react,
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
      const pictures = [];
      for (const { page } of [anna, ben]) {
        await page.mouse.move(0, 0);
        await page.evaluate(settle);
        pictures.push(await page.screenshot());
      }
      const page = await browser.newPage({ viewport: { width: 1416, height: 100 } });
      await page.setContent(desk(pictures, theme === 'dark'));
      await page.waitForFunction(() => [...document.images].every(({ naturalWidth }) => naturalWidth > 0));
      writeFileSync(join(folder, `two-browsers-${theme}.png`), await page.screenshot({ fullPage: true }));
      await page.close();
      await stage.closeWindows();
    });
  }
});
