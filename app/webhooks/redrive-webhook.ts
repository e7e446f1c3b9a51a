import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { WebhookDeliveryId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { Act } from './change-webhook-endpoints.ts';
import { webhookDelivery, webhookEndpoint, type WebhookDeliveryRow } from './webhook-queries.ts';

/**
 * Sends a webhook again, with all its attempts, from now on, also where the endpoint rests and where it waits for a later attempt. Refuses
 * WEBHOOK_IN_PROGRESS while a call is under way, and WEBHOOK_PAUSED when its endpoint takes nothing.
 */
export async function redriveWebhook(
  tx: TenantTx<Tenant>,
  id: WebhookDeliveryId | null,
  act: Act,
): Promise<WebhookDeliveryRow> {
  const { sql, tenant } = tx;
  const before = await webhookDelivery(tx, id);
  const endpoint = await webhookEndpoint(tx, before.endpoint_id);
  if (!endpoint.active || endpoint.paused_at !== null)
    throw refusal('WEBHOOK_PAUSED', 'The endpoint is switched off or paused; switch it on first.');
  await sql`
    UPDATE webhook_endpoints SET rests_until = NULL WHERE merchant_id = ${tenant.merchantId} AND id = ${endpoint.id}`;
  const updated = await sql`
    UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = now()
    WHERE merchant_id = ${tenant.merchantId} AND id = ${before.id} AND state <> 'running'`;
  if (updated.count === 0) throw refusal('WEBHOOK_IN_PROGRESS', 'This delivery is being sent at the moment.');
  await writeAudit(tx, {
    ...act,
    action: 'webhook.redriven',
    entity: 'webhook_delivery',
    entityId: before.id,
    before: { state: before.state, attempts: before.attempts },
    after: { state: 'pending', attempts: 0 },
  });
  return webhookDelivery(tx, before.id);
}
