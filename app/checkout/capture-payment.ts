import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { ShippingMethodId, VariantId } from '#core/values/ids.ts';
import { lockCustomer } from '../customers/lock-customer.ts';
import type { StockLevel } from '../catalog/stock-level.ts';
import { piecesTaken, type NewOrder } from './insert-order.ts';
import { movePayment } from '../payments/change-payment.ts';
import { releaseHold } from '../payments/hold-payment.ts';
import type { PaymentOutcome } from '../payments/payment-provider.ts';
import { lockPayment, type PaymentId, type PaymentRow } from '../payments/payment-queries.ts';
import type { Shelf } from './left-on-shelves.ts';
import { writeOrder } from './write-order.ts';

export interface CapturePayment {
  readonly id: PaymentId;
  readonly paid: Extract<PaymentOutcome, { kind: 'paid' }>;
  readonly requestId: string | null;
  readonly now: Date;
}

/** Thrown when a payment was made for an order that can no longer be written: the money must go back. */
export class OrderImpossible extends Error {
  readonly failure: string;

  constructor(failure: string) {
    super(`the paid order cannot be written: ${failure}`);
    this.failure = failure;
  }
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
  const order = await thawed(tx, payment, input);
  if (order.points || order.promotion) await lockCustomer(tx, order.customerId);
  const demand = demandOf(order);
  await stockOf(tx, demand);
  if (payment.state === 'pending') await releaseHold(tx, id, now);
  const shelves = leftAfter(demand, await stockOf(tx, demand));
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

type Demand = ReadonlyMap<VariantId, number>;

function demandOf(order: NewOrder): Demand {
  const byVariant = Map.groupBy(piecesTaken(order), ({ variantId }) => variantId);
  return new Map(
    [...byVariant].map(([id, same]) => [id, same.reduce((sum, { quantity }) => sum + quantity, 0)]),
  );
}

/** Locks the levels, in the order of variants, as everywhere; answers what they are. Those that are no longer counted are always enough. */
async function stockOf(
  { sql, tenant }: TenantTx<StoreTenant>,
  demand: Demand,
): Promise<(StockLevel & { readonly stock: number })[]> {
  if (demand.size === 0) return [];
  return sql<(StockLevel & { readonly stock: number })[]>`
    SELECT variant_id AS "variantId", quantity AS stock, low_threshold AS "lowThreshold", backorder FROM stock_levels
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ANY(${[...demand.keys()]}::bigint[])
      AND quantity IS NOT NULL
    ORDER BY variant_id FOR NO KEY UPDATE`;
}

function leftAfter(demand: Demand, levels: Awaited<ReturnType<typeof stockOf>>): Shelf[] {
  const shelves = levels.map((level) => ({ level, left: level.stock - (demand.get(level.variantId) ?? 0) }));
  if (shelves.some(({ left }) => left < 0)) throw new OrderImpossible('sold_out');
  return shelves;
}
