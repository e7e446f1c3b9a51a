import { describe, expect, it } from 'vitest';
import { contradictionIn } from '#app/catalog/product.ts';
import type { ProductDraft } from '#app/catalog/product.ts';
import { demoCustomers, demoMerchants } from '#database/seeds/demo/index.ts';
import type { DemoProduct, DemoStore } from '#database/seeds/demo/index.ts';
import { option, product } from '#database/seeds/demo/shop-language.ts';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const stores = demoMerchants.flatMap((merchant) => merchant.stores);
const products = stores.flatMap((store) => store.products);
const people = demoMerchants.flatMap((merchant) => merchant.people);

describe('the demo shops', () => {
  it('are two merchants with three stores, in all three themes, of about sixty products', () => {
    expect(demoMerchants.map((merchant) => merchant.stores.length)).toEqual([2, 1]);
    expect(new Set(stores.map(({ theme }) => theme))).toEqual(new Set(['classic', 'modern', 'minimal']));
    expect(products.length).toBeGreaterThanOrEqual(58);
    expect(products.length).toBeLessThanOrEqual(66);
  });

  it('have slugs that no two stores, no two products of a merchant and no two categories of a store share', () => {
    expect(repeated(stores.map(({ slug }) => slug))).toEqual([]);
    for (const merchant of demoMerchants) {
      expect(repeated(merchant.stores.flatMap((store) => store.products.map(({ slug }) => slug)))).toEqual(
        [],
      );
    }
    for (const { categories } of stores) expect(repeated(categories.map(({ slug }) => slug))).toEqual([]);
    const slugs = [...stores, ...products, ...stores.flatMap(({ categories }) => categories)].map(
      ({ slug }) => slug,
    );
    expect(slugs.filter((slug) => !SLUG.test(slug))).toEqual([]);
  });

  it('keep every product in a category of its store, and no category empty', () => {
    for (const store of stores) {
      const used = new Set(store.products.map(({ category }) => category));
      expect(used).toEqual(new Set(store.categories.map(({ slug }) => slug)));
    }
  });

  it('have an accent that can be read on white and seen on black', () => {
    for (const { accent } of stores) {
      expect(contrast(accent, '#ffffff'), accent).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent, '#18181b'), accent).toBeGreaterThanOrEqual(3);
    }
  });

  it('show a café that is only picked up from, and two stores that ship', () => {
    expect(stores.map(({ pickup, shipping }) => [pickup, shipping !== null])).toEqual([
      [true, false],
      [true, true],
      [true, true],
    ]);
  });
});

