import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { productList, type ProductListQuery } from '#app/catalog/product-queries.ts';
import { analyzeTables } from '#core/db/analyze.ts';
import { openDatabase } from '#core/db/database.ts';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import { listenersOf } from '#start/reactions.ts';
import { BENCH_SECRET, migrateBench } from './bench-database.ts';
import type { BenchRow } from './bench-row.ts';
import { fillCatalogue, isOwn, nameOf, type BigCatalogue } from './big-catalogue.ts';

const SMALL = { products: 1_000, stores: 10 };
const BIG = { products: 100_000, stores: 10_000 };
const SEARCH_P95_MAX_MS = 20;
const FLAT_MAX = 1.2;
const POOL_SIZE = 4;
const WARM_UP = 100;
const SEARCHES = 1_200;
const LISTS = 400;
/** The two sides take turns, so that a machine that slows down slows both. */
const TURNS = 5;

/** What people type, of the name of a product. */
const TYPED: Readonly<Record<string, (name: string) => string>> = {
  'two words': (name) => words(name).slice(1, 3).join(' '),
  'three words': (name) => words(name).slice(0, 3).join(' '),
  'a rare word': (name) => word(name, 3),
  'the beginning of a word': (name) => word(name, 2).slice(0, 3),
  'a slip in a rare word': (name) => slipped(word(name, 3)),
  'a word and one with a slip': (name) => `${word(name, 2)} ${slipped(word(name, 0))}`,
};

/** Search at 100,000 products of one merchant, and the product list there against that of a hundredth of it. Nothing is kept in a cache. */
export async function benchSearch(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-bench-'));
  const embedded = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  const admin = postgres(embedded.url, { max: 1, onnotice: () => undefined });
  try {
    await migrateBench(embedded.url);
    const options = { poolSize: POOL_SIZE, listenersOf, onCommit: () => undefined };
    const database = openDatabase({ ...options, url: embedded.url, secret: BENCH_SECRET });
    const small = await fillCatalogue(database, admin, SMALL);
    const big = await fillCatalogue(database, admin, BIG);
    await admin.unsafe('VACUUM');
    await analyzeTables(admin);
    const rows = [...(await searchRows(big)), await listRow(small, big)];
    await database.close();
    return rows;
  } finally {
    await admin.end();
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function searchRows(big: BigCatalogue): Promise<BenchRow[]> {
  const kinds = Object.entries(TYPED);
  const times = new Map<string, number[]>(kinds.map(([kind]) => [kind, []]));
  for (let nth = 0; nth < WARM_UP + SEARCHES; nth++) {
    const [kind, type] = kinds[nth % kinds.length] ?? ['', String];
    const product = (nth * 7_919) % big.products;
    const took = await timed(big, { q: type(nameOf(isOwn(product) ? product + 1 : product)) });
    if (nth >= WARM_UP) times.get(kind)?.push(took);
  }
  const rowOf = (what: string, all: readonly number[]): BenchRow => {
    const value = quantile(all, 0.95);
    return {
      work: `search in ${big.products} products, ${what}, p95`,
      value,
      unit: 'ms',
      target: `< ${SEARCH_P95_MAX_MS} ms`,
      holds: value < SEARCH_P95_MAX_MS,
    };
  };
  return [
    rowOf('everything that people type', [...times.values()].flat()),
    ...kinds.map(([kind]) => rowOf(kind, times.get(kind) ?? [])),
  ];
}

/** The first page of a store, the way it is read when nothing of it is kept. */
async function listRow(small: BigCatalogue, big: BigCatalogue): Promise<BenchRow> {
  const medians: [number[], number[]] = [[], []];
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [side, catalogue] of [small, big].entries()) {
      const times: number[] = [];
      for (let nth = 0; nth < LISTS; nth++) times.push(await timed(catalogue, {}));
      if (turn > 0) medians[side]?.push(quantile(times, 0.5));
    }
  }
  const [baseline, value] = [quantile(medians[0], 0.5), quantile(medians[1], 0.5)];
  const ratio = value / baseline;
  return {
    work: `product list of a merchant with ${big.products} products and ${big.stores} stores, beside ${small.products} and ${small.stores}`,
    value,
    unit: 'ms',
    baseline,
    ratio,
    target: `≤ ${FLAT_MAX} ×`,
    holds: ratio <= FLAT_MAX,
  };
}

async function timed({ db }: BigCatalogue, query: Omit<ProductListQuery, 'currency'>): Promise<number> {
  const begin = performance.now();
  const { data } = await db.read((tx) => productList(tx, { ...query, currency: 'AUD' }));
  const took = performance.now() - begin;
  if (data.length === 0)
    throw new Error(`search: expected to find something for "${query.q}", found nothing`);
  return took;
}

function words(name: string): string[] {
  return name.split(' ');
}

function word(name: string, at: number): string {
  return words(name)[at] ?? '';
}

/** Two letters in the middle change places. */
function slipped(text: string): string {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at - 1) + text.charAt(at) + text.charAt(at - 1) + text.slice(at + 1);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
