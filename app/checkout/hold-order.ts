import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { newToken } from '#core/values/ids.ts';
import { availabilityTurned } from '../stock/availability-turned.ts';
import { piecesTaken } from './insert-order.ts';
import { orderByPublicId } from '../orders/order-queries.ts';
import { holdPayment } from '../payments/hold-payment.ts';
import { methodUnavailable, type PaymentProvider } from '../payments/payment-provider.ts';
import { paymentById, paymentForOrder, type PaymentRow } from '../payments/payment-queries.ts';
import type { PlacedOrder } from './checkout-schemas.ts';
import { decideOrder, type PlaceOrder } from './decide-order.ts';
import { slotTaken } from '../opening/pickup-promise.ts';
import { holdUse } from '../promotions/take-use.ts';
import { takeSlot } from '../opening/store-slots.ts';
import { leftOnShelves, soldOutBy } from './left-on-shelves.ts';
import { toldAgain, writeOrder } from './write-order.ts';

export interface HoldOrder extends PlaceOrder {
  /** Null when the merchant does not offer it: what was made before under the key is answered all the same. */
  readonly provider: Pick<PaymentProvider, 'method' | 'account'> | null;
}

/** Either an order, because there was nothing to pay or it was paid before; or the payment that is to bring it about. */
export type HeldOrder = { readonly placed: PlacedOrder } | { readonly payment: PaymentRow };

/**
 * The first of the two transactions of an order that a provider is paid for: decides it, once per idempotency key, takes its stock, its time and the
 * use of its code into a hold and keeps the order, as it was priced, with a payment that is about to be made.
 */
export async function holdOrder(tx: TenantTx<StoreTenant>, input: HoldOrder): Promise<HeldOrder> {
  const decided = await decideOrder(tx, input);
  if (!decided.first) return madeBefore(tx, decided.publicId);
  const { provider, now } = input;
  const { order, lines } = decided;
  if (!provider) throw methodUnavailable(order.paymentMethod);
  const shelves = leftOnShelves(lines);
  if (order.totals.totalCents === 0) {
    const { row, events } = await writeOrder(tx, order, shelves);
    record(tx, ...decided.events, ...events);
    return { placed: toldAgain(row) };
  }
  const { slot } = order;
  if (slot && !(await takeSlot(tx, slot))) throw slotTaken(slot.next);
  const id = await holdPayment(tx, {
    token: newToken(),
    orderToken: order.publicId,
    method: provider.method,
    account: provider.account,
    amountCents: order.totals.totalCents,
    currency: order.currency,
    document: order,
    pieces: piecesTaken(order),
    now,
  });
  const { promotion, customerId } = order;
  if (promotion) await holdUse(tx, { promotionId: promotion.id, customerId, paymentId: id, at: now });
  // Nothing is sold yet, so nobody is told that it is; but the shelf is empty until it is known.
  const actor = { kind: 'customer', id: order.customerId } as const;
  const onShelf = await availabilityTurned(tx, {
    variantIds: soldOutBy(shelves),
    soldOut: false,
    actor,
    at: now,
  });
  record(tx, ...decided.events, ...onShelf);
  return { payment: await paymentById(tx, id) };
}

async function madeBefore(tx: TenantTx<StoreTenant>, publicId: string): Promise<HeldOrder> {
  const payment = await paymentForOrder(tx, publicId);
  if (payment && payment.state !== 'captured') return { payment };
  return { placed: toldAgain(await orderByPublicId(tx, publicId)) };
}
