import axe, { type RunOnly, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, type Visit } from './browser.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** All else is the same in the dark. */
const DARK_RULES = ['color-contrast', 'link-in-text-block'];

declare global {
  interface Window {
    axe: typeof axe;
  }
}

export const SCREENS: readonly [string, Visit][] = [
  ['a phone', PHONE],
  ['a desktop', DESKTOP],
];
/** Some thirty states of pages are read by axe in one walk. */
export const WALK_MAX_MS = 240_000;

/** Brings axe to every page of the window from now on: to send it to each anew takes long. */
export async function bringAxe(page: Page): Promise<void> {
  await page.addInitScript(axe.source);
}

/** What axe finds wrong with the page as it is now, in light and in dark. The page was brought axe. */
export async function faults(page: Page, name: string): Promise<string[]> {
  await turn(page, 'dark');
  const dark = await violations(page, { type: 'rule', values: DARK_RULES });
  await turn(page, 'light');
  const light = await violations(page, { type: 'tag', values: RULES });
  return [...light.map((fault) => `${name}: ${fault}`), ...dark.map((fault) => `${name}, dark: ${fault}`)];
}

/** Frames without anything on its way, after which a page has its colours. */
const CALM_FRAMES = 3;

/** Turns the page to light or dark, and waits for the colours on their way. */
async function turn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.evaluate(async (calmFrames) => {
    for (let calm = 0; calm < calmFrames;) {
      await new Promise(requestAnimationFrame);
      const ending = document
        .getAnimations()
        .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
      await Promise.allSettled(ending.map(({ finished }) => finished));
      calm = ending.length === 0 ? calm + 1 : 0;
    }
  }, CALM_FRAMES);
}

async function violations(page: Page, runOnly: RunOnly): Promise<string[]> {
  const found = await page.evaluate((options) => window.axe.run(document, options), {
    runOnly,
    resultTypes: ['violations'],
  } satisfies RunOptions as RunOptions);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
      return `${id} at ${target.join(' ')}: ${why}`;
    }),
  );
}
