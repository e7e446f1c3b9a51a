import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportProducts } from '#app/imports/export-products.ts';
import { importProducts } from '#app/imports/import-products.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { openShop } from '../support/shop.ts';

/** Real catalogues, which are not part of the project. */
const CATALOGUES =
  process.env['STOREFLOW_CATALOGUES'] ?? join(import.meta.dirname, '../../../shared/data/catalogues');

/** Premise: the real catalogues lie beside the project, or where STOREFLOW_CATALOGUES says. Without them there is nothing to check. */
describe.skipIf(!existsSync(CATALOGUES))('a real catalogue', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.close());

  it.each([
    ['apparel', { products: 25, variants: 96, failed: 0 }],
    ['jewelry', { products: 19, variants: 24, failed: 0 }],
    ['bicycles', { products: 284, variants: 1121, failed: 0 }],
  ])(
    '%s comes through with every product and variant, and an export of it changes nothing',
    async (name, expected) => {
      const path = join(CATALOGUES, `${name}.csv`);
      const { db } = await openShop(test.database);
      const report = await importProducts({ db, input: createReadStream(path), dryRun: false });
      const file = await text(exportProducts({ db, currency: 'AUD', origin: '' }));
      const other = await openShop(test.database);
      const again = await importProducts({ db: other.db, input: Readable.from([file]), dryRun: false });

      expect(report).toMatchObject({ ...expected, created: expected.products });
      expect(again).toEqual({ ...report, line: again.line });
      expect(await text(exportProducts({ db: other.db, currency: 'AUD', origin: '' }))).toBe(file);
      expect(pricesIn(file)).toEqual(pricesIn(await readFile(path, 'utf8')));
    },
  );
});

/** Product, SKU, option values and price of each row that has a price, in the file's order: read without our code. */
function pricesIn(file: string): string[][] {
  const rows = parse(file, { columns: true, bom: true }) as Record<string, string>[];
  return rows
    .filter((row) => row['Variant Price'] !== '')
    .map((row) => [
      row['Handle'] ?? '',
      row['Variant SKU']?.replace(/^'/, '') ?? '',
      ...[1, 2, 3].map((nth) => row[`Option${nth} Value`]?.trim() ?? ''),
      Number(row['Variant Price']).toFixed(2),
    ]);
}
