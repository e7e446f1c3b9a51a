import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProducts } from '#app/catalog/import-products.ts';
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
  ])('%s comes through with every product and variant', async (name, expected) => {
    const { db } = await openShop(test.database);
    const input = createReadStream(join(CATALOGUES, `${name}.csv`));

    expect(await importProducts({ db, input, dryRun: false })).toMatchObject(expected);
  });
});
