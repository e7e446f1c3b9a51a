import fc from 'fast-check';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportProducts } from '#app/imports/export-products.ts';
import { importProducts } from '#app/imports/import-products.ts';
import type { ProductDraft } from '#app/catalog/product.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

const exported = ({ db }: TestShop) =>
  text(exportProducts({ db, currency: 'AUD', origin: 'https://shop.example' }));

/** Imports the file into a new store; answers what that store exports. */
async function throughAnotherStore(file: string): Promise<string> {
  const shop = await openShop(test.database);
  const report = await importProducts({ db: shop.db, input: Readable.from([file]), dryRun: false });
  expect(report.problems).toEqual([]);
  return exported(shop);
}

describe('an export', () => {
  it('holds products in the order of the shelf, with everything that an import reads', async () => {
    const shop = await openShop(test.database);
    const image = { file: 'a1.svg', alt: 'A shirt', width: 8, height: 8 };
    const sizes = ['S', 'M'].map((size) =>
      variant({ optionValues: [size], sku: `=${size}`, compareAtCents: cents(900), stock: 3 }),
    );
    await stock(
      shop.db,
      draft('shirt', { options: ['Size'], variants: sizes, tags: ['b', 'a'], images: [image] }),
    );
    await stock(shop.db, draft('gift', { active: false, category: { slug: 'odd-name', name: 'Gifts' } }));
    await stock(shop.merchantDb, draft('everywhere'));

    const [header, ...rows] = (await exported(shop)).trimEnd().split('\n');
    expect(header).toContain('Handle,Title,Body (HTML),Type,Category Handle,Tags,Published,Option1 Name');
    expect(rows).toEqual([
      'shirt,shirt,,,,"a, b",true,Size,S,,,,,\'=S,200,shopify,3,deny,4.50,9.00,true,https://shop.example/media/a1.svg,1,A shirt,active',
      "shirt,,,,,,,,M,,,,,'=M,200,shopify,3,deny,4.50,9.00,true,,,,",
      'everywhere,everywhere,,,,,true,Title,Default Title,,,,,,200,,,deny,4.50,,true,,,,active',
      'gift,gift,,Gifts,odd-name,,false,Title,Default Title,,,,,,200,,,deny,4.50,,true,,,,draft',
    ]);
  });

  it('changes nothing where it is imported again, and makes the same of an empty store', async () => {
    const shop = await openShop(test.database);
    await stock(shop.merchantDb, draft('everywhere', { name: 'In all stores', tags: ['a, b'] }));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(drafts, { selector: ({ slug }) => slug, minLength: 1, maxLength: 6 }),
        async (some) => {
          for (const one of some) await stock(shop.db, one);
          const file = await exported(shop);
          const again = await importProducts({ db: shop.db, input: Readable.from([file]), dryRun: false });

          expect(again).toMatchObject({ created: 0, failed: 0, problems: [] });
          expect(await exported(shop)).toBe(file);
          expect(await throughAnotherStore(file)).toBe(file);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('of more products than a page holds is whole', async () => {
    const shop = await openShop(test.database);
    const rows = Array.from({ length: 250 }, (_, n) => `p-${n},P ${n},1.00`);
    const input = Readable.from([['Handle,Title,Variant Price', ...rows].join('\n')]);
    await importProducts({ db: shop.db, input, dryRun: false });

    const handles = (await exported(shop))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[0]);
    expect(handles).toEqual(rows.map((row) => row.split(',')[0]));
  });
});

/** Texts as people write them, with what a CSV or a spreadsheet could stumble over. */
const words = fc
  .array(
    fc.constantFrom(
      'Tee',
      '=1+1',
      '-20%',
      '@home',
      'a, b',
      '"quoted"',
      'Größe',
      "it's",
      "'=1",
      "'quoted'",
      '+',
      '5',
      '茶',
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((parts) => parts.join(' '));
const amounts = fc.integer({ min: 0, max: 100_000 }).map(cents);
const variants = (options: number) =>
  fc
    .uniqueArray(fc.array(words, { minLength: options, maxLength: options }), {
      selector: (values) => values.join(' / '),
      minLength: 1,
      maxLength: options === 0 ? 1 : 4,
    })
    .chain((all) => fc.tuple(...all.map((optionValues) => variantOf(optionValues))));

const variantOf = (optionValues: string[]) =>
  fc.record({
    optionValues: fc.constant(optionValues),
    sku: fc.option(words),
    priceCents: amounts,
    compareAtCents: fc.constant(null),
    weightGrams: fc.nat(5_000),
    stock: fc.option(fc.nat(50)),
    backorder: fc.boolean(),
  });

const drafts: fc.Arbitrary<ProductDraft> = fc.uniqueArray(words, { maxLength: 3 }).chain((options) =>
  fc.record({
    slug: fc.constantFrom('tee', 'cap', 'mug', 'bag', 'pin', 'sock'),
    name: words,
    description: words,
    category: fc.option(fc.constantFrom({ slug: 'one', name: 'Same' }, { slug: 'two', name: 'Same' })),
    tags: fc.uniqueArray(fc.constantFrom('new', '=tag', '100 %', 'red, hot', '"in" quotes', '5" pipe'), {
      maxLength: 4,
    }),
    shippable: fc.boolean(),
    active: fc.boolean(),
    options: fc.constant(options),
    variants: variants(options.length),
  }),
);
