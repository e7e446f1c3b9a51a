import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { ShippingMethodId } from '#core/values/ids.ts';
import { lockCustomer } from '../customers/lock-customer.ts';
import type { NewOrder } from './insert-order.ts';
import { movePayment } from '../payments/change-payment.ts';
import type { PaymentOutcome } from '../payments/payment-provider.ts';
import { lockPayment, type PaymentId, type PaymentRow } from '../payments/payment-queries.ts';
import { OrderImpossible, takeAnew } from './take-anew.ts';
import { writeOrder } from './write-order.ts';

export interface CapturePayment {
  readonly id: PaymentId;
  readonly paid: Extract<PaymentOutcome, { kind: 'paid' }>;
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * The second of the two transactions: writes the order that was paid for, and turns the hold into what the order took. Once: of all who learn
 * that the payment was made, the first writes the order, the others find it. Throws `OrderImpossible` when another amount was paid, or the
 * goods are gone because the hold had ended.
 */
export async function capturePayment(tx: TenantTx<StoreTenant>, input: CapturePayment): Promise<PaymentRow> {
  const { id, paid, now } = input;
  const payment = await lockPayment(tx, id);
  if (payment.state !== 'pending' && payment.state !== 'closing') return payment;
  if (paid.amountCents !== payment.amount_cents || paid.currency !== payment.currency)
    throw new OrderImpossible('amount_mismatch');
  const kept = await thawed(tx, payment, input);
  if (kept.points || kept.promotion) await lockCustomer(tx, kept.customerId);
  const { order, shelves } = await takeAnew(tx, kept, payment, now);
  const { row, events } = await writeOrder(tx, order, shelves);
  const captured = await movePayment(tx, payment, { state: 'captured', orderId: row.id }, now);
  record(tx, ...events);
  return captured;
}

/** The order as it was kept, placed now. A shipping method that was deleted meanwhile remains by its name. */
async function thawed(
  tx: TenantTx<StoreTenant>,
  { id, document, state }: PaymentRow,
  { requestId, now }: CapturePayment,
): Promise<NewOrder> {
  const kept = document as Omit<NewOrder, 'promisedAt'> & { readonly promisedAt: string | null };
  const { shippingMethod: method, slot, promotion } = kept;
  const isHeld = state === 'pending';
  const stays = method?.id ? await methodStays(tx, method.id) : false;
  return {
    ...kept,
    requestId,
    placedAt: now,
    promisedAt: kept.promisedAt === null ? null : new Date(kept.promisedAt),
    // Once the hold has ended another may have the time; who has paid gets it too. Of a code there may be no use left.
    slot: slot && { ...slot, at: new Date(slot.at), capacity: null, isHeld },
    promotion: promotion && { ...promotion, heldBy: isHeld ? id : null },
    shippingMethod: method && (stays ? method : { id: null, label: method.label }),
  };
}

async function methodStays({ sql, tenant }: TenantTx<StoreTenant>, id: ShippingMethodId): Promise<boolean> {
  const [method] = await sql`
    SELECT FROM shipping_methods
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} FOR KEY SHARE`;
  return method !== undefined;
}
