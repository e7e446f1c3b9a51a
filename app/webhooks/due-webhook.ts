import type { TenantTx } from '#core/db/tenant.ts';
import type { WebhookEndpointId } from '#core/values/ids.ts';
import type { WebhookClaim } from '#core/webhooks/claim-webhooks.ts';

/** How long calls are signed with the secret before, too. */
const ROTATION_OVERLAP_HOURS = 24;

/** What a call needs. */
export interface DueWebhook {
  readonly endpointId: WebhookEndpointId;
  readonly eventId: string;
  readonly eventType: string;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  /** Whether its endpoint still takes webhooks. */
  readonly taken: boolean;
  readonly secretVersion: number;
  readonly rotatedLately: boolean;
}

/** What was claimed, with its endpoint as it is now. Null when the claim is no longer ours. */
export async function dueWebhook(
  { sql, tenant }: TenantTx,
  { id, leaseToken }: WebhookClaim,
): Promise<DueWebhook | null> {
  const [webhook] = await sql<DueWebhook[]>`
    SELECT endpoint.id AS "endpointId", event_id AS "eventId", event_type AS "eventType", body, attempts, url,
      active AND paused_at IS NULL AS taken, secret_version AS "secretVersion",
      coalesce(secret_rotated_at > now() - make_interval(hours => ${ROTATION_OVERLAP_HOURS}), false) AS "rotatedLately"
    FROM webhook_deliveries AS delivery JOIN webhook_endpoints AS endpoint
      ON endpoint.merchant_id = delivery.merchant_id AND endpoint.id = delivery.endpoint_id
    WHERE delivery.merchant_id = ${tenant.merchantId} AND delivery.id = ${id}
      AND lease_token = ${leaseToken} AND lease_until > now()`;
  return webhook ?? null;
}
