import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { VARIANTS_MAX, type ProductDraft } from '#app/catalog/product.ts';
import { storeChannel } from '#app/stores/store-channels.ts';
import type { TenantTx } from '#core/db/tenant.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  shop = await openShop(test.database);
});

const SHIRT = draft('shirt', {
  name: 'Shirt',
  options: ['Size'],
  images: [{ file: 'a1.svg', alt: '', width: 8, height: 8 }],
  variants: [
    variant({ optionValues: ['S'], sku: 'SH-S', stock: 4 }),
    variant({ optionValues: ['M'], sku: 'SH-M', stock: 0 }),
  ],
  groups: [
    {
      name: 'Print',
      minSelect: 0,
      maxSelect: 1,
      required: false,
      choices: ['Bird', 'Leaf'].map((name) => ({ name, priceDeltaCents: cents(500), maxQuantity: 1 })),
    },
  ],
});

function shown(slug = 'shirt') {
  return shop.db.read((tx) => productBySlug(tx, { slug, currency: 'AUD' }));
}

function ledger() {
  return shop.db.read(
    ({ sql }: TenantTx) => sql<{ sku: string; delta: number; reason: string }[]>`
      SELECT sku, delta, reason FROM stock_ledger l JOIN variants v ON v.id = l.variant_id ORDER BY l.id`,
  );
}

describe('saving a product again', () => {
  it('changes it in place: its variants, groups and choices keep their ids', async () => {
    const first = await stock(shop.db, SHIRT);
    const before = await shown();
    const second = await stock(shop.db, { ...SHIRT, name: 'Linen shirt' });
    const after = await shown();

    expect([first.created, second.created, second.id]).toEqual([true, false, first.id]);
    expect(after).toEqual({ ...before, name: 'Linen shirt' });
  });

  it('knows a variant by its option values, and by its SKU when these were renamed', async () => {
    await stock(shop.db, SHIRT);
    const before = await shown();
    await stock(shop.db, {
      ...SHIRT,
      options: ['Fit'],
      variants: [
        variant({ optionValues: ['Medium'], sku: 'SH-M', stock: 0 }),
        variant({ optionValues: ['S'], sku: 'SH-S-NEW', stock: 4 }),
      ],
    });
    const after = await shown();

    expect(after?.options).toEqual([{ name: 'Fit', values: ['Medium', 'S'] }]);
    expect(after?.variants.map(({ id }) => id)).toEqual(before?.variants.map(({ id }) => id).toReversed());
  });

  it('archives variants that are gone and takes them back when they return', async () => {
    await stock(shop.db, SHIRT);
    const before = await shown();
    await stock(shop.db, { ...SHIRT, variants: SHIRT.variants.slice(0, 1) });
    const without = await shown();
    await stock(shop.db, SHIRT);

    expect(without?.variants.map(({ title }) => title)).toEqual(['S']);
    expect(await shown()).toEqual(before);
  });

  it('leaves pictures, groups and measures alone when the draft does not speak of them', async () => {
    await stock(shop.db, SHIRT);
    const before = await shown();
    const { images: _images, groups: _groups, ...rest } = SHIRT;
    await stock(shop.db, rest);

    expect(await shown()).toEqual(before);
  });

  it('drops pictures, groups and choices that the draft leaves out', async () => {
    await stock(shop.db, SHIRT);
    await stock(shop.db, {
      ...SHIRT,
      images: [],
      groups: SHIRT.groups?.map((group) => ({ ...group, choices: group.choices.slice(1) })) ?? [],
    });
    const product = await shown();

    expect(product?.images).toEqual([]);
    expect(product?.customization_groups[0]?.choices.map(({ name }) => name)).toEqual(['Leaf']);
  });

  it('goes well when two do it at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => stock(shop.db, SHIRT)));

    expect((await shown())?.variants).toHaveLength(2);
    const levels = await shop.db.read(({ sql }) => sql`SELECT FROM stock_levels`);
    expect(levels).toHaveLength(2);
  });
});

