import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';

export type StockReason = 'initial' | 'import' | 'adjustment';

export interface CountedVariant {
  readonly id: VariantId;
  /** Pieces in the store; null when they are not counted. */
  readonly stock: number | null;
}

interface Count {
  readonly reason: StockReason;
  readonly at: Date;
}

/** Sets what the store has of the variants, with the difference in the ledger. Levels are locked in the order of variants, as everywhere. */
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
  await stopCounting(
    tx,
    variants.filter(({ stock }) => stock === null).map(({ id }) => id),
  );
  if (counted.length > 0) await setLevels(tx, counted, count);
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
      SELECT * FROM jsonb_to_recordset(${sql.json(counted as never)}) AS variant (id bigint, stock int)
    ), known AS MATERIALIZED (
      SELECT variant_id AS id, quantity FROM stock_levels
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id IN (SELECT id FROM given)
      ORDER BY variant_id FOR NO KEY UPDATE
    ), changes AS MATERIALIZED (
      SELECT id, stock, quantity, stock - coalesce(quantity, (SELECT sum(delta) FROM stock_ledger
        WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = known.id), 0)::int AS delta
      FROM given LEFT JOIN known USING (id)
    ), kept AS (
      INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity)
      SELECT ${merchantId}::bigint, ${storeId}::bigint, id, stock FROM changes WHERE delta <> 0 OR quantity IS NULL ORDER BY id
      ON CONFLICT (merchant_id, store_id, variant_id) DO UPDATE SET quantity = excluded.quantity
    )
    INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason, at)
    SELECT ${merchantId}, ${storeId}, id, delta, ${reason}, ${at} FROM changes WHERE delta <> 0 ORDER BY id`;
}
