import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

/** How long anything may take to appear, on a busy machine. */
export const PATIENCE_MS = 20_000;

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;
export const DESKTOP = { viewport: { width: 1440, height: 900 } } as const;

export interface Visit extends BrowserContextOptions {
  /** What the console may complain about: the refusal or the outage that the journey is about. */
  readonly expected?: RegExp;
}

export interface Browsing {
  /** Opens a browser window of somebody who was never there before. */
  open(visit?: Visit): Promise<Page>;
}

/**
 * Windows for the tests of a file. Whatever goes wrong in one of them unseen fails the test: an error of a page, anything that the
 * console calls an error (a breach of the content policy is one), a request to another origin.
 */
export function browsing(origin: () => string): Browsing {
  let browser: Browser;
  const windows: { page: Page; troubles: string[] }[] = [];
  beforeAll(async () => {
    browser = await chromium.connect(await browserAddress());
  });
  afterEach(async ({ task }) => {
    const seen = windows.splice(0);
    if (task.result?.state === 'fail') await keepPictures(seen.map(({ page }) => page));
    await Promise.all(seen.map(({ page }) => page.context().close()));
    expect(seen.flatMap(({ troubles }) => troubles)).toEqual([]);
  });
  afterAll(() => browser?.close());
  return {
    open: async ({ expected, ...options } = {}) => {
      const context = await browser.newContext({
        baseURL: origin(),
        locale: 'en-AU',
        ...DESKTOP,
        ...options,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      windows.push({ page, troubles: troublesOf(page, origin(), expected) });
      return page;
    },
  };
}

/** What the windows of a failed test looked like. */
async function keepPictures(pages: readonly Page[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'storeflow-journey-'));
  for (const [at, page] of pages.entries()) await page.screenshot({ path: join(folder, `${at + 1}.png`) });
  process.stderr.write(`The windows of the failed journey are in ${folder}\n`);
}

async function browserAddress(): Promise<string> {
  const answer = await fetch(inject('browserUrl'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(`expected a Chromium, received ${text}`);
  return text;
}

function troublesOf(page: Page, origin: string, expected: RegExp | undefined): string[] {
  const troubles: string[] = [];
  const report = (text: string) => {
    if (!expected?.test(text)) troubles.push(`${page.url()}: ${text}`);
  };
  page.on('pageerror', (error) => report(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') report(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== origin) report(`asks ${request.url()}`);
  });
  return troubles;
}

/** Waits until it is to be seen. */
export async function see(...locators: readonly Locator[]): Promise<void> {
  for (const locator of locators) await locator.waitFor();
}

/** The pages that the window comes to from now on. */
export function wayOf(page: Page): readonly string[] {
  const way: string[] = [];
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) way.push(frame.url());
  });
  return way;
}