describe('stock', () => {
  it('is written with its difference in the ledger, whose sum it is', async () => {
    await stock(shop.db, SHIRT);
    await stock(shop.db, {
      ...SHIRT,
      variants: [
        variant({ optionValues: ['S'], sku: 'SH-S', stock: 1 }),
        variant({ optionValues: ['M'], sku: 'SH-M', stock: 6 }),
      ],
    });

    expect(await ledger()).toEqual([
      { sku: 'SH-S', delta: 4, reason: 'initial' },
      { sku: 'SH-S', delta: -3, reason: 'initial' },
      { sku: 'SH-M', delta: 6, reason: 'initial' },
    ]);
  });

  it('of nothing is counted too, and no ledger row is made when nothing changed', async () => {
    await stock(shop.db, SHIRT);
    await stock(shop.db, SHIRT);

    expect(await ledger()).toHaveLength(1);
    expect((await shown())?.variants.map(({ available }) => available)).toEqual([true, false]);
  });

  it('is no longer counted when the draft does not', async () => {
    await stock(shop.db, SHIRT);
    await stock(shop.db, { ...SHIRT, variants: SHIRT.variants.map((one) => ({ ...one, stock: null })) });

    expect((await shown())?.variants.every(({ available }) => available)).toBe(true);
  });

  it('cannot be counted for the whole merchant', async () => {
    await expect(stock(shop.merchantDb, SHIRT)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('a saved product', () => {
  it('is told on the catalogue’s channel of every store that sells it', async () => {
    const neighbour = await openShop(test.database, shop.tenant.merchantId);
    const { event } = await stock(shop.merchantDb, draft('gift-card'));

    expect(event).toMatchObject({
      type: 'ProductUpdated',
      entityVersion: 1,
      payload: { product: { slug: 'gift-card', name: 'gift-card', active: true } },
    });
    expect(event.streams.map(({ channel }) => channel)).toEqual(
      [shop, neighbour].map(({ tenant }) => storeChannel(tenant.storeId, 'catalog')),
    );
    expect((await stock(shop.db, SHIRT)).event.streams).toHaveLength(1);
  });

  it('leaves an audit row for each time', async () => {
    const { id } = await stock(shop.db, SHIRT);
    await stock(shop.db, { ...SHIRT, name: 'Linen shirt', active: false });
    const rows = await shop.db.read(
      ({ sql }) => sql`
        SELECT action, before, after FROM audit_log WHERE entity = 'product' AND entity_id = ${id} ORDER BY id`,
    );

    expect(rows).toMatchObject([
      {
        action: 'product.created',
        before: null,
        after: {
          name: 'Shirt',
          active: true,
          variants: [{ title: 'S', sku: 'SH-S', price_cents: 450 }, { title: 'M' }],
        },
      },
      {
        action: 'product.updated',
        before: {
          name: 'Shirt',
          active: true,
          variants: [{ title: 'S', sku: 'SH-S', price_cents: 450 }, { title: 'M' }],
        },
        after: { name: 'Linen shirt', active: false },
      },
    ]);
  });
});

describe('a draft is refused', () => {
  const impossible: [string, Partial<ProductDraft>][] = [
    ['without variants', { variants: [] }],
    [
      'with too many variants',
      {
        options: ['N'],
        variants: Array.from({ length: VARIANTS_MAX + 1 }, (_, n) => variant({ optionValues: [`${n}`] })),
      },
    ],
    [
      'with four options',
      { options: ['A', 'B', 'C', 'D'], variants: [variant({ optionValues: ['1', '2', '3', '4'] })] },
    ],
    [
      'with two options of one name',
      { options: ['A', 'A'], variants: [variant({ optionValues: ['1', '2'] })] },
    ],
    [
      'with a variant that lacks a value',
      { options: ['A', 'B'], variants: [variant({ optionValues: ['1'] })] },
    ],
    [
      'with two variants that are the same',
      { options: ['A'], variants: ['1', '1'].map((value) => variant({ optionValues: [value] })) },
    ],
  ];

  it.each(impossible)('%s', async (_case, changes) => {
    await expect(stock(shop.db, draft('impossible', changes))).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect(await shown('impossible')).toBeNull();
  });

  it('when its slug is another product’s: the merchant’s for a store, a store’s for the merchant', async () => {
    await stock(shop.merchantDb, draft('everywhere'));
    await stock(shop.db, draft('here'));

    await expect(stock(shop.db, draft('everywhere'))).rejects.toMatchObject({ code: 'SLUG_TAKEN' });
    await expect(stock(shop.merchantDb, draft('here'))).rejects.toMatchObject({ code: 'SLUG_TAKEN' });
  });

  it('never for a slug of a stranger’s', async () => {
    await stock((await openShop(test.database)).db, SHIRT);

    expect((await stock(shop.db, SHIRT)).created).toBe(true);
  });
});
