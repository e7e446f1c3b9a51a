import type { Readable } from 'node:stream';
import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM, type Actor } from '#core/security/audit.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { decimalsOf } from '#core/values/minor-units.ts';
import { withAbsentColumns } from './absent-columns.ts';
import { productsCalled } from './export-queries.ts';
import type { FailedRows } from './failed-rows.ts';
import type { ImportProgress, ImportReport } from './import-view.ts';
import type { ProductDraft } from '../catalog/product.ts';
import { slugOf } from '../catalog/slug.ts';
import { saveProducts } from '../products/save-product.ts';
import { sameGoods } from './renamed-handles.ts';
import type { LineProblem } from './shopify-cells.ts';
import { PRODUCT_ROWS_MAX, shopifyProducts, type CsvGroup } from './shopify-csv.ts';
import { readProduct } from './shopify-product.ts';
import { saysNothingNew } from './unchanged-products.ts';

export interface ImportProducts {
  readonly db: TenantDb<StoreTenant>;
  /** A Shopify product CSV. */
  readonly input: Readable;
  /** Does everything and keeps nothing. */
  readonly dryRun: boolean;
  /** Who is told to have changed the products; the system when nobody is given. */
  readonly actor?: Actor;
  readonly requestId?: string | null;
  /** Ends the import between two transactions, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Takes the rows of the products that were left out. */
  readonly failedRows?: FailedRows;
  /** Awaited between transactions whenever the new products have doubled: for PostgreSQL to count what it has planned for as nearly empty. */
  readonly onGrown?: () => Promise<void>;
  /** Awaited after each transaction. */
  readonly onProgress?: (progress: ImportProgress) => void | Promise<void>;
}

/** So many rows go into one transaction, for the price of a few statements; it keeps a checkout of the same variants waiting for a tenth of a second. */
const BATCH_ROWS_MAX = 200;
/** More problems than this are counted and no longer listed. */
const PROBLEMS_MAX = 10_000;
/** A product of the file that can be saved. */
interface Candidate {
  readonly group: CsvGroup;
  readonly line: number;
  readonly draft: ProductDraft;
}

interface Outcome extends Candidate {
  readonly created: boolean;
  /** Another product that has the same SKUs. */
  readonly twin: { readonly slug: string; readonly sku: string } | null;
}

interface Failure {
  readonly group: CsvGroup;
  readonly problems: readonly LineProblem[];
}

/**
 * Takes the products of a CSV into the store, each whole or not at all: a product whose lines are all good is saved, another is left as it
 * was, with a problem for every bad line. Importing again updates in place: a product is known by its handle, its variants by their option
 * values, then by their SKU. One that is as its lines say counts as updated; one of all stores is left out where its lines say anything else.
 * Refuses CATALOGUE_FILE_INVALID for a file of other columns.
 */
export async function importProducts(options: ImportProducts): Promise<ImportReport> {
  const groups = shopifyProducts(options.input);
  const decimals = decimalsOf(await options.db.read(currencyOf));
  const firstLines = new Map<string, number>();
  const run = new Run(options, firstLines);
  for await (const group of groups) {
    const read = candidateOf(group, decimals, firstLines);
    if ('draft' in read) await run.take(read);
    else await run.leaveOut(read);
  }
  await run.flush();
  return run.report();
}

async function currencyOf({ sql, tenant }: TenantTx<StoreTenant>): Promise<string> {
  const [store] = await sql<{ currency: string }[]>`
    SELECT currency FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`;
  if (!store) throw new Error(`store ${tenant.storeId} does not exist`);
  return store.currency;
}

/** `firstLines` tells where each product of the file began, by slug. */
function candidateOf(
  group: CsvGroup,
  decimals: number,
  firstLines: Map<string, number>,
): Candidate | Failure {
  if (group.broken) return { group, problems: [group.broken] };
  const line = group.rows[0]?.line ?? 0;
  if (group.isPart)
    return { group, problems: [{ line, reason: `expected at most ${PRODUCT_ROWS_MAX} rows of a product` }] };
  const slug = slugOf(group.handle);
  const before = firstLines.get(slug);
  if (before !== undefined) {
    const reason = `is "${slug}" again, whose lines begin at ${before} and must stay together`;
    return { group, problems: [{ line, reason }] };
  }
  const { draft, problems } = readProduct(group.handle, group.rows, decimals);
  if (!draft) return { group, problems };
  firstLines.set(draft.slug, line);
  return { group, line, draft };
}

/** An import under way: what waits for its transaction, and what has come of the rest. */
class Run {
  readonly #options: ImportProducts;
  readonly #tally = { products: 0, created: 0, updated: 0, failed: 0, variants: 0, options: 0 };
  readonly #problems: LineProblem[] = [];
  #batch: Candidate[] = [];
  #line = 0;
  #toldOf = 0;
  readonly #ofFile: ReadonlyMap<string, unknown>;

