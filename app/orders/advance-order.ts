import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { writeAudit, type Actor } from '#core/security/audit.ts';
import { availabilityTurned } from '../stock/availability-turned.ts';
import { refusal } from '../errors.ts';
import { clawBackPoints } from '../loyalty/claw-back-points.ts';
import { earnPoints } from '../loyalty/earn-points.ts';
import { pointsUpdated } from '../loyalty/loyalty-events.ts';
import { giveBack, type GivenBack } from './give-back.ts';
import { allowedNext, isFinal, missingFor, shippingStatusFor, stampOf, type Move } from './order.ts';
import { orderChanged } from './order-changed.ts';
import { orderMoved } from './order-events.ts';
import { boardOrder } from './order-projection.ts';
import { orderByPublicId, type OrderRow } from './order-queries.ts';
import { movePlace, refuseWrongPromise, slotAt } from './move-promise.ts';
import { isPaidByHand } from './payment-status.ts';
import { lockRefundableOrder } from './refundable-order.ts';
import { reserveRefund } from './reserve-refund.ts';

export interface Advance extends Move {
  readonly publicId: string;
  /** The version that the person was looking at. */
  readonly version: number;
  readonly trackingUrl: string | null;
  /** When it will be ready instead of when it was promised; for whoever accepts it. */
  readonly promisedAt?: Date | null;
  readonly actor: Actor;
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * Moves an order to its next status, or cancels it. Refuses ORDER_CHANGED when someone else was first, ORDER_CANNOT_ADVANCE for a step
 * the table does not have, TRACKING_CODE_REQUIRED and REASON_REQUIRED. What a cancelled order took goes back, what a provider took for it is
 * promised back, and what a completed one earns is given, in the same transaction.
 */
export async function advanceOrder(tx: TenantTx<StoreTenant>, advance: Advance): Promise<OrderRow> {
  const before = await orderByPublicId(tx, advance.publicId);
  refuseUnlessPossible(before, advance);
  await compareAndSet(tx, before, advance);
  if (advance.promisedAt) await movePlace(tx, before, advance.promisedAt);
  const { restocked, balance } = await consequencesOf(tx, before, advance);
  const after = await orderByPublicId(tx, advance.publicId);
  await writeAudit(tx, auditOf(before, after, advance));
  const occasion = { storeId: tx.tenant.storeId, actor: advance.actor, at: advance.now };
  const onShelf = await availabilityTurned(tx, { variantIds: restocked, soldOut: false, ...occasion });
  const points = balance ? [pointsUpdated(balance, occasion)] : [];
  record(tx, ...orderMoved(before, after, occasion), ...onShelf, ...points);
  return after;
}

/** A cancelled order gives back what it took; one that reaches its customer earns points. */
async function consequencesOf(
  tx: TenantTx<StoreTenant>,
  order: OrderRow,
  advance: Advance,
): Promise<GivenBack> {
  const { status, now } = advance;
  if (status === 'cancelled') return cancelled(tx, order, advance);
  const earned = isFinal(status) ? await earnPoints(tx, order, now) : null;
  const balance = earned && order.refunded_cents > 0 ? await withoutRefunded(tx, order, now) : null;
  return { restocked: [], balance: balance ?? earned };
}

/** What went back before the order was handed over has earned nothing. */
function withoutRefunded(tx: TenantTx<StoreTenant>, order: OrderRow, at: Date) {
  const { id: orderId, customer_id: customerId } = order;
  const { refunded_cents: refundedCents, total_cents: totalCents } = order;
  return clawBackPoints(tx, { orderId, customerId, refundedCents, totalCents, at });
}

async function cancelled(tx: TenantTx<StoreTenant>, order: OrderRow, advance: Advance): Promise<GivenBack> {
  if (!isPaidByHand(order.payment_method)) await promiseRest(tx, advance);
  return giveBack(tx, order, advance.now);
}

/** Everything that was paid and has not been promised back yet; the provider is asked for it after COMMIT. */
async function promiseRest(
  tx: TenantTx<StoreTenant>,
  { publicId, reason, actor, now }: Advance,
): Promise<void> {
  const order = await lockRefundableOrder(tx, publicId);
  const amountCents = order.total_cents - order.refunded_cents;
  if (amountCents === 0) return;
  await reserveRefund(tx, order, {
    amountCents,
    reason: reason ?? '',
    restock: false,
    lines: [],
    actor,
    now,
    unattended: true,
  });
}

function refuseUnlessPossible(order: OrderRow, advance: Advance): void {
  if (order.version !== advance.version) throw orderChanged(order, advance.version);
  const allowed = allowedNext(order.fulfilment_type, order.status);
  if (!allowed.includes(advance.status)) {
    throw refusal(
      'ORDER_CANNOT_ADVANCE',
      `Order #${order.number} is ${order.status}; expected one of ${allowed.join(', ') || 'none'}, received ${advance.status}.`,
      {
        from: order.status,
        to: advance.status,
        allowed,
        order: boardOrder(order),
      },
    );
  }
  const missing = missingFor(advance);
  if (missing === 'tracking_code')
    throw refusal('TRACKING_CODE_REQUIRED', 'A shipped order needs a tracking code.', fieldError(missing));
  if (missing === 'reason')
    throw refusal('REASON_REQUIRED', 'A cancellation needs a reason.', fieldError(missing));
  if (advance.promisedAt) refuseWrongPromise(order, advance, advance.promisedAt);
}

/** The row lock comes with the update: of two who read the same version, the second finds no row. */
async function compareAndSet(tx: TenantTx<StoreTenant>, order: OrderRow, advance: Advance): Promise<void> {
  const { sql, tenant } = tx;
  const stamp = stampOf(order.fulfilment_type, advance.status);
  const shippingStatus = shippingStatusFor(order.fulfilment_type, advance.status);
  const updated = await sql`
    UPDATE orders SET status = ${advance.status}, version = version + 1, ${sql(stamp)} = ${advance.now},
      shipping_status = ${shippingStatus === undefined ? order.shipping_status : shippingStatus},
      promised_at = coalesce(${advance.promisedAt ?? null}, promised_at),
      slot_at = coalesce(${order.slot_at && advance.promisedAt ? slotAt(advance.promisedAt) : null}, slot_at),
      tracking_code = coalesce(${advance.status === 'shipped' ? advance.trackingCode : null}, tracking_code),
      tracking_url = coalesce(${advance.status === 'shipped' ? advance.trackingUrl : null}, tracking_url),
      cancel_reason = ${advance.status === 'cancelled' ? advance.reason : null},
      handled_by = coalesce(${advance.actor.kind === 'staff' ? advance.actor.id : null}, handled_by)
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${order.id} AND version = ${order.version}`;
  if (updated.count === 0) throw orderChanged(await orderByPublicId(tx, order.public_id), advance.version);
}

function fieldError(field: string) {
  return { errors: { [field]: ['is required'] } };
}

function auditOf(before: OrderRow, after: OrderRow, { actor, requestId, now, promisedAt }: Advance) {
  return {
    actor,
    action: `order.${after.status}`,
    entity: 'order',
    entityId: after.id,
    requestId,
    at: now,
    before: {
      status: before.status,
      version: before.version,
    },
    after: {
      status: after.status,
      version: after.version,
      ...(promisedAt && { promised_at: promisedAt.toISOString() }),
    },
  };
}
