import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accentShades, storeColours } from '#app/stores/store-colours.ts';

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

describe('the colours of a store', () => {
  it.each(['light', 'dark'] as const)('are readable on %s pages, whatever accent was picked', (scheme) => {
    const accents = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(accents, (accent) => {
        const { block, onBlock, text } = accentShades(accent, scheme);
        expect(contrast(text, PAGES[scheme])).toBeGreaterThanOrEqual(4.5);
        expect(contrast(onBlock, block)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(block, PAGES[scheme])).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keep an accent that is readable as it is', () => {
    expect(accentShades('#8a3b1e', 'light')).toEqual({
      block: '#8a3b1e',
      onBlock: '#ffffff',
      text: '#8a3b1e',
    });
  });

  it('come as a style sheet for both schemes', () => {
    expect(storeColours('#8a3b1e')).toMatch(
      /^:root\{--accent:#8a3b1e;.*\}@media \(prefers-color-scheme:dark\)\{:root\{/,
    );
  });
});
