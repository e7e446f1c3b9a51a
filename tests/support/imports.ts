import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { importProducts } from '#app/imports/import-products.ts';
import type { ImportReport } from '#app/imports/import-view.ts';
import type { TestShop } from './shop.ts';

export const FIXTURES = join(import.meta.dirname, '../fixtures');

export function importFile({ db }: TestShop, path: string, dryRun = false): Promise<ImportReport> {
  return importProducts({ db, input: createReadStream(path), dryRun });
}

export function importText({ db }: TestShop, ...lines: readonly string[]): Promise<ImportReport> {
  return importProducts({ db, input: Readable.from([Buffer.from(lines.join('\n'))]), dryRun: false });
}

/** A product as customers see it. */
export function shown({ db }: TestShop, slug: string) {
  return db.read((tx) => productBySlug(tx, { slug, currency: 'AUD' }));
}
