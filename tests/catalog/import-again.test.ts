import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importProducts } from '#app/imports/import-products.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock } from '../support/shelf.ts';
import { FIXTURES, importFile, importText, shown } from '../support/imports.ts';
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

/** What became of the shop's products, and what was told of them. */
function written() {
  return test.admin`
    SELECT slug, version, (SELECT count(*)::int FROM audit_log WHERE entity = 'product' AND entity_id = p.id) AS acts,
      (SELECT count(*)::int FROM domain_events e WHERE e.merchant_id = p.merchant_id AND payload #>> '{product,slug}' = slug) AS events
    FROM products p WHERE merchant_id = ${shop.tenant.merchantId} ORDER BY slug`;
}

function stockOf(slug: string) {
  return test.admin<{ quantity: number | null }[]>`
    SELECT quantity, backorder, sku, weight_grams AS grams, compare_at_cents::int AS was, price_cents::int AS price
    FROM variants v LEFT JOIN stock_levels l ON l.variant_id = v.id
    WHERE v.merchant_id = ${shop.tenant.merchantId} AND v.archived_at IS NULL
      AND product_id = (SELECT id FROM products WHERE merchant_id = ${shop.tenant.merchantId} AND slug = ${slug})`;
}

const quantityOf = async (slug: string) => (await stockOf(slug))[0]?.quantity;

