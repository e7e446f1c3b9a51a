import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { idBehind, opaqueId, type VariantId } from '#core/values/ids.ts';
import { pageOf } from '#core/values/page.ts';
import { refusal } from '../errors.ts';
import type { StockLevel } from '../catalog/stock-level.ts';
import type { Stock, StockChange } from './stock-view.ts';

/** The variant behind an opaque id. Refuses VARIANT_NOT_FOUND for one that the store does not have, whoever else has it. */
export async function variantInStore(tx: TenantTx<StoreTenant>, opaque: string): Promise<VariantId> {
  const { sql, tenant } = tx;
  const id = idBehind<VariantId>('va', opaque);
  const [row] = await sql`
    SELECT FROM variants v JOIN products p ON p.merchant_id = v.merchant_id AND p.id = v.product_id
    WHERE v.merchant_id = ${tenant.merchantId} AND v.id = ${id} AND v.archived_at IS NULL
      AND (p.store_id IS NULL OR p.store_id = ${tenant.storeId})`;
  if (id === null || !row)
    throw refusal('VARIANT_NOT_FOUND', 'There is no variant with this id at this store.');
  return id;
}

/** The variant's level, made when there is none and locked until COMMIT, with the sum of its ledger. */
export async function lockedLevel(
  { sql, tenant }: TenantTx<StoreTenant>,
  variantId: VariantId,
): Promise<StockLevel & { readonly ledgerSum: number }> {
  const { merchantId, storeId } = tenant;
  await sql`
    INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity) VALUES (${merchantId}, ${storeId}, ${variantId}, NULL)
    ON CONFLICT DO NOTHING`;
  await sql`
    SELECT FROM stock_levels WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = ${variantId} FOR NO KEY UPDATE`;
  const [row] = await sql<(StockLevel & { ledgerSum: number })[]>`
    SELECT variant_id AS "variantId", quantity AS stock, low_threshold AS "lowThreshold", backorder,
      (SELECT coalesce(sum(delta), 0)::int FROM stock_ledger
        WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = ${variantId}) AS "ledgerSum"
    FROM stock_levels WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = ${variantId}`;
  if (!row) throw new Error('stock: the insert left no level');
  return row;
}

/** The variant's level with a page of its ledger, newest first. */
export async function stockWithLedger(
  tx: TenantTx<StoreTenant>,
  variantId: VariantId,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
) {
  const { sql, tenant } = tx;
  const [level] = await sql<StockLevel[]>`
    SELECT variant_id AS "variantId", quantity AS stock, low_threshold AS "lowThreshold", backorder FROM stock_levels
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ${variantId}`;
  const rows = await sql<LedgerRow[]>`
    SELECT l.id, l.delta, l.reason, l.note, l.at, o.number, s.name AS by FROM stock_ledger l
      LEFT JOIN orders o ON o.merchant_id = l.merchant_id AND o.store_id = l.store_id AND o.id = l.order_id
      LEFT JOIN staff s ON s.merchant_id = l.merchant_id AND l.actor_kind = 'staff' AND s.id = l.actor_id
    WHERE l.merchant_id = ${tenant.merchantId} AND l.store_id = ${tenant.storeId} AND l.variant_id = ${variantId}
      ${cursor === undefined ? sql`` : sql`AND l.id < ${cursor}`}
    ORDER BY l.id DESC LIMIT ${limit + 1}`;
  return {
    ...projectStock(level ?? { variantId, stock: null, lowThreshold: null, backorder: false }),
    ledger: pageOf(rows, { limit, view: projectChange, cursorOf: ({ id }) => String(id) }),
  };
}

export function projectStock({ variantId, stock, lowThreshold, backorder }: StockLevel): Stock {
  return {
    variant_id: opaqueId('va', variantId),
    counted: stock !== null,
    quantity: stock,
    low_threshold: lowThreshold,
    backorder,
  };
}

interface LedgerRow {
  readonly id: number;
  readonly delta: number;
  readonly reason: string;
  readonly note: string | null;
  readonly at: Date;
  readonly number: number | null;
  readonly by: string | null;
}

function projectChange({ id, number, at, ...row }: LedgerRow): StockChange {
  return {
    ...row,
    id: opaqueId('sl', id),
    order_number: number === null ? null : `#${number}`,
    at: at.toISOString(),
  };
}
