import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categories, productBySlug, productList } from '#app/catalog/product-queries.ts';
import type { Product } from '#app/catalog/product-view.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

const currency = 'AUD';
let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

function list(query: Omit<Parameters<typeof productList>[1], 'currency'> = {}) {
  return shop.db.read((tx) => productList(tx, { ...query, currency }));
}

async function slugs(query: Parameters<typeof list>[0] = {}): Promise<string[]> {
  return (await list(query)).data.map(({ slug }) => slug);
}

function bySlug(slug: string): Promise<Product | null> {
  return shop.db.read((tx) => productBySlug(tx, { slug, currency }));
}

describe('a product', () => {
  beforeAll(async () => {
    shop = await openShop(test.database);
    await stock(
      shop.db,
      draft('jacket', {
        name: 'Jacket',
        description: '<p onclick="x()">Warm</p>',
        category: { slug: 'outdoor', name: 'Outdoor' },
        tags: ['wool', 'new'],
        options: ['Size', 'Colour'],
        images: [
          { file: 'a1.svg', alt: 'From the front', width: 800, height: 800 },
          { file: 'b2.svg', alt: 'From the back', width: 800, height: 600 },
        ],
        variants: [
          variant({ optionValues: ['M', 'Rust'], priceCents: cents(9000), stock: 0, sku: 'J-MR' }),
          variant({
            optionValues: ['S', 'Rust'],
            priceCents: cents(9900),
            compareAtCents: cents(12_000),
            stock: 3,
          }),
          variant({ optionValues: ['S', 'Moss'], priceCents: cents(12_000), stock: 1, image: 1 }),
        ],
        groups: [
          {
            name: 'Gift wrap',
            minSelect: 0,
            maxSelect: 1,
            required: false,
            choices: [{ name: 'Paper', priceDeltaCents: cents(300), maxQuantity: 1 }],
          },
        ],
      }),
    );
  });

  it('is shown with everything that a page needs, its ids opaque and its HTML harmless', async () => {
    const product = await bySlug('jacket');

    expect(product).toMatchObject({
      slug: 'jacket',
      description: '<p>Warm</p>',
      currency: 'AUD',
      category: { slug: 'outdoor', name: 'Outdoor' },
      tags: ['new', 'wool'],
      images: [
        { url: '/media/a1.svg', alt: 'From the front', width: 800, height: 800 },
        { url: '/media/b2.svg' },
      ],
      options: [
        { name: 'Size', values: ['M', 'S'] },
        { name: 'Colour', values: ['Rust', 'Moss'] },
      ],
      customization_groups: [{ name: 'Gift wrap', choices: [{ name: 'Paper', price_delta_cents: 300 }] }],
    });
    expect(product?.id).toMatch(/^pr_/);
    expect(product?.customization_groups[0]?.choices[0]?.id).toMatch(/^ch_/);
  });

  it('costs what its cheapest variant costs that can be had', async () => {
    expect(await bySlug('jacket')).toMatchObject({
      price_cents: 9900,
      compare_at_cents: 12_000,
      available: true,
    });
  });

  it('has variants in order, each with its values, its picture and whether it can be had', async () => {
    const product = await bySlug('jacket');

    expect(product?.variants).toMatchObject([
      { title: 'M / Rust', option_values: ['M', 'Rust'], available: false, sku: 'J-MR', image: null },
      { title: 'S / Rust', option_values: ['S', 'Rust'], available: true, image: null },
      { title: 'S / Moss', option_values: ['S', 'Moss'], available: true, image: 1 },
    ]);
  });

  it('is unknown when its name in the address is none of ours', async () => {
    expect(await bySlug('jackets')).toBeNull();
  });
});

function counted(pieces: number) {
  return draft('counted', { variants: [variant({ stock: pieces })] });
}

