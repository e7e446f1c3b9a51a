import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { importProducts } from '#app/imports/import-products.ts';
import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { createStore } from '#app/stores/create-store.ts';
import { analyzeGrownTables } from '#core/db/analyze.ts';
import { asOwner } from '#core/db/as-owner.ts';
import { openDatabase, type Database } from '#core/db/database.ts';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { listenersOf } from '#start/reactions.ts';
import { BENCH_SECRET, migrateBench } from './bench-database.ts';
import type { BenchRow } from './bench-row.ts';
import { STORE } from './shops.ts';

const ROWS = 10_000;
const ROWS_PER_SECOND_MIN = 2_000;
/** Rows of one product: as many variants as most products have, and one, where a row costs most. */
const VARIANTS = [4, 1] as const;
const ACT = { actor: SYSTEM, requestId: null, at: new Date() };
const POOL_SIZE = 4;

/** Rows a second of a product file that come into an empty store, and again into the full one: as they were, and at other prices. */
export async function benchImport(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-bench-'));
  const embedded = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  try {
    await migrateBench(embedded.url);
    const database = openDatabase({
      url: embedded.url,
      secret: BENCH_SECRET,
      poolSize: POOL_SIZE,
      listenersOf,
      onCommit: () => undefined,
    });
    const rows: BenchRow[] = [];
    const onGrown = () => asOwner(embedded.url, analyzeGrownTables);
    for (const variants of VARIANTS)
      rows.push(...(await importInto({ db: await openStore(database), onGrown, variants })));
    await database.close();
    return rows;
  } finally {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function openStore(database: Database): Promise<TenantDb<StoreTenant>> {
  const merchantId = await nextMerchantId(database);
  const storeId = await database.tenant({ merchantId, storeId: null }).write(async (tx) => {
    await createMerchant(tx, { name: `Merchant ${merchantId}`, act: ACT });
    return createStore(tx, { ...STORE, slug: `bench-${merchantId}`, act: ACT });
  });
  return database.tenant({ merchantId, storeId });
}

interface Target {
  readonly db: TenantDb<StoreTenant>;
  readonly onGrown: () => Promise<void>;
  /** Of a product. */
  readonly variants: number;
}

async function importInto(target: Target): Promise<BenchRow[]> {
  const { variants } = target;
  const shape = `${ROWS} rows, ${variants} to a product`;
  return [
    rowOf(`import of ${shape}, into an empty store`, await rowsPerSecond(target, 5)),
    rowOf(`import of ${shape}, again`, await rowsPerSecond(target, 5)),
    rowOf(`import of ${shape}, again at other prices`, await rowsPerSecond(target, 6)),
  ];
}

/** `cheapest` is a price in whole units of the currency. */
async function rowsPerSecond({ db, onGrown, variants }: Target, cheapest: number): Promise<number> {
  const input = Readable.from(productFile(variants, cheapest));
  const begin = performance.now();
  const report = await importProducts({ db, input, dryRun: false, onGrown });
  if (report.variants !== ROWS)
    throw new Error(`import: expected ${ROWS} variants, received ${report.variants}`);
  return ROWS / ((performance.now() - begin) / 1_000);
}

function* productFile(variants: number, cheapest: number): Generator<string> {
  yield 'Handle,Title,Body (HTML),Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Price\n';
  for (let row = 0; row < ROWS; row++) {
    const [product, nth] = [Math.floor(row / variants), row % variants];
    const first =
      nth === 0
        ? `Product ${product},"<p>Well made, and <b>there</b> when it is needed.</p>",Kind ${product % 20},"new, tag ${product % 50}",Size`
        : ',,,,';
    yield `product-${product},${first},Size ${nth},SKU-${row},250,shopify,10,${cheapest + (row % 90)}.95\n`;
  }
}

function rowOf(work: string, value: number): BenchRow {
  return {
    work,
    value,
    unit: 'rows/s',
    target: `≥ ${ROWS_PER_SECOND_MIN}`,
    holds: value >= ROWS_PER_SECOND_MIN,
  };
}
