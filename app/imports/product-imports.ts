import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { writeAudit, type Actor } from '#core/security/audit.ts';
import { idBehind, opaqueId } from '#core/values/ids.ts';
import type { Brand } from '#core/values/brand.ts';
import { refusal } from '../errors.ts';
import { importProgressed } from './import-events.ts';
import type { ImportProgress, ImportReport, ImportState, ProductImport } from './import-view.ts';

export type ImportId = Brand<number, 'ImportId'>;

/** So many files of a store are kept; an older one goes when another comes. */
const IMPORTS_KEPT = 20;
/** How long an import counts as running after its process was last heard of, in seconds. */
const LEASE_S = 30;

/** An import as it is read. */
export interface ImportRow extends ImportProgress {
  readonly id: ImportId;
  readonly version: number;
  readonly attempt: number;
  /** The name of its file in the data folder, without ending. */
  readonly file: string;
  readonly file_name: string;
  readonly dry_run: boolean;
  readonly state: ImportState;
  readonly problems: ImportReport['problems'];
  readonly failure: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** Who wants it, for the audit log. */
export interface ImportAct {
  readonly actor: Actor;
  readonly requestId: string | null;
}

export interface NewImport {
  readonly file: string;
  readonly fileName: string;
  readonly dryRun: boolean;
}

/** The import behind an opaque id. Refuses IMPORT_NOT_FOUND, for another store's as for one that does not exist. */
export async function importById(tx: TenantTx<StoreTenant>, opaque: string): Promise<ImportRow> {
  const id = idBehind<ImportId>('im', opaque);
  const [row] = id === null ? [] : await importRows(tx, id);
  if (!row) throw refusal('IMPORT_NOT_FOUND', 'There is no import with this id at this store.');
  return row;
}

/** Those that are kept, newest first. */
export function recentImports(tx: TenantTx<StoreTenant>): Promise<ImportRow[]> {
  return importRows(tx, null);
}

/** An import whose process died is broken off, whether or not anybody has marked it. */
async function importRows({ sql, tenant }: TenantTx<StoreTenant>, id: ImportId | null): Promise<ImportRow[]> {
  return sql<ImportRow[]>`
    SELECT id, version, attempt, file, file_name, dry_run, products, created, updated, failed, line, problems, failure, created_at,
      CASE WHEN lease_until < now() THEN 'broken_off' ELSE state END AS state,
      CASE WHEN lease_until < now() THEN lease_until ELSE finished_at END AS finished_at
    FROM product_imports WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      ${id === null ? sql`` : sql`AND id = ${id}`} ORDER BY id DESC LIMIT ${IMPORTS_KEPT}`;
}

/** Makes a running import; answers it with the files of those that go for it. A second one at a time breaks product_imports_one_at_a_time. */
export async function beginImport(
  tx: TenantTx<StoreTenant>,
  { file, fileName, dryRun }: NewImport,
  act: ImportAct,
): Promise<{ row: ImportRow; gone: string[] }> {
  const { sql, tenant } = tx;
  await markDead(tx);
  const [made] = await sql<{ id: ImportId }[]>`
    INSERT INTO product_imports (merchant_id, store_id, file, file_name, dry_run, lease_until)
    VALUES (${tenant.merchantId}, ${tenant.storeId}, ${file}, ${fileName}, ${dryRun}, now() + make_interval(secs => ${LEASE_S}))
    RETURNING id`;
  const gone = await sql<{ file: string }[]>`
    DELETE FROM product_imports WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id IN (
      SELECT id FROM product_imports WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      ORDER BY id DESC OFFSET ${IMPORTS_KEPT})
    RETURNING file`;
  const [row] = made ? await importRows(tx, made.id) : [];
  if (!row) throw new Error('product import: the insert returned no row');
  await auditImport(tx, row, act, 'product_import.started');
  return { row, gone: gone.map((each) => each.file) };
}

/** Makes an import that has ended run once more, from the first line. */
export async function beginImportAgain(
  tx: TenantTx<StoreTenant>,
  opaque: string,
  act: ImportAct,
): Promise<ImportRow> {
  const { sql, tenant } = tx;
  await markDead(tx);
  const { id } = await importById(tx, opaque);
  const begun = await sql`
    UPDATE product_imports SET state = 'running', lease_until = now() + make_interval(secs => ${LEASE_S}), finished_at = NULL,
      attempt = attempt + 1, version = version + 1, products = 0, created = 0, updated = 0, failed = 0, line = 0, problems = '[]', failure = NULL
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} AND state <> 'running'`;
  if (begun.count === 0) throw importRunning();
  const [row] = await importRows(tx, id);
  if (!row) throw new Error('product import: the update left no row');
  await auditImport(tx, row, act, 'product_import.started');
  return row;
}

async function markDead({ sql, tenant }: TenantTx<StoreTenant>): Promise<void> {
  await sql`
    UPDATE product_imports SET state = 'broken_off', finished_at = lease_until, lease_until = NULL, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND lease_until < now()`;
}

/** Keeps the lease and what was done so far, and tells of it when it is news; false when the import is no longer this run's. */
export async function renewImport(
  tx: TenantTx<StoreTenant>,
  row: ImportRow,
  { done, isNews, act }: { readonly done: ImportProgress; readonly isNews: boolean; readonly act: ImportAct },
): Promise<boolean> {
  const { sql, tenant } = tx;
  const [kept] = await sql<{ version: number }[]>`
    UPDATE product_imports SET lease_until = now() + make_interval(secs => ${LEASE_S}), version = version + 1, products = ${done.products},
      created = ${done.created}, updated = ${done.updated}, failed = ${done.failed}, line = ${done.line}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${row.id} AND attempt = ${row.attempt} AND state = 'running'
    RETURNING version`;
  if (kept && isNews) record(tx, importProgressed({ ...row, ...done, ...kept }, act.actor, tenant));
  return kept !== undefined;
}

export interface ImportEnd extends ImportProgress {
  readonly state: Exclude<ImportState, 'running'>;
  readonly problems: ImportReport['problems'];
  readonly failure: string | null;
}

/** Writes what became of the import, and tells of it; nothing when it is no longer this run's. */
export async function endImport(
  tx: TenantTx<StoreTenant>,
  { id, attempt }: Pick<ImportRow, 'id' | 'attempt'>,
  end: ImportEnd,
  act: ImportAct,
): Promise<void> {
  const { sql, tenant } = tx;
  const ended = await sql`
    UPDATE product_imports SET state = ${end.state}, lease_until = NULL, finished_at = now(), version = version + 1,
      products = ${end.products}, created = ${end.created}, updated = ${end.updated}, failed = ${end.failed}, line = ${end.line},
      problems = ${sql.json(end.problems as never)}, failure = ${end.failure}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} AND attempt = ${attempt} AND state = 'running'`;
  const [row] = ended.count === 0 ? [] : await importRows(tx, id);
  if (!row) return;
  await auditImport(tx, row, act, 'product_import.ended');
  record(tx, importProgressed(row, act.actor, tenant));
}

async function auditImport(
  tx: TenantTx,
  row: ImportRow,
  act: ImportAct,
  action: 'product_import.started' | 'product_import.ended',
): Promise<void> {
  const { file_name, dry_run, state, products, created, updated, failed } = row;
  const after = { file_name, dry_run, state, products, created, updated, failed };
  await writeAudit(tx, {
    ...act,
    action,
    entity: 'product_import',
    entityId: row.id,
    before: null,
    after,
    at: new Date(),
  });
}

export function importRunning() {
  return refusal(
    'IMPORT_RUNNING',
    'An import of this store is running; another one has to wait for its end.',
  );
}

/** An import in a list, where its problems would be too much. */
export function importSummary(row: ImportRow): Omit<ProductImport, 'problems'> {
  const { problems: _, ...summary } = projectImport(row);
  return summary;
}

export function projectImport({ version: _v, attempt: _a, file: _f, ...row }: ImportRow): ProductImport {
  return {
    ...row,
    id: opaqueId('im', row.id),
    problems: [...row.problems],
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
