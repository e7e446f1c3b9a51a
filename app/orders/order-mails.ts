import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { Matter } from '#core/events/event.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';
import { greetingName, type Links, type MailDraft, type Mailing, type MailName } from '../mail.ts';
import { storeConfig } from '../stores/store-queries.ts';
import { orderDetail, publicOrder } from './order-projection.ts';
import { orderByPublicId, type OrderRow } from './order-queries.ts';

/** Everything that a customer is written about an order. */
export const ORDER_MAILS = [
  'order_placed',
  'order_accepted',
  'order_ready',
  'order_shipped',
  'order_cancelled',
  'order_refunded',
] as const satisfies readonly MailName[];

export type OrderMail = (typeof ORDER_MAILS)[number];

/** Mails about steps that customers wait for; the steps between are for whoever looks at the tracking page. */
const MAIL_OF_STATUS: Readonly<Record<string, OrderMail>> = {
  accepted: 'order_accepted',
  ready: 'order_ready',
  shipped: 'order_shipped',
  cancelled: 'order_cancelled',
};

/** What customers are written about their orders. */
export const orderMails: Mailing = {
  name: 'order',
  concerns: (event) => mailOf(event) !== null,
  draft: async (tx, event, links) => {
    const mail = mailOf(event);
    if (mail === null) return null;
    const order = await orderByPublicId(tx as TenantTx<StoreTenant>, event.entityId);
    // Nobody wants to read that an order was accepted once it was cancelled.
    if (order.email === null || !isDue(mail, order)) return null;
    return draftOf(tx as TenantTx<StoreTenant>, { mail, order, to: order.email, event, links });
  },
};

/** Whether the mail tells the truth about the order as it is now. Whether there was a refund, the event has to know. */
export function isDue(mail: OrderMail, order: OrderRow): boolean {
  switch (mail) {
    case 'order_placed':
    case 'order_refunded':
      return true;
    case 'order_cancelled':
      return order.status === 'cancelled';
    case 'order_accepted':
      return order.accepted_at !== null && order.status !== 'cancelled';
    case 'order_ready':
      return order.ready_at !== null && order.status !== 'cancelled' && order.fulfilment_type === 'pickup';
    case 'order_shipped':
      return order.ready_at !== null && order.status !== 'cancelled' && order.fulfilment_type === 'shipping';
  }
}

function mailOf({ type, payload }: Matter): OrderMail | null {
  if (type === 'OrderCreated') return 'order_placed';
  if (type === 'OrderRefunded') return 'order_refunded';
  if (type === 'OrderMailRequested') return payload['mail'] as OrderMail;
  return MAIL_OF_STATUS[String(payload['status'])] ?? null;
}

interface Letter {
  readonly mail: OrderMail;
  readonly order: OrderRow;
  readonly to: string;
  readonly event: DeliveredEvent;
  readonly links: Links;
}

async function draftOf(
  tx: TenantTx<StoreTenant>,
  { mail, order, to, event, links }: Letter,
): Promise<MailDraft> {
  const store = await storeConfig(tx);
  const view = publicOrder(order, store);
  return {
    mail,
    to: [to],
    sender: store,
    locale: order.locale,
    subject: { number: view.order_number },
    content: {
      order: view,
      first_name: greetingName(order.first_name),
      ship_to: orderDetail(order, { history: [], refunds: [], notes: [] }).address,
      refund_cents: event.payload['refund_cents'] ?? null,
      tracking_url: `${links.publicUrl}/o/${order.public_id}`,
    },
    about: `order ${view.order_number}`,
  };
}
