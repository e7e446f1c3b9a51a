import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importProducts } from '#app/imports/import-products.ts';
import { productList } from '#app/catalog/product-queries.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
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

async function shelf(): Promise<string[]> {
  const { data } = await shop.db.read((tx) => productList(tx, { currency: 'AUD', limit: 100 }));
  return data.map(({ slug }) => slug);
}

describe('a product file', () => {
  beforeEach(() => importFile(shop, join(FIXTURES, 'products.csv')));

  it('gives products with all their options, exact prices and clean descriptions', async () => {
    const jacket = await shown(shop, 'trail-jacket');

    expect(jacket).toMatchObject({
      name: 'Trail Jacket',
      description:
        '<p>Keeps out <strong>wind</strong>,\r\nrain and "weather".</p>\r\n<ul><li>Two pockets</li></ul>',
      category: { slug: 'jackets', name: 'Jackets' },
      tags: ['Rain', 'outdoor'],
      options: [
        { name: 'Size', values: ['S', 'M'] },
        { name: 'Colour', values: ['Moss', 'Rust'] },
        { name: 'Lining', values: ['Wool', 'Down'] },
      ],
      images: [],
    });
    expect(jacket?.variants).toMatchObject([
      {
        title: 'S / Moss / Wool',
        sku: '0042',
        price_cents: 18_990,
        compare_at_cents: 22_900,
        available: true,
      },
      {
        title: 'S / Rust / Wool',
        sku: '0043',
        price_cents: 18_990,
        compare_at_cents: null,
        available: false,
      },
      {
        title: 'M / Moss / Down',
        sku: '0044',
        price_cents: 19_990,
        compare_at_cents: null,
        available: false,
      },
    ]);
  });

  it('puts on the shelf what is published', async () => {
    expect(await shelf()).toEqual(['trail-jacket', 'sticker']);
  });

  it('gives products without options one variant', async () => {
    expect(await shown(shop, 'sticker')).toMatchObject({
      price_cents: 5,
      description: 'Just text &amp; a sign',
      options: [],
      variants: [{ title: '', sku: 'STICK' }],
    });
  });

  it('counts what is tracked, and sells on without stock what is to be', async () => {
    const levels = await shop.db.read(
      ({ sql }) => sql<{ sku: string; quantity: number; backorder: boolean; grams: number }[]>`
        SELECT sku, quantity, backorder, weight_grams AS grams FROM stock_levels l JOIN variants v ON v.id = l.variant_id WHERE sku IS NOT NULL ORDER BY sku`,
    );

    expect(levels).toEqual([
      { sku: '0042', quantity: 3, backorder: false, grams: 812 },
      { sku: '0043', quantity: 0, backorder: false, grams: 812 },
      { sku: '0044', quantity: 0, backorder: false, grams: 845 },
      { sku: 'STICK', quantity: 10, backorder: true, grams: 5 },
    ]);
  });

  it('makes addresses of handles, and keeps what is not shipped from being shipped', async () => {
    const [brulee] = await shop.db.read(
      ({ sql }) => sql`SELECT slug, active, shippable FROM products WHERE name = 'Crème Brûlée'`,
    );

    expect(brulee).toEqual({ slug: 'creme-brulee', active: false, shippable: false });
  });
});

describe('a rehearsal', () => {
  it('reports what an import would do, and does nothing', async () => {
    const rehearsal = await importFile(shop, join(FIXTURES, 'products.csv'), true);

    expect(await shelf()).toEqual([]);
    expect(await importFile(shop, join(FIXTURES, 'products.csv'))).toEqual({ ...rehearsal, dryRun: false });
  });
});

describe('a file with bad lines', () => {
  it('has each of them reported by number, with the reason', async () => {
    const { problems } = await importFile(shop, join(FIXTURES, 'bad-lines.csv'));

    expect(problems.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '2: Title is missing',
      '3: Variant Price: expected an amount like 12.50, received "1,200.00"',
      '4: Variant Price: expected an amount like 12.50, received "5.001"',
      '5: Variant Price: expected an amount like 12.50, received "-5.00"',
      '8: is the variant "S" again, which is on line 6',
      '9: Option2 Value: "Blue" belongs to no option',
      '10: Option1 Value is missing',
      '11: Variant Grams: expected grams from 0 to 10000000, received "heavy"',
      '11: Variant Inventory Qty: expected a whole number, received "two"',
      '12: Handle is missing',
      '13: has more or fewer cells than the header',
      '13: Variant Price is missing',
      '15: Variant Price is missing',
      '16: has neither a variant nor an image',
      '17: is "good" again, whose lines begin at 14 and must stay together',
    ]);
  });

  it('gives the good products, and nothing of the others', async () => {
    const report = await importFile(shop, join(FIXTURES, 'bad-lines.csv'));

    expect(report).toMatchObject({ products: 10, created: 1, failed: 9 });
    expect(await shelf()).toEqual(['good']);
  });

  it('leaves a product as it was when its lines went bad', async () => {
    await stock(shop.db, draft('twins', { variants: [variant({ priceCents: cents(700) })] }));
    await importFile(shop, join(FIXTURES, 'bad-lines.csv'));

    expect(await shown(shop, 'twins')).toMatchObject({ name: 'twins', price_cents: 700 });
  });
});

