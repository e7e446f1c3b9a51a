import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { slotTaking } from '../opening/store-slots.ts';
import type { NewOrder } from './insert-order.ts';

/** Parts of the statement that writes an order (see insert-order.ts), for orders that have them: each refers to its row as `placed`. */

/** Lists the taxes. */
export function taxesWritten({ sql, tenant }: TenantTx<StoreTenant>, { taxes }: NewOrder) {
  if (taxes.length === 0) return sql``;
  const rows = taxes.map(({ name, rateMillipercent, netCents, taxCents }) => ({
    name,
    rate_millipercent: rateMillipercent,
    net_cents: netCents,
    tax_cents: taxCents,
  }));
  return sql`, taxed AS (
    INSERT INTO order_taxes (merchant_id, store_id, order_id, name, rate_millipercent, net_cents, tax_cents)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, placed.id, name, rate_millipercent, net_cents, tax_cents
    FROM placed, jsonb_to_recordset(${sql.json(rows)}) AS tax (name text, rate_millipercent int, net_cents bigint, tax_cents bigint)
  )`;
}

/**
 * Takes a use of the code, if one is left once whoever holds its row has ended: PostgreSQL looks at that limit again after waiting. The uses
 * of a customer are counted as they were before, so where they are limited the caller has locked the customer.
 */
export function promotionUsed(
  { sql, tenant }: TenantTx<StoreTenant>,
  { promotion, customerId, placedAt }: NewOrder,
) {
  if (!promotion) return sql``;
  return sql`, used AS (
    UPDATE promotions SET uses = uses + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${promotion.id}
      AND (uses_max IS NULL OR uses < uses_max)
      AND (uses_per_customer_max IS NULL OR uses_per_customer_max > (
        SELECT count(*) FROM promotion_redemptions r WHERE r.merchant_id = ${tenant.merchantId} AND r.store_id = ${tenant.storeId}
          AND r.promotion_id = ${promotion.id} AND r.customer_id = ${customerId} AND r.released_at IS NULL))
    RETURNING id
  ), redeemed AS (
    INSERT INTO promotion_redemptions (merchant_id, store_id, order_id, promotion_id, customer_id, at)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, placed.id, used.id, ${customerId}, ${placedAt} FROM placed, used
  )`;
}

/** Takes the points from the customer, if there are enough. */
export function pointsSpent(
  { sql, tenant }: TenantTx<StoreTenant>,
  { points, customerId, placedAt }: NewOrder,
) {
  if (!points) return sql``;
  return sql`, spent AS (
    UPDATE customers SET loyalty_points = loyalty_points - ${points.spent}::int, loyalty_version = loyalty_version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId} AND loyalty_points >= ${points.spent}::int
    RETURNING public_id, loyalty_points AS points, loyalty_version AS version
  ), points_ledger AS (
    INSERT INTO loyalty_ledger (merchant_id, customer_id, store_id, order_id, delta, reason, at)
    SELECT ${tenant.merchantId}, ${customerId}, ${tenant.storeId}, placed.id, -${points.spent}::int, 'redeemed', ${placedAt} FROM placed, spent
  )`;
}

/** Takes a place in the slot, before anything else: without one nothing is written. */
export function slotTaken(tx: TenantTx<StoreTenant>, { slot }: NewOrder) {
  if (!slot || slot.isHeld) return tx.sql``;
  return tx.sql`slot AS (${slotTaking(tx, slot)} RETURNING 1),`;
}

/** Makes what follows depend on the place. */
export function fromSlot({ sql }: TenantTx<StoreTenant>, { slot }: NewOrder) {
  return slot && !slot.isHeld ? sql`FROM slot` : sql``;
}
