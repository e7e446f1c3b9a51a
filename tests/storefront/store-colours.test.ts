import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeColours } from '#app/storefront/store-colours.ts';

/** The papers of the themes that need most: their darkest light one and their lightest dark one. */
const PAGES = { light: '#efe9de', dark: '#26221f' } as const;

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function valueOf(css: string, name: string): string {
  return new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(css)?.[1] ?? '';
}

/** The custom properties of the style sheet, in light and in dark. */
function coloursOf(accent: string) {
  const [light = '', dark = ''] = storeColours(accent).split('@media (prefers-color-scheme:dark)');
  return {
    block: valueOf(light, 'accent'),
    onBlock: valueOf(light, 'on-accent'),
    text: { light: valueOf(light, 'accent-text'), dark: valueOf(dark, 'accent-text') },
  };
}

describe('the colours of a store', () => {
  it('are readable in light and in dark, whatever accent was picked', () => {
    const accents = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(accents, (accent) => {
        const { block, onBlock, text } = coloursOf(accent);
        expect(block).toBe(accent);
        expect(contrast(onBlock, block)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(text.light, PAGES.light)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(text.dark, PAGES.dark)).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keep an accent that is readable as it is', () => {
    expect(coloursOf('#8a3b1e').text.light).toBe('#8a3b1e');
  });
});