describe('a file that is something else', () => {
  const header = 'Handle,Title,Option1 Name,Option1 Value,Variant Price';

  it('is refused when columns are missing, and says which', async () => {
    await expect(importText(shop, 'name,price', 'a,1')).rejects.toMatchObject({
      code: 'CATALOGUE_FILE_INVALID',
      message: expect.stringContaining('Handle, Title, Variant Price not found'),
    });
  });

  it('gives nothing when it holds only a header', async () => {
    expect(await importText(shop, header)).toMatchObject({ products: 0, problems: [] });
  });

  it.each([
    ['nothing at all', [], 'the file is empty'],
    ['semicolons between its cells', [header.replaceAll(',', ';'), 'a;A;;;1,00'], 'separated by semicolons'],
    ['tabs between its cells', [header.replaceAll(',', '\t'), 'a\tA'], 'separated by tabs'],
  ])('is refused with %s, in words that help', async (_, lines, words) => {
    await expect(importText(shop, ...lines)).rejects.toMatchObject({
      code: 'CATALOGUE_FILE_INVALID',
      message: expect.stringContaining(words),
    });
  });

  it('has a handle reported that is too long, and lines of a product that stand apart', async () => {
    const mug = ['mug,Mug,Size,S,1.00', 'cup,Cup,,,1.00', 'mug,,,L,2.00'];
    const { problems } = await importText(shop, header, `${'h'.repeat(256)},A,,,1.00`, ...mug);

    expect(problems).toEqual([
      { line: 2, reason: 'Handle: expected at most 255 characters, received 256' },
      { line: 5, reason: 'is "mug" again, whose lines begin at 3 and must stay together' },
    ]);
  });

  it('is read up to a quote that never ends; the product around it is left out', async () => {
    const report = await importText(shop, header, 'a,A,,,1.00', 'b,B,,,2.00', 'b,"B,,,3.00', 'c,C,,,4.00');

    expect(await shelf()).toEqual(['a']);
    expect(report).toMatchObject({ created: 1, failed: 1 });
    expect(report.problems).toMatchObject([{ line: 4, reason: expect.stringMatching(/^cannot be read/) }]);
  });

  it('is reported when it is not UTF-8', async () => {
    const latin1 = Buffer.concat([Buffer.from(`${header}\n`), Buffer.from('a,Café,,,1.00', 'latin1')]);
    const report = await importProducts({ db: shop.db, input: Readable.from([latin1]), dryRun: false });

    expect(report.problems).toEqual([{ line: 2, reason: 'is not UTF-8 text: save the file as “CSV UTF-8”' }]);
  });

  it('has a product of endless rows reported, without reading them all into memory', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n) => `a,A,Size,${n},1.00`);
    const report = await importText(shop, header, ...rows, 'b,B,,,1.00');

    expect(report).toMatchObject({ created: 1, failed: 3 });
    expect(report.problems.map(({ line }) => line)).toEqual([2, 1002, 2002]);
  });

  it('has a fourth option reported, which no product has', async () => {
    const wide = `${header},Option4 Name,Option4 Value`;
    const { problems } = await importText(shop, wide, 'a,A,Size,S,1.00,Mood,Good');

    expect(problems).toEqual([{ line: 2, reason: 'expected at most 3 options, received more' }]);
  });

  it('fails when it cannot be read at all', async () => {
    await expect(importFile(shop, join(FIXTURES, 'no-such-file.csv'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('products that are saved together', () => {
  it('do not suffer from one among them that cannot be saved', async () => {
    await stock(shop.merchantDb, draft('p-3'));
    const rows = Array.from({ length: 9 }, (_, n) => `p-${n},P ${n},,,1.00`);
    const report = await importText(shop, 'Handle,Title,Option1 Name,Option1 Value,Variant Price', ...rows);

    expect(report).toMatchObject({ products: 9, created: 8, failed: 1, variants: 8 });
    expect(report.problems).toMatchObject([{ line: 5, reason: expect.stringContaining('"p-3"') }]);
  });

  it('stand on the shelf in the order of the file', async () => {
    await importText(shop, 'Handle,Title,Variant Price', 'c,C,1.00', 'a,A,1.00', 'b,B,1.00');

    expect(await shelf()).toEqual(['c', 'a', 'b']);
  });
});

describe('a slug of the whole merchant', () => {
  it('is not taken over by a store’s import, and passes where the file says what is', async () => {
    await stock(shop.merchantDb, draft('sticker', { name: 'Everywhere' }));
    const report = await importFile(shop, join(FIXTURES, 'products.csv'));

    expect(report).toMatchObject({ created: 3, failed: 1 });
    expect(await shown(shop, 'sticker')).toMatchObject({ name: 'Everywhere' });

    const same = await importText(
      shop,
      'Handle,Title,Variant Grams,Variant Price',
      'sticker,Everywhere,200,4.50',
    );
    expect(same).toMatchObject({ updated: 1, failed: 0, problems: [] });
  });
});

function* tenThousandRows() {
  yield 'Handle,Title,Option1 Name,Option1 Value,Variant Price\n';
  for (let n = 0; n < 10_000; n++) {
    const product = Math.floor(n / 50);
    yield `p-${product},P ${product},Size,${n % 50},${n}.99\n`;
  }
}

describe('a long file', () => {
  it('of ten thousand rows is taken in, and tells how far it has come', async () => {
    const seen: number[] = [];
    const report = await importProducts({
      db: shop.db,
      input: Readable.from(tenThousandRows()),
      dryRun: false,
      onProgress: ({ line }) => void seen.push(line),
    });

    expect(report).toMatchObject({ products: 200, created: 200, variants: 10_000, problems: [] });
    expect(seen.length).toBeGreaterThan(40);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(10_001);
  });
});
