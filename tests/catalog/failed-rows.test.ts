import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failedRowsTo } from '#app/imports/failed-rows.ts';
import { importProducts } from '#app/imports/import-products.ts';
import type { ImportReport } from '#app/imports/import-view.ts';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { openShop, type TestShop } from '../support/shop.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  shop = await openShop(test.database);
});

async function failedRows(input: Readable): Promise<{ report: ImportReport; file: string }> {
  const output = new PassThrough();
  const failed = failedRowsTo(output);
  const written = text(output);
  const report = await importProducts({ db: shop.db, input, dryRun: false, failedRows: failed });
  await failed.end();
  return { report, file: await written };
}

const reasonsIn = ({ problems }: ImportReport) =>
  problems.map(({ reason }) => reason).filter((reason) => !reason.includes('again'));

describe('what was left out', () => {
  it('comes back as a file, each row as it was, with its line and what is wrong', async () => {
    const { file } = await failedRows(createReadStream(join(FIXTURES, 'bad-lines.csv')));
    const rows = parse(file, { relax_column_count: true }) as string[][];

    expect(rows[0]?.slice(0, 3)).toEqual(['Import Line', 'Import Problem', 'Handle']);
    expect(rows.slice(1).map(([line]) => line)).not.toContain('14');
    expect(rows.find(([line]) => line === '10')?.[1]).toBe('Option1 Value is missing');
    expect(rows.find(([line]) => line === '6')?.[1]).toBe('');
  });

  it('fails for the same reasons when it is imported as it is', async () => {
    const first = await failedRows(createReadStream(join(FIXTURES, 'bad-lines.csv')));
    const second = await failedRows(Readable.from([first.file]));

    expect(second.report).toMatchObject({ created: 0 });
    expect(reasonsIn(second.report)).toEqual(reasonsIn(first.report));
    expect(second.file.split('\n')[0]).toBe(first.file.split('\n')[0]);
  });

  it('is taken once it was put right', async () => {
    const { file } = await failedRows(
      Readable.from(['Handle,Title,Variant Price\nmug,Mug,abc\ncup,Cup,3.00\n']),
    );
    const { report } = await failedRows(Readable.from([file.replace(',abc', ',12.00')]));

    expect(report).toMatchObject({ products: 1, created: 1, problems: [] });
    expect(await shop.db.read((tx) => productBySlug(tx, { slug: 'mug', currency: 'AUD' }))).toMatchObject({
      price_cents: 1200,
    });
  });

  it('is an empty file when nothing was', async () => {
    const { file } = await failedRows(createReadStream(join(FIXTURES, 'products.csv')));

    expect(file).toBe('');
  });
});
