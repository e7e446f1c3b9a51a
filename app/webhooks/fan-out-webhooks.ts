import type { DeliveredEvent, InwardListener } from '#core/events/listener.ts';
import { opaqueId } from '#core/values/ids.ts';

/** Puts an event into the queue of each endpoint that asked for its type. The calls are the webhook worker's. */
export const fanOutWebhooks: InwardListener = {
  name: 'fan_out_webhooks',
  bySubscription: true,
  handle: async ({ sql, tenant }, event) => {
    await sql`
      INSERT INTO webhook_deliveries (merchant_id, endpoint_id, event_id, event_type, body)
      SELECT merchant_id, id, ${event.id}, ${event.type}, ${JSON.stringify(bodyOf(event))} FROM webhook_endpoints
      WHERE merchant_id = ${tenant.merchantId} AND active AND paused_at IS NULL AND ${event.type} = ANY(event_types)
      ORDER BY id
      ON CONFLICT (merchant_id, endpoint_id, event_id) DO NOTHING`;
  },
};

/** Of who did it only the kind: staff are nobody's business outside. */
function bodyOf({
  id,
  type,
  storeId,
  entity,
  entityId,
  entityVersion,
  actor,
  payload,
  occurredAt,
}: DeliveredEvent) {
  return {
    id,
    type,
    occurred_at: occurredAt.toISOString(),
    store_id: storeId === null ? null : opaqueId('st', storeId),
    entity: { kind: entity, id: entityId, version: entityVersion },
    actor: actor.split(':')[0],
    data: payload,
  };
}
