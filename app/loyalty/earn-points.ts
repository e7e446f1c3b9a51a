import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId, OrderId } from '#core/values/ids.ts';
import { decimalsOf } from '#core/values/minor-units.ts';
import type { PointsBalance } from './loyalty-events.ts';
import { currentProgramme } from './loyalty-queries.ts';
import { pointsEarned } from './loyalty-rules.ts';
import { movePoints } from './move-points.ts';

interface PaidOrder {
  readonly id: OrderId;
  readonly customer_id: CustomerId;
  readonly items_cents: number;
  readonly currency: string;
}

/** Gives the customer the points of an order that was paid and handed over; null when it earns none. The ledger takes them once an order. */
export async function earnPoints(
  tx: TenantTx<StoreTenant>,
  { id, customer_id, items_cents, currency }: PaidOrder,
  at: Date,
): Promise<PointsBalance | null> {
  const programme = await currentProgramme(tx);
  if (!programme?.active) return null;
  const delta = pointsEarned(items_cents, decimalsOf(currency), programme);
  if (delta === 0) return null;
  return movePoints(tx, {
    customerId: customer_id,
    delta,
    reason: 'earned',
    orderId: id,
    note: null,
    at,
  });
}
