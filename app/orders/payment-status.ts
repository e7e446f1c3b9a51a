import { isFinal, type OrderStatus } from './order.ts';
import type { BoardOrder } from './order-view.ts';

interface Paid {
  readonly payment_method: string;
  readonly status: OrderStatus;
  readonly total_cents: number;
  readonly refunded_cents: number;
}

const BY_HAND: ReadonlySet<string> = new Set(['pay_at_pickup', 'manual']);

/** Whether the money passes by without the server: over the counter, or by transfer. */
export function isPaidByHand(paymentMethod: string): boolean {
  return BY_HAND.has(paymentMethod);
}

/** An order that a provider was to be paid for exists only once it was; one that is paid by hand counts as paid when it is handed over. */
export function paymentStatus({
  payment_method,
  status,
  total_cents,
  refunded_cents,
}: Paid): BoardOrder['payment_status'] {
  if (refunded_cents > 0) return refunded_cents === total_cents ? 'refunded' : 'partly_refunded';
  if (!isPaidByHand(payment_method)) return 'paid';
  if (status === 'cancelled') return 'void';
  return isFinal(status) ? 'paid' : 'due';
}