describe('the shelf', () => {
  beforeAll(async () => {
    shop = await openShop(test.database);
    for (const slug of ['one', 'two', 'three', 'four', 'five']) await stock(shop.db, draft(slug));
  });

  it('is read page by page in the merchant’s order, each product once', async () => {
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.next_cursor ?? '' });
    const third = await list({ limit: 2, cursor: second.next_cursor ?? '' });

    expect([first, second, third].map(({ data }) => data.map(({ slug }) => slug))).toEqual([
      ['one', 'two'],
      ['three', 'four'],
      ['five'],
    ]);
    expect(third.next_cursor).toBeNull();
  });

  it('goes on where it stopped although a product was put in front or taken away', async () => {
    const { next_cursor } = await list({ limit: 2 });
    await stock(shop.db, draft('two', { active: false }));

    expect(await slugs({ cursor: next_cursor ?? '' })).toEqual(['three', 'four', 'five']);
  });

  it('ends with the last product when the last page is exactly full', async () => {
    await stock(shop.db, draft('two'));

    expect((await list({ limit: 5 })).next_cursor).toBeNull();
  });

  it('refuses a cursor that it has not given out', async () => {
    for (const cursor of ['', 'nonsense', Buffer.from("1.pr_x'; DROP").toString('base64url')]) {
      await expect(list({ cursor })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });
});

describe('what a store sells', () => {
  let neighbour: TestShop;
  let stranger: TestShop;

  beforeAll(async () => {
    shop = await openShop(test.database);
    neighbour = await openShop(test.database, shop.tenant.merchantId);
    stranger = await openShop(test.database);
    await stock(shop.db, draft('ours', { category: { slug: 'own', name: 'Own' } }));
    await stock(shop.merchantDb, draft('everywhere', { category: { slug: 'all', name: 'All' } }));
    await stock(neighbour.db, draft('next-door', { category: { slug: 'next', name: 'Next' } }));
    await stock(stranger.db, draft('elsewhere', { category: { slug: 'else', name: 'Else' } }));
    await stock(shop.db, draft('asleep', { active: false, category: { slug: 'asleep', name: 'Asleep' } }));
  });

  it('is its own and its merchant’s, and neither a neighbour’s nor a stranger’s', async () => {
    expect((await slugs()).toSorted()).toEqual(['everywhere', 'ours']);
    for (const slug of ['next-door', 'elsewhere', 'asleep']) expect(await bySlug(slug)).toBeNull();
  });

  it('lies in the categories that lead to it', async () => {
    expect(await shop.db.read(categories)).toEqual([
      { slug: 'own', name: 'Own', parent: null },
      { slug: 'all', name: 'All', parent: null },
    ]);
  });

  it('leaves out archived products', async () => {
    await stock(shop.db, draft('gone'));
    await test.admin`UPDATE products SET archived_at = now() WHERE slug = 'gone'`;

    expect(await bySlug('gone')).toBeNull();
  });

  it('is counted store by store', async () => {
    await stock(shop.db, counted(0));
    await stock(neighbour.db, counted(5));

    expect((await bySlug('counted'))?.available).toBe(false);
    const there = await neighbour.db.read((tx) => productBySlug(tx, { slug: 'counted', currency }));
    expect(there?.available).toBe(true);
  });
});

describe('a category', () => {
  beforeAll(async () => {
    shop = await openShop(test.database);
    await stock(shop.db, draft('espresso', { category: { slug: 'espresso-drinks', name: 'Espresso' } }));
    await stock(shop.db, draft('scone', { category: { slug: 'food', name: 'Food' } }));
    await stock(shop.db, draft('parked', { active: false, category: { slug: 'drinks', name: 'Drinks' } }));
    await test.admin`
      UPDATE categories SET parent_id = (SELECT id FROM categories WHERE store_id = ${shop.tenant.storeId} AND slug = 'drinks')
      WHERE store_id = ${shop.tenant.storeId} AND slug = 'espresso-drinks'`;
  });

  it('holds the products of those below it', async () => {
    expect(await slugs({ category: 'drinks' })).toEqual(['espresso']);
    expect(await slugs({ category: 'espresso-drinks' })).toEqual(['espresso']);
    expect(await slugs({ category: 'unknown' })).toEqual([]);
  });

  it('is shown when only those below it hold something, with its place in the tree', async () => {
    expect(await shop.db.read(categories)).toEqual([
      { slug: 'espresso-drinks', name: 'Espresso', parent: 'drinks' },
      { slug: 'food', name: 'Food', parent: null },
      { slug: 'drinks', name: 'Drinks', parent: null },
    ]);
  });
});
