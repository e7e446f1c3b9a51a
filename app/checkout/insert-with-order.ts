import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { useTaking } from '../promotions/take-use.ts';
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

/** Takes a use of the code, or turns the one that the payment held into the order's. */
export function promotionUsed(tx: TenantTx<StoreTenant>, { promotion, customerId, placedAt }: NewOrder) {
  if (!promotion) return tx.sql``;
  const { sql, tenant } = tx;
  const { id: promotionId, heldBy } = promotion;
  if (heldBy)
    return sql`, used AS (
      UPDATE promotion_redemptions AS held SET order_id = placed.id FROM placed
      WHERE held.merchant_id = ${tenant.merchantId} AND held.store_id = ${tenant.storeId} AND held.payment_id = ${heldBy}
        AND held.released_at IS NULL
      RETURNING held.id
    )`;
  return sql`, used AS (${useTaking(tx, { promotionId, customerId })}), redeemed AS (
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
