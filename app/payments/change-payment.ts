import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { SYSTEM, writeAudit } from '#core/security/audit.ts';
import type { OrderId } from '#core/values/ids.ts';
import type { PaymentId, PaymentRow } from './payment-queries.ts';

const LOOK_AGAIN_MIN_MS = 30_000;
const LOOK_AGAIN_MAX_MS = 3_600_000;

/** Keeps what the provider calls the payment. False when it was closed meanwhile: then nothing may be charged. */
export async function keepReference(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: PaymentId,
  reference: string,
): Promise<boolean> {
  const kept = await sql`
    UPDATE payments SET reference = ${reference}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} AND state = 'pending'
      AND (reference IS NULL OR reference = ${reference})`;
  return kept.count === 1;
}

/** How a payment leaves a state: what the row says from then on. The caller has locked it. */
type Change =
  | { readonly state: 'closing' | 'failed' | 'stranded' | 'returned'; readonly failure: string }
  | { readonly state: 'captured'; readonly orderId: OrderId };

/** Moves a payment on, with its audit row. What it waits for next is due at once; what is final is due never. */
export async function movePayment(
  tx: TenantTx<StoreTenant>,
  before: PaymentRow,
  change: Change,
  now: Date,
): Promise<PaymentRow> {
  const { sql, tenant } = tx;
  const isFinal = change.state !== 'closing' && change.state !== 'stranded';
  const [orderId, failure] = change.state === 'captured' ? [change.orderId, null] : [null, change.failure];
  const document = change.state === 'closing' ? before.document : null;
  await sql`
    UPDATE payments SET state = ${change.state}, failure = ${failure}, order_id = ${orderId}, attempts = 0,
      settled_at = ${isFinal ? now : null}, document = CASE WHEN ${document === null} THEN NULL ELSE document END
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${before.id}`;
  await setDue(tx, before.id, isFinal ? null : now);
  await writeAudit(tx, {
    actor: SYSTEM,
    action: `payment.${change.state}`,
    entity: 'payment',
    entityId: before.id,
    before: { state: before.state },
    after: { state: change.state, failure, amount_cents: before.amount_cents },
    requestId: null,
    at: now,
  });
  return { ...before, state: change.state, failure, document, order_id: orderId, attempts: 0 };
}

/** Puts off the next look at a payment that is due, longer each time; so only one node at a time looks. */
export async function lookAgainLater(
  tx: TenantTx<StoreTenant>,
  { id, attempts, state, hold_expires_at }: PaymentRow,
  now: Date,
): Promise<void> {
  const { sql, tenant } = tx;
  const wait = Math.min(LOOK_AGAIN_MIN_MS * 2 ** attempts, LOOK_AGAIN_MAX_MS);
  const later = now.getTime() + wait;
  // A hold must not outlast its time.
  const dueMs =
    state === 'pending' ? Math.min(later, Math.max(hold_expires_at.getTime(), now.getTime())) : later;
  await sql`
    UPDATE payments SET attempts = attempts + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}`;
  await sql`
    UPDATE directory_payments SET due_at = ${new Date(dueMs)}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND payment_id = ${id} AND due_at IS NOT NULL`;
}

/** When something is to be done about the payment; null for never. */
export async function setDue(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: PaymentId,
  dueAt: Date | null,
): Promise<void> {
  await sql`
    UPDATE directory_payments SET due_at = ${dueAt}
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND payment_id = ${id}`;
}
