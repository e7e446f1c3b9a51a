import { stepsOf, type FulfilmentType, type OrderStatus } from '#app/orders/order.ts';
import type { BoardOrder } from '#app/orders/order-view.ts';

interface Sample {
  readonly number?: number;
  readonly status?: OrderStatus;
  readonly version?: number;
  readonly fulfilment?: FulfilmentType;
  readonly placedAt?: string;
  readonly promisedAt?: string | null;
  /** When it reached its present status. */
  readonly since?: string;
}

/** An order as the board gets it; by default a new one for pickup. */
export function orderSample(sample: Sample = {}): BoardOrder {
  const { number = 1001, status = 'pending', version = 1, fulfilment = 'pickup' } = sample;
  const { placedAt = '2026-11-21T01:00:00.000Z', promisedAt = null, since = placedAt } = sample;
  const first = stepsOf(fulfilment)[0]?.status ?? 'pending';
  return {
    public_id: `id-${number}`,
    order_number: `#${number}`,
    status,
    version,
    fulfilment_type: fulfilment,
    placed_at: placedAt,
    promised_at: promisedAt,
    pickup_code: null,
    timeline: [{ status: first, at: placedAt }, ...(status === first ? [] : [{ status, at: since }])],
    items: [],
    promotion_code: null,
    points_spent: 0,
    discounts: [],
    taxes: [],
    totals: {
      items_cents: 500,
      shipping_cents: 0,
      discount_cents: 0,
      tax_cents: 0,
      tax_included_cents: 0,
      total_cents: 500,
      currency: 'AUD',
    },
    customer_name: 'Ada L.',
    notes: null,
    payment_method: 'pay_at_pickup',
    payment_status: 'due',
    refunded_cents: 0,
    cancel_reason: null,
    handled_by: null,
    shipping: null,
  };
}