  /** `ofFile` holds the slugs that were read so far. */
  constructor(options: ImportProducts, ofFile: ReadonlyMap<string, unknown>) {
    this.#options = options;
    this.#ofFile = ofFile;
  }

  async take(candidate: Candidate): Promise<void> {
    this.#batch.push(candidate);
    const rows = this.#batch.reduce((sum, { group }) => sum + group.rows.length, 0);
    if (rows >= BATCH_ROWS_MAX) await this.flush();
  }

  async leaveOut({ group, problems }: Failure): Promise<void> {
    this.#tally.products += 1;
    this.#tally.failed += 1;
    this.#read(group);
    this.#tell(problems);
    await this.#options.failedRows?.add(group, problems);
  }

  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) await this.#save(batch);
    await this.#tellGrowth();
    const { products, created, updated, failed } = this.#tally;
    await this.#options.onProgress?.({ products, created, updated, failed, line: this.#line });
  }

  async #tellGrowth(): Promise<void> {
    const { created } = this.#tally;
    if (this.#options.dryRun || created === 0 || created < 2 * this.#toldOf) return;
    this.#toldOf = created;
    await this.#options.onGrown?.();
  }

  report(): ImportReport {
    const problems = this.#problems.toSorted((a, b) => a.line - b.line);
    return { dryRun: this.#options.dryRun, ...this.#tally, line: this.#line, problems };
  }

  /** Where one of them cannot be saved, the halves are tried, down to the one that is at fault. */
  async #save(batch: readonly Candidate[]): Promise<void> {
    this.#options.signal?.throwIfAborted();
    try {
      for (const outcome of await saveAtOnce(batch, this.#options)) this.#count(outcome);
    } catch (error) {
      const reason = reasonOf(error);
      const [first] = batch;
      if (!first) return;
      if (batch.length === 1)
        return this.leaveOut({ group: first.group, problems: [{ line: first.line, reason }] });
      const middle = Math.ceil(batch.length / 2);
      await this.#save(batch.slice(0, middle));
      await this.#save(batch.slice(middle));
    }
  }

  #count({ created, draft, group, line, twin }: Outcome): void {
    this.#tally.products += 1;
    this.#tally[created ? 'created' : 'updated'] += 1;
    this.#tally.variants += draft.variants.length;
    this.#tally.options += draft.options.length;
    this.#read(group);
    if (twin && !this.#ofFile.has(twin.slug))
      this.#tell([
        {
          line,
          reason: `is a new product, although "${twin.slug}" has its SKU "${twin.sku}": a changed handle?`,
        },
      ]);
  }

  #read({ rows }: CsvGroup): void {
    this.#line = Math.max(this.#line, rows.at(-1)?.line ?? 0);
  }

  #tell(problems: readonly LineProblem[]): void {
    this.#problems.push(...problems.slice(0, PROBLEMS_MAX - this.#problems.length));
  }
}

async function saveAtOnce(batch: readonly Candidate[], options: ImportProducts): Promise<Outcome[]> {
  try {
    return await options.db.write(async (tx) => {
      const outcomes = await saveChanged(tx, batch, options);
      if (options.dryRun) throw new Rehearsed(outcomes);
      return outcomes;
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcomes;
    throw error;
  }
}

async function saveChanged(
  tx: TenantTx<StoreTenant>,
  batch: readonly Candidate[],
  { actor = SYSTEM, requestId = null }: ImportProducts,
): Promise<Outcome[]> {
  const slugs = batch.map(({ draft }) => draft.slug);
  const present = new Map((await productsCalled(tx, slugs)).map((product) => [product.slug, product]));
  const products = batch
    .map(({ draft, group }) =>
      withAbsentColumns(draft, group.rows[0]?.columns ?? [], present.get(draft.slug)),
    )
    .filter((draft) => !saysNothingNew(draft, present.get(draft.slug)));
  const act = { actor, requestId, at: new Date() };
  const saved = products.length > 0 ? await saveProducts(tx, { products, stockReason: 'import', act }) : [];
  record(tx, ...saved.map(({ event }) => event));
  const made = new Map(saved.flatMap(({ id, created }, at) => (created ? [[products[at]?.slug, id]] : [])));
  const twins = await sameGoods(tx, [...made.values()]);
  return batch.map((one) => {
    const id = made.get(one.draft.slug);
    return { ...one, created: id !== undefined, twin: (id && twins.get(id)) ?? null };
  });
}

/** Ends the transaction of a dry run, so that nothing of it stays. */
class Rehearsed extends Error {
  readonly outcomes: Outcome[];

  constructor(outcomes: Outcome[]) {
    super('dry run');
    this.outcomes = outcomes;
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
