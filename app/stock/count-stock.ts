import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';

export type StockReason = 'initial' | 'import' | 'adjustment';

export interface CountedVariant {
  readonly id: VariantId;
  /** Pieces in the store; null when they are not counted. */
  readonly stock: number | null;
  /** Whether it is sold on when nothing is left. Absent: as it is. */
  readonly backorder?: boolean;
  /** Made by this transaction: nobody else can have counted it. */
  readonly isNew?: boolean;
}

interface Count {
  readonly reason: StockReason;
  readonly at: Date;
}

/**
 * Sets what the store has of the variants and how it sells them, with the difference in the ledger; null ends their count. Levels are locked
 * in the order of variants, as everywhere.
 */
export async function countStock(
  tx: TenantTx<Tenant>,
  variants: readonly CountedVariant[],
  count: Count,
): Promise<void> {
  const counted = variants.filter(({ stock }) => stock !== null);
  if (tx.tenant.storeId === null) {
    if (counted.length === 0) return;
    throw refusal('VALIDATION_FAILED', 'Stock is counted in a store; this product is of the whole merchant.');
  }
  await openLevels(
    tx,
    counted.filter(({ isNew }) => isNew),
    count,
  );
  const known = variants.filter(({ isNew }) => !isNew);
  if (known.length > 0) await countAgain(tx, known, count);
}

async function openLevels(
  { sql, tenant }: TenantTx<Tenant>,
  counted: readonly CountedVariant[],
  { reason, at }: Count,
): Promise<void> {
  if (counted.length === 0) return;
  const { merchantId, storeId } = tenant;
  await sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(counted as never)}) AS variant (id bigint, stock int, backorder boolean)
    ), opened AS (
      INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity, backorder)
      SELECT ${merchantId}, ${storeId}::bigint, id, stock, coalesce(backorder, false) FROM given ORDER BY id
    )
    INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason, at)
    SELECT ${merchantId}, ${storeId}, id, stock, ${reason}, ${at} FROM given WHERE stock <> 0 ORDER BY id`;
}

async function countAgain(
  tx: TenantTx<Tenant>,
  variants: readonly CountedVariant[],
  count: Count,
): Promise<void> {
  const counted = variants.filter(({ stock }) => stock !== null);
  // A statement sees what others did before it began: locked in one, the levels and their ledger are read in the next.
  await Promise.all([makeLevels(tx, counted), lockLevels(tx, variants)]);
  await stopCounting(tx, idsOf(variants.filter(({ stock }) => stock === null)));
  if (counted.length > 0) await setLevels(tx, counted, count);
}

async function makeLevels({ sql, tenant }: TenantTx, variants: readonly CountedVariant[]): Promise<void> {
  if (variants.length === 0) return;
  await sql`
    INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, id, NULL FROM unnest(${idsOf(variants)}::bigint[]) AS id ORDER BY id
    ON CONFLICT DO NOTHING`;
}

async function lockLevels({ sql, tenant }: TenantTx, variants: readonly CountedVariant[]): Promise<void> {
  await sql`
    SELECT FROM stock_levels
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ANY(${idsOf(variants)}::bigint[])
    ORDER BY variant_id FOR NO KEY UPDATE`;
}

function idsOf(variants: readonly CountedVariant[]): VariantId[] {
  return variants.map(({ id }) => id);
}

/** The ledger stays, and tells what is there when somebody counts again. */
async function stopCounting({ sql, tenant }: TenantTx, variantIds: readonly VariantId[]): Promise<void> {
  if (variantIds.length === 0) return;
  await sql`
    UPDATE stock_levels SET quantity = NULL
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ANY(${variantIds}::bigint[])
      AND quantity IS NOT NULL`;
}

async function setLevels(
  { sql, tenant }: TenantTx,
  counted: readonly CountedVariant[],
  { reason, at }: Count,
): Promise<void> {
  const { merchantId, storeId } = tenant;
  await sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(counted as never)}) AS variant (id bigint, stock int, backorder boolean)
    ), changes AS MATERIALIZED (
      SELECT id, stock, coalesce(given.backorder, s.backorder) AS backorder, stock - coalesce(quantity, (SELECT sum(delta) FROM stock_ledger l
        WHERE l.merchant_id = s.merchant_id AND l.store_id = s.store_id AND l.variant_id = s.variant_id), 0)::int AS delta
      FROM given JOIN stock_levels s ON s.variant_id = given.id
      WHERE s.merchant_id = ${merchantId} AND s.store_id = ${storeId} AND s.variant_id = ANY(${idsOf(counted)}::bigint[])
        AND (quantity, s.backorder) IS DISTINCT FROM (stock, coalesce(given.backorder, s.backorder))
    ), kept AS (
      UPDATE stock_levels SET quantity = stock, backorder = changes.backorder FROM changes
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = changes.id
        AND variant_id = ANY(${idsOf(counted)}::bigint[])
    )
    INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason, at)
    SELECT ${merchantId}, ${storeId}, id, delta, ${reason}, ${at} FROM changes WHERE delta <> 0 ORDER BY id`;
}
