import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { sellableVariants } from '#app/catalog/sellable-variants.ts';
import type { ProductDraft } from '#app/catalog/product.ts';
import { idBehind, type VariantId } from '#core/values/ids.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
  shop = await openShop(test.database);
});
afterAll(() => test.close());

/** Puts the product on a shelf and answers its variants' ids. */
async function variantIds(of: TestShop, product: ProductDraft): Promise<VariantId[]> {
  await stock(of.db, product);
  const rows = await of.db.read(
    ({ sql }) => sql<{ id: VariantId }[]>`
      SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug = ${product.slug} ORDER BY v.position`,
  );
  return rows.map(({ id }) => id);
}

function sellable(ids: readonly VariantId[], lock = false) {
  return shop.db.write((tx) => sellableVariants(tx, ids, { lock }));
}

describe('a variant that is for sale', () => {
  it('comes with all that a line of an order is made of', async () => {
    const ids = await variantIds(
      shop,
      draft('latte', {
        name: 'Latte',
        shippable: false,
        dimensions: { lengthMm: 80, widthMm: 70, heightMm: 110 },
        options: ['Size'],
        variants: [
          variant({ optionValues: ['Small'], sku: 'LAT-S', stock: 7 }),
          variant({ optionValues: ['Large'], priceCents: cents(550), weightGrams: 350 }),
        ],
        groups: [
          {
            name: 'Milk',
            minSelect: 1,
            maxSelect: 1,
            required: true,
            choices: [{ name: 'Oat', priceDeltaCents: cents(80), maxQuantity: 1 }],
          },
        ],
      }),
    );

    expect(await sellable(ids)).toMatchObject([
      {
        variantId: ids[0],
        name: 'Latte',
        variantTitle: 'Small',
        sku: 'LAT-S',
        priceCents: 450,
        weightGrams: 200,
        lengthMm: 80,
        shippable: false,
        stock: 7,
        groups: [
          {
            name: 'Milk',
            minSelect: 1,
            maxSelect: 1,
            required: true,
            choices: [{ name: 'Oat', priceDeltaCents: 80, maxQuantity: 1 }],
          },
        ],
      },
      { variantTitle: 'Large', sku: null, priceCents: 550, weightGrams: 350, stock: null },
    ]);
  });

  it('is offered without choices that are switched off', async () => {
    const group = { name: 'Syrup', minSelect: 0, maxSelect: 2, required: false };
    const choices = ['Vanilla', 'Hazelnut'].map((name) => ({
      name,
      priceDeltaCents: cents(50),
      maxQuantity: 2,
    }));
    const ids = await variantIds(shop, draft('mocha', { groups: [{ ...group, choices }] }));
    await test.admin`UPDATE customization_choices SET active = false WHERE name = 'Hazelnut'`;

    expect((await sellable(ids))[0]?.groups[0]?.choices.map(({ name }) => name)).toEqual(['Vanilla']);
  });

  it('is the one that customers see, under the same id', async () => {
    const ids = await variantIds(shop, draft('tea'));
    const product = await shop.db.read((tx) => productBySlug(tx, { slug: 'tea', currency: 'AUD' }));

    expect(idBehind('va', product?.variants[0]?.id ?? '')).toBe(ids[0]);
  });
});

describe('a variant that is not for sale', () => {
  it('is left out: inactive, archived, a neighbour’s, a stranger’s, or none at all', async () => {
    const neighbour = await openShop(test.database, shop.tenant.merchantId);
    const stranger = await openShop(test.database);
    const resting = await variantIds(shop, draft('resting', { active: false }));
    const archived = await variantIds(shop, draft('archived'));
    await test.admin`UPDATE variants SET archived_at = now() WHERE id = ANY(${archived}::bigint[])`;
    const foreign = [
      ...(await variantIds(neighbour, draft('next-door'))),
      ...(await variantIds(stranger, draft('elsewhere'))),
    ];

    expect(await sellable([...resting, ...archived, ...foreign, 999_999 as VariantId])).toEqual([]);
    expect(await sellable([])).toEqual([]);
  });
});

describe('stock that is locked', () => {
  it('is what is left after whoever held it, not what was there at first sight', async () => {
    const ids = await variantIds(shop, draft('last-one', { variants: [variant({ stock: 1 })] }));
    const taken = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const first = shop.db.write(async (tx) => {
      await sellableVariants(tx, ids, { lock: true });
      locked.resolve();
      await taken.promise;
      await tx.sql`UPDATE stock_levels SET quantity = 0 WHERE variant_id = ANY(${ids}::bigint[])`;
    });
    await locked.promise;
    const second = sellable(ids, true);
    taken.resolve();
    await first;

    expect((await second)[0]?.stock).toBe(0);
  });

  it('is locked in one order, so that two who want the same things never wait for each other', async () => {
    const pair = draft('pair', {
      options: ['Side'],
      variants: ['Left', 'Right'].map((side) => variant({ optionValues: [side], stock: 100 })),
    });
    const ids = await variantIds(shop, pair);
    const take = (order: readonly VariantId[]) =>
      shop.db.write(async (tx) => {
        await sellableVariants(tx, order, { lock: true });
        await tx.sql`UPDATE stock_levels SET quantity = quantity - 1 WHERE variant_id = ANY(${ids}::bigint[])`;
      });

    await Promise.all(Array.from({ length: 20 }, (_, at) => take(at % 2 === 0 ? ids : ids.toReversed())));

    expect((await sellable(ids)).map(({ stock: left }) => left)).toEqual([80, 80]);
  });
});