describe('importing again', () => {
  it('changes products in place and makes no second one', async () => {
    const first = await importFile(shop, join(FIXTURES, 'products.csv'));
    const before = await shown(shop, 'trail-jacket');
    const second = await importFile(shop, join(FIXTURES, 'products.csv'));

    expect(first).toMatchObject({ products: 4, created: 4, updated: 0, failed: 0, variants: 6, options: 3 });
    expect(second).toMatchObject({ products: 4, created: 0, updated: 4, failed: 0, problems: [] });
    expect(await shown(shop, 'trail-jacket')).toEqual(before);
  });

  it('tells nobody of what is as it was, and of nothing else than what is not', async () => {
    const header = 'Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty';
    await importText(shop, header, 'a,A,1.00,shopify,3', 'b,B,2.00,shopify,3', 'c,C,3.00,,');
    expect(await written()).toMatchObject(
      ['a', 'b', 'c'].map((slug) => ({ slug, version: 1, acts: 1, events: 1 })),
    );

    const again = await importText(shop, header, 'a,A,1.00,shopify,3', 'b,B,2.00,shopify,4', 'c,C,3.50,,');
    expect(again).toMatchObject({ products: 3, created: 0, updated: 3, variants: 3 });
    expect(await written()).toMatchObject([
      { slug: 'a', version: 1, acts: 1, events: 1 },
      { slug: 'b', version: 2, acts: 2, events: 2 },
      { slug: 'c', version: 2, acts: 2, events: 2 },
    ]);
  });

  it('asks for a count of what has grown once products are made, and neither in a dry run nor when none is new', async () => {
    const made: number[] = [];
    const onGrown = async () => {
      const rows = await test.admin`SELECT FROM products WHERE merchant_id = ${shop.tenant.merchantId}`;
      made.push(rows.length);
    };
    const run = async (dryRun: boolean, price: string) => {
      const input = Readable.from([`Handle,Title,Variant Price\na,A,${price}\nb,B,2.00`]);
      await importProducts({ db: shop.db, input, dryRun, onGrown });
      return made;
    };

    expect(await run(true, '1.00')).toEqual([]);
    expect(await run(false, '1.00')).toEqual([2]);
    expect(await run(false, '1.50')).toEqual([2]);
  });

  it('says so when a product seems to have come under another handle', async () => {
    const header = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price';
    await importText(shop, header, 'mug,Mug,Size,S,MUG-S,4.00', 'mug,,,L,MUG-L,5.00', 'cup,Cup,,,CUP,3.00');
    const report = await importText(
      shop,
      header,
      'big-mug,Mug,Size,S,MUG-S,4.00',
      'big-mug,,,L,MUG-L,5.00',
      'cup,Cup,,,CUP,3.00',
      'cup-too,Cup,,,CUP,3.00',
      'bowl,Bowl,Size,S,MUG-S,4.00',
      'bowl,,,L,BOWL-L,4.00',
    );

    expect(report).toMatchObject({ created: 3, updated: 1, failed: 0 });
    expect(report.problems).toEqual([
      { line: 2, reason: 'is a new product, although "mug" has its SKU "MUG-L": a changed handle?' },
    ]);
  });

  it('leaves pictures and customisations that the file cannot know', async () => {
    const image = { file: 'a1.svg', alt: '', width: 8, height: 8 };
    const group = { name: 'Wrap', minSelect: 0, maxSelect: 1, required: false, choices: [] };
    await stock(shop.db, draft('sticker', { images: [image], groups: [group] }));
    await importFile(shop, join(FIXTURES, 'products.csv'));

    expect(await shown(shop, 'sticker')).toMatchObject({
      name: 'Sticker',
      images: [{ url: '/media/a1.svg' }],
      customization_groups: [{ name: 'Wrap' }],
    });
  });

  it('leaves what the file has no column for: a price list changes prices and nothing else', async () => {
    const columns =
      'Handle,Title,Body (HTML),Type,Tags,Status,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Compare At Price,Variant Price';
    await importText(
      shop,
      columns,
      'mug,Mug,<p>Blue</p>,Cups,new,draft,MUG,300,shopify,7,continue,9.00,4.00',
      'cup,Cup,,,,active,CUP,100,,,,,3.00',
    );
    const before = await stockOf('mug');
    const kept = await shown(shop, 'cup');
    const report = await importText(shop, 'Handle,Title,Variant Price', 'mug,Mug,5.00', 'cup,Cup,3.00');

    expect(report).toMatchObject({ updated: 2, failed: 0, problems: [] });
    expect(before).toEqual([{ quantity: 7, backorder: true, sku: 'MUG', grams: 300, was: 900, price: 400 }]);
    expect(await stockOf('mug')).toEqual(before.map((row) => ({ ...row, price: 500 })));
    const [mug] = await test.admin`
      SELECT description, active, category_id IS NOT NULL AS filed, (SELECT count(*)::int FROM product_tags WHERE product_id = p.id) AS tags
      FROM products p WHERE merchant_id = ${shop.tenant.merchantId} AND slug = 'mug'`;
    expect(mug).toEqual({ description: '<p>Blue</p>', active: false, filed: true, tags: 1 });
    expect(await shown(shop, 'cup')).toEqual(kept);
  });

  it('counts what a list of quantities says, and no more', async () => {
    await importText(
      shop,
      'Handle,Title,Variant Inventory Tracker,Variant Inventory Qty,Variant Price',
      'a,A,shopify,3,1.00',
      'b,B,shopify,3,1.00',
      'c,C,,,1.00',
    );
    await importText(
      shop,
      'Handle,Title,Variant Inventory Qty,Variant Price',
      'a,A,5,1.00',
      'b,B,,1.00',
      'c,C,2,1.00',
    );
    expect(await Promise.all(['a', 'b', 'c'].map(quantityOf))).toEqual([5, 3, 2]);
    await importText(
      shop,
      'Handle,Title,Variant Inventory Tracker,Variant Price',
      'a,A,shopify,1.00',
      'b,B,,1.00',
    );
    expect(await Promise.all(['a', 'b', 'c'].map(quantityOf))).toEqual([5, null, 2]);
  });

  it('takes no variant from a product whose options the file cannot name', async () => {
    const full = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price';
    await importText(shop, full, 'mug,Mug,Size,S,MUG-S,4.00', 'mug,,,L,MUG-L,5.00', 'cup,Cup,,,CUP,3.00');
    const report = await importText(shop, 'Handle,Title,Variant Price', 'mug,Mug,6.00', 'cup,Cup,4.00');

    expect(report).toMatchObject({ updated: 1, failed: 1 });
    expect(report.problems).toEqual([
      { line: 2, reason: '"mug" has the options Size, and the file has no column Option1 Value' },
    ]);
    expect((await shown(shop, 'mug'))?.variants).toHaveLength(2);
  });
});
