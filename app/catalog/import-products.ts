import type { Readable } from 'node:stream';
import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { decimalsOf } from '#core/values/minor-units.ts';
import type { ProductDraft } from './product.ts';
import { saveProduct } from './save-product.ts';
import type { LineProblem } from './shopify-cells.ts';
import { shopifyProducts, type CsvGroup } from './shopify-csv.ts';
import { readProduct } from './shopify-product.ts';

export interface ImportProducts {
  readonly db: TenantDb<StoreTenant>;
  /** A Shopify product CSV. */
  readonly input: Readable;
  /** Does everything and keeps nothing. */
  readonly dryRun: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Products that were read, whatever became of them. */
  readonly products: number;
  readonly line: number;
}

export interface ImportReport {
  readonly dryRun: boolean;
  /** Products in the file: created, updated and failed ones. */
  readonly products: number;
  readonly created: number;
  readonly updated: number;
  /** Products that were left out because of the problems below. */
  readonly failed: number;
  /** Of the products created and updated. */
  readonly variants: number;
  readonly options: number;
  readonly problems: readonly LineProblem[];
}

/**
 * After so many products the connection's plans are made anew. Those of nearly empty tables read them whole, foreign-key checks too, and
 * would go on doing so while the tables fill: ten thousand rows then take three times as long.
 */
const GROWN_AT: ReadonlySet<number> = new Set([10, 100, 1000, 10_000]);

type Outcome =
  | { readonly kind: 'created' | 'updated'; readonly draft: ProductDraft }
  | { readonly kind: 'failed'; readonly problems: readonly LineProblem[] };

/**
 * Takes the products of a CSV into the store, one transaction each: a product whose lines are all good is saved, another is left as it
 * was, with a problem for every bad line. Importing again updates in place. Refuses CATALOGUE_FILE_INVALID for a file of other columns.
 */
export async function importProducts({
  db,
  input,
  dryRun,
  onProgress,
}: ImportProducts): Promise<ImportReport> {
  const groups = shopifyProducts(input);
  const decimals = decimalsOf(await db.read(currencyOf));
  const tally = { products: 0, created: 0, updated: 0, failed: 0, variants: 0, options: 0 };
  const problems: LineProblem[] = [];
  const firstLines = new Map<string, number>();
  for await (const group of groups) {
    if (GROWN_AT.has(tally.products)) await db.write(({ sql }) => sql`DISCARD PLANS`);
    const outcome = await importProduct({ db, dryRun, group, decimals, firstLines });
    tally.products += 1;
    tally[outcome.kind] += 1;
    if (outcome.kind === 'failed') problems.push(...outcome.problems);
    else {
      tally.variants += outcome.draft.variants.length;
      tally.options += outcome.draft.options.length;
    }
    onProgress?.({ products: tally.products, line: group.rows.at(-1)?.line ?? 0 });
  }
  return { dryRun, ...tally, problems };
}

async function currencyOf({ sql, tenant }: TenantTx<StoreTenant>): Promise<string> {
  const [store] = await sql<{ currency: string }[]>`
    SELECT currency FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`;
  if (!store) throw new Error(`store ${tenant.storeId} does not exist`);
  return store.currency;
}

interface Step extends Pick<ImportProducts, 'db' | 'dryRun'> {
  readonly group: CsvGroup;
  readonly decimals: number;
  /** Where each product began, by slug. */
  readonly firstLines: Map<string, number>;
}

async function importProduct(step: Step): Promise<Outcome> {
  const { group, decimals, firstLines } = step;
  if (group.broken) return { kind: 'failed', problems: [group.broken] };
  const line = group.rows[0]?.line ?? 0;
  const { draft, problems } = readProduct(group.handle, group.rows, decimals);
  if (!draft) return { kind: 'failed', problems };
  const before = firstLines.get(draft.slug);
  if (before !== undefined)
    return failed(line, `is "${draft.slug}" again, whose lines begin at ${before} and must stay together`);
  firstLines.set(draft.slug, line);
  return save(step, draft, line);
}

async function save({ db, dryRun }: Step, draft: ProductDraft, line: number): Promise<Outcome> {
  try {
    const created = await db.write(async (tx) => {
      const saved = await saveProduct(tx, {
        product: draft,
        stockReason: 'import',
        act: { actor: SYSTEM, requestId: null, at: new Date() },
      });
      record(tx, saved.event);
      if (dryRun) throw new Rehearsed(saved.created);
      return saved.created;
    });
    return { kind: created ? 'created' : 'updated', draft };
  } catch (error) {
    if (error instanceof Rehearsed) return { kind: error.created ? 'created' : 'updated', draft };
    return failed(line, reasonOf(error));
  }
}

/** Ends the transaction of a dry run, so that nothing of it stays. */
class Rehearsed extends Error {
  readonly created: boolean;

  constructor(created: boolean) {
    super('dry run');
    this.created = created;
  }
}

/** Why this product cannot be saved; whatever else goes wrong ends the import. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError && PRODUCT_REFUSALS.has(error.code)) return error.message;
  const constraint = violatedConstraint(error);
  if (constraint === null) throw error;
  return `breaks the rule ${constraint}`;
}

const PRODUCT_REFUSALS: ReadonlySet<string> = new Set(['VALIDATION_FAILED', 'SLUG_TAKEN']);

function failed(line: number, reason: string): Outcome {
  return { kind: 'failed', problems: [{ line, reason }] };
}
