import type { TenantTx } from '#core/db/tenant.ts';
import type { DeliveredEvent } from '#core/events/listener.ts';
import { record } from '#core/events/record.ts';
import { opaqueId } from '#core/values/ids.ts';
import { storeChannel } from '../stores/store-channels.ts';
import { merchantNotificationsChannel } from './notification-channels.ts';

/** What staff are told: no personal data, an order is its number. */
export type Notice = {
  readonly kind:
    | 'order_cancelled'
    | 'sold_out'
    | 'stock_low'
    | 'shipping_rate_missing'
    | 'refund_refused'
    | 'mail_refused'
    | 'mails_failing'
    | 'webhook_paused';
  /** At most 200 characters. */
  readonly title: string;
  /** At most 1,000 characters; empty when the title says it all. */
  readonly body: string;
};

/** What the notifications channel carries. */
export type NotificationPayload = Notice & {
  /** The store's opaque id, or null for a matter of the whole merchant. */
  readonly store: string | null;
};

/** What staff are told because of. */
type Occasion = Pick<DeliveredEvent, 'id' | 'storeId' | 'occurredAt'>;

/** Tells the merchant's owners of an event, and the staff of its store, once: a second call for the same event and kind does nothing. */
export async function notify(tx: TenantTx, event: Occasion, notice: Notice): Promise<void> {
  const id = await insertOnce(tx, event, notice);
  if (id === null) return;
  const store = event.storeId === null ? null : opaqueId('st', event.storeId);
  const payload: NotificationPayload = { ...notice, store };
  record(tx, {
    type: 'NotificationCreated',
    entity: 'notification',
    entityId: opaqueId('no', id),
    entityVersion: 1,
    actor: 'system',
    occurredAt: event.occurredAt,
    payload,
    streams: channelsOf(tx, event).map((channel) => ({ channel, payload })),
  });
}

/** Owners listen to all that concerns the merchant, whoever works at a store to what concerns it. */
function channelsOf({ tenant }: TenantTx, { storeId }: Occasion): string[] {
  const ofMerchant = merchantNotificationsChannel(tenant.merchantId);
  return storeId === null ? [ofMerchant] : [ofMerchant, storeChannel(storeId, 'notifications')];
}

async function insertOnce(
  { sql, tenant }: TenantTx,
  event: Occasion,
  { kind, title, body }: Notice,
): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO notifications (merchant_id, store_id, event_id, kind, title, body, created_at)
    VALUES (${tenant.merchantId}, ${event.storeId}, ${event.id}, ${kind}, ${title}, ${body}, ${event.occurredAt})
    ON CONFLICT (merchant_id, event_id, kind) DO NOTHING
    RETURNING id`;
  return row?.id ?? null;
}
