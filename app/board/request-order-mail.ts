import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import type { OrderId } from '#core/values/ids.ts';
import { actorName, writeAudit, type Actor } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { isDue, type OrderMail } from '../orders/order-mails.ts';
import { orderByPublicId } from '../orders/order-queries.ts';
import { refundsOfOrder, type RefundRow } from '../orders/refund-queries.ts';

interface MailRequest {
  readonly publicId: string;
  readonly mail: OrderMail;
  readonly actor: Actor;
  readonly requestId: string | null;
  readonly now: Date;
}

/**
 * Has a mail of an order sent once more, with the order as it is now. Refuses MAIL_NOT_DUE when it would not be true of it, and
 * NO_MAIL_ADDRESS when its customer gave none.
 */
export async function requestOrderMail(tx: TenantTx<StoreTenant>, request: MailRequest): Promise<void> {
  const { mail, actor, now } = request;
  const order = await orderByPublicId(tx, request.publicId);
  if (order.email === null)
    throw refusal(
      'NO_MAIL_ADDRESS',
      `Order #${order.number} has no e-mail address; call its customer instead.`,
    );
  const refund = mail === 'order_refunded' ? await newestRefund(tx, order.id) : null;
  if (!isDue(mail, order) || (mail === 'order_refunded' && !refund))
    throw refusal('MAIL_NOT_DUE', `Order #${order.number} is ${order.status}; ${mail} does not fit that.`);
  await writeAudit(tx, {
    actor,
    action: 'order.mail_requested',
    entity: 'order',
    entityId: order.id,
    requestId: request.requestId,
    at: now,
    before: null,
    after: { mail },
  });
  record(tx, {
    type: 'OrderMailRequested',
    entity: 'order',
    entityId: order.public_id,
    entityVersion: order.version,
    actor: actorName(actor),
    occurredAt: now,
    payload: { mail, ...(refund && { refund_cents: refund.amount_cents }) },
    streams: [],
  });
}

async function newestRefund(tx: TenantTx<StoreTenant>, orderId: OrderId): Promise<RefundRow | null> {
  return (await refundsOfOrder(tx, orderId)).findLast(({ state }) => state === 'done') ?? null;
}
