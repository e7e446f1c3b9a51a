import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textAt, themeTexts } from '#app/storefront/theme-texts.ts';

const STOREFRONT = join(import.meta.dirname, '../../storefront');
const BASE = join(STOREFRONT, 'themes/base');
const texts = themeTexts([BASE], 'en');

/** Which groups of `islands` the pages hand to the modules of each island. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'cart-badge.ts': ['badge'],
  'product-form.ts': ['product'],
  'cart-page.ts': ['cart', 'lines'],
  'cart-row.ts': ['cart', 'lines'],
  'priced-cart.ts': ['lines'],
  'checkout-form.ts': ['checkout', 'lines'],
  'checkout-fields.ts': ['checkout'],
  'checkout-shipping.ts': ['checkout'],
  'order-tracker.ts': ['tracker'],
};

function isSaid(file: string, name: string): boolean {
  return (GROUPS[file] ?? []).some((group) => {
    try {
      return textAt(texts, `islands.${group}.${name}`) !== undefined;
    } catch {
      return false;
    }
  });
}

function found(file: string, pattern: RegExp): string[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name = '']) => name);
}

describe('the words of a storefront', () => {
  it('cover everything that an island says by name', () => {
    const files = readdirSync(join(STOREFRONT, 'islands'));
    const said = files.flatMap((file) =>
      found(join(STOREFRONT, 'islands', file), /say\('([\w.]+)'/g).map((name) => ({ file, name })),
    );
    expect(said.length).toBeGreaterThan(30);
    expect(said.filter(({ file, name }) => !isSaid(file, name))).toEqual([]);
  });

  it('cover everything that a template says by name', () => {
    const files = readdirSync(join(STOREFRONT, 'themes'), { recursive: true, encoding: 'utf8' });
    const names = files
      .filter((file) => file.endsWith('.liquid'))
      .flatMap((file) => found(join(STOREFRONT, 'themes', file), /'([\w.]+)' \| (?:t|texts)\b/g));
    expect(names.length).toBeGreaterThan(80);
    for (const name of names) expect(() => textAt(texts, name)).not.toThrow();
  });

  it('come in a language only where it has them, and in English otherwise', () => {
    expect(themeTexts([BASE], 'de-AT')).toEqual(texts);
  });

  it('name what is missing', () => {
    expect(() => textAt(texts, 'cart.nothing')).toThrow('expected "cart.nothing" in locales/en.json');
  });
});