describe('the demo products', () => {
  it('are drafts that the catalogue would take', () => {
    expect(products.map((each) => contradictionIn(draftOf(each))).filter(Boolean)).toEqual([]);
  });

  it('have one variant for each combination of their options, and SKUs that are unique in the merchant', () => {
    for (const { slug, options, variants } of products) {
      const values = options.map(
        (_option, at) => new Set(variants.map(({ optionValues }) => optionValues[at])).size,
      );
      const combinations = values.reduce((all, count) => all * count, 1);
      expect(variants.length, slug).toBe(combinations);
    }
    for (const merchant of demoMerchants) {
      const skus = merchant.stores.flatMap((store) =>
        store.products.flatMap(({ variants }) => variants.map(({ sku }) => sku)),
      );
      expect(repeated(skus)).toEqual([]);
    }
  });

  it('cost something, and less than before when there was a price before', () => {
    for (const { slug, variants } of products) {
      for (const { priceCents, compareAtCents } of variants) {
        expect(priceCents, slug).toBeGreaterThan(0);
        if (compareAtCents !== null) expect(compareAtCents, slug).toBeGreaterThan(priceCents);
      }
    }
    expect(products.filter(({ variants }) => variants[0]?.compareAtCents !== null).length).toBeGreaterThan(3);
  });

  it('weigh and measure something when they are shipped', () => {
    for (const { slug, shippable, dimensions, variants } of products) {
      expect(dimensions !== null, slug).toBe(shippable);
      expect(
        variants.every(({ weightGrams }) => weightGrams > 0),
        slug,
      ).toBe(shippable);
    }
    const notShipped = shippingStores().flatMap((store) =>
      store.products.filter(({ shippable }) => !shippable),
    );
    expect(notShipped.map(({ slug }) => slug)).toEqual(['saturday-cupping']);
  });

  it('are sold out in places, but never in all variants except for one', () => {
    const counted = products.filter(({ variants }) => variants.every(({ stock }) => stock !== null));
    const gone = counted.filter(({ variants }) => variants.every(({ stock }) => stock === 0));
    const partlyGone = counted.filter(({ variants }) => variants.some(({ stock }) => stock === 0));
    expect(gone.map(({ slug }) => slug)).toEqual(['cinnamon-scroll']);
    expect(partlyGone.length).toBeGreaterThan(10);
    for (const store of shippingStores()) {
      const uncounted = store.products.filter(({ variants }) => variants.some(({ stock }) => stock === null));
      expect(uncounted).toEqual([]);
    }
  });

  it('refuse an exception for the stock of a variant that does not exist', () => {
    const note = { slug: 'scarf', name: 'Scarf', about: [], category: 'hats', tags: [], sku: 'SC', price: 1 };
    const options = [option('Colour', 'Red', 'Blue')];
    const scarf = (except: Record<string, number>) =>
      product({ ...note, options, pictures: [], stock: { each: 3, except } });
    expect(scarf({ Blue: 0 }).variants.map(({ stock }) => stock)).toEqual([3, 0]);
    expect(() => scarf({ Green: 0 })).toThrow('expected one of Red, Blue, received Green');
  });

  it('can be customised within their rules', () => {
    const groups = products.flatMap((each) => each.groups);
    for (const { name, minSelect, maxSelect, required, choices } of groups) {
      const most = choices.reduce((sum, { maxQuantity }) => sum + maxQuantity, 0);
      expect(minSelect, name).toBeLessThanOrEqual(maxSelect);
      expect(maxSelect, name).toBeGreaterThan(0);
      expect(minSelect, name).toBeLessThanOrEqual(most);
      expect(required, name).toBe(minSelect > 0);
      expect(repeated(choices.map((choice) => choice.name))).toEqual([]);
    }
    for (const { groups: own } of products) expect(repeated(own.map(({ name }) => name))).toEqual([]);
    expect(groups.some(({ minSelect }) => minSelect > 1)).toBe(true);
    expect(groups.some(({ choices }) => choices.some(({ priceDeltaCents }) => priceDeltaCents < 0))).toBe(
      true,
    );
  });

  it('never cost less than nothing, whatever is left out of them', () => {
    for (const { slug, variants, groups } of products) {
      const off = groups
        .flatMap(({ choices }) => choices)
        .reduce((sum, { priceDeltaCents }) => sum + Math.min(0, priceDeltaCents), 0);
      const cheapest = Math.min(...variants.map(({ priceCents }) => priceCents));
      expect(cheapest + off, slug).toBeGreaterThan(0);
    }
  });

  it('are described in plain paragraphs without raising their voice', () => {
    for (const { slug, description } of products) {
      expect(description, slug).toMatch(/^(<p>[^<>&!]{30,}<\/p>){1,2}$/);
    }
  });

  it('have pictures with words for those who cannot see them, and variants that point at their own', () => {
    for (const { slug, pictures, variants } of products) {
      expect(pictures.length, slug).toBeGreaterThan(0);
      for (const { alt } of pictures) expect(alt, slug).toMatch(/^[A-Z][^!]{10,120}$/);
      for (const { picture, optionValues } of variants) {
        if (picture !== null) expect(optionValues, slug).toContain(pictures[picture]?.of);
      }
      const shown = new Set(variants.map(({ picture }) => picture));
      for (const [at, { of }] of pictures.entries())
        expect(shown.has(at), `${slug} ${of}`).toBe(of !== undefined);
    }
  });
});

describe('the demo people', () => {
  it('sign in under names of their own, at addresses that reach nobody', () => {
    const names = people.flatMap(({ email, username }) => [email, username]);
    expect(repeated(names)).toEqual([]);
    expect(people.every(({ email }) => email.endsWith('@example.com'))).toBe(true);
  });

  it('work in stores of their merchant: each has an owner, each store a manager and staff', () => {
    for (const merchant of demoMerchants) {
      const slugs = merchant.stores.map(({ slug }) => slug);
      expect(merchant.people.filter(({ role }) => role === 'owner')).toHaveLength(1);
      expect(
        merchant.people.flatMap((person) => person.stores).filter((slug) => !slugs.includes(slug)),
      ).toEqual([]);
      for (const slug of slugs) {
        const roles = merchant.people
          .filter((person) => person.stores.includes(slug))
          .map(({ role }) => role);
        expect(new Set(roles), slug).toEqual(new Set(['manager', 'staff']));
      }
    }
  });

  it('include some forty customers, each of stores of one merchant', () => {
    expect(demoCustomers.length).toBeGreaterThanOrEqual(38);
    expect(repeated(demoCustomers.map(({ email }) => email))).toEqual([]);
    expect(repeated(demoCustomers.map(({ mobile }) => mobile))).toEqual([]);
    for (const { email, mobile, stores: slugs } of demoCustomers) {
      expect(email).toMatch(/^[a-z]+\.[a-z]+@example\.com$/);
      expect(mobile).toMatch(/^\+[0-9]{10,12}$/);
      const merchants = demoMerchants.filter((merchant) =>
        merchant.stores.some(({ slug }) => slugs.includes(slug)),
      );
      expect(merchants, email).toHaveLength(1);
    }
  });
});

function shippingStores(): DemoStore[] {
  return stores.filter(({ shipping }) => shipping !== null);
}

function draftOf({ category, pictures, ...rest }: DemoProduct): ProductDraft {
  const images = pictures.map(({ alt }) => ({ file: 'a.svg', alt, width: 800, height: 600 }));
  return { ...rest, category: { slug: category, name: category }, active: true, images };
}

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, at) => texts.indexOf(text) !== at);
}

/** Contrast of two colours as WCAG defines it. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
