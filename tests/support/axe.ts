import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, type Visit } from './browser.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** All else is the same in the dark. */
const DARK_RULES = ['color-contrast', 'link-in-text-block'];

export const SCREENS: readonly [string, Visit][] = [
  ['a phone', PHONE],
  ['a desktop', DESKTOP],
];
/** Some thirty states of pages are read by axe in one walk. */
export const WALK_MAX_MS = 240_000;

/** What axe finds wrong with the page as it is now, in light and in dark. */
export async function faults(page: Page, name: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await violations(new AxeBuilder({ page }).withRules(DARK_RULES));
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const light = await violations(new AxeBuilder({ page }).withTags(RULES));
  return [...light.map((fault) => `${name}: ${fault}`), ...dark.map((fault) => `${name}, dark: ${fault}`)];
}

async function violations(axe: AxeBuilder): Promise<string[]> {
  const found = await axe.setLegacyMode().analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
      return `${id} at ${target.join(' ')}: ${why}`;
    }),
  );
}
