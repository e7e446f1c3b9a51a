import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { VariantId } from '#core/values/ids.ts';
import type { PointsBalance } from '../loyalty/loyalty-events.ts';
import { movePoints } from '../loyalty/move-points.ts';
import { releasePromotion } from '../promotions/release-promotion.ts';
import { releaseSlot } from '../opening/store-slots.ts';
import type { OrderRow } from './order-queries.ts';
import { restock } from './restock.ts';

export interface GivenBack {
  /** Variants that were sold out until now. */
  readonly restocked: readonly VariantId[];
  /** The customer's points after those that the order had spent came back; null when it had spent none. */
  readonly balance: PointsBalance | null;
}

type Taken = Pick<OrderRow, 'id' | 'customer_id' | 'loyalty_points_spent' | 'promotion_code' | 'slot_at'>;

/**
 * Gives back what an order that will not be took: points, stock, its time, the use of a code. In the order in which checkout locks them; the caller
 * has locked the order.
 */
export async function giveBack(
  tx: TenantTx<StoreTenant>,
  { id, customer_id, loyalty_points_spent: spent, promotion_code, slot_at }: Taken,
  at: Date,
): Promise<GivenBack> {
  const returned = {
    customerId: customer_id,
    delta: spent,
    reason: 'returned',
    orderId: id,
    note: null,
    at,
  } as const;
  const balance = spent > 0 ? await movePoints(tx, returned) : null;
  const restocked = await restock(tx, id, at);
  if (slot_at) await releaseSlot(tx, slot_at);
  if (promotion_code !== null) await releasePromotion(tx, { orderId: id }, at);
  return { restocked, balance };
}
