import type { Pool } from '#core/db/pool.ts';
import type { MerchantId } from '#core/values/ids.ts';

/** A webhook that this process may send until its lease ends; the token proves it. */
export interface WebhookClaim {
  readonly merchantId: MerchantId;
  readonly id: number;
  readonly leaseToken: string;
}

interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
}

/**
 * Claims webhooks that are due, at most one of an endpoint at a time: one that never answers holds up itself and nobody else. All times are
 * the database's.
 */
export async function claimWebhooks(system: Pool, { limit, leaseMs }: ClaimOptions): Promise<WebhookClaim[]> {
  return system<WebhookClaim[]>`
    WITH due AS MATERIALIZED (
      SELECT merchant_id, id
      FROM webhook_deliveries AS mine
      WHERE state IN ('pending', 'running') AND next_attempt_at <= now() AND (state = 'pending' OR lease_until <= now())
        AND NOT EXISTS (
          SELECT FROM webhook_deliveries AS other
          WHERE other.merchant_id = mine.merchant_id AND other.endpoint_id = mine.endpoint_id AND other.state = 'running'
            AND other.lease_until > now()
          OFFSET 0
        )
        AND NOT EXISTS (
          SELECT FROM webhook_deliveries AS earlier
          WHERE earlier.merchant_id = mine.merchant_id AND earlier.endpoint_id = mine.endpoint_id AND earlier.id < mine.id
            AND earlier.state IN ('pending', 'running') AND earlier.next_attempt_at <= now()
          OFFSET 0
        )
      ORDER BY next_attempt_at
      LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE webhook_deliveries AS delivery
    SET state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(),
      lease_until = now() + make_interval(secs => ${leaseMs / 1000})
    FROM due WHERE delivery.merchant_id = due.merchant_id AND delivery.id = due.id
    RETURNING delivery.merchant_id AS "merchantId", delivery.id, delivery.lease_token AS "leaseToken"`;
}

/** How long webhooks and their answers can be looked at and sent again, in days. */
export const WEBHOOK_RETENTION_DAYS = 30;

/** Removes webhooks that are past keeping. */
export async function pruneWebhooks(system: Pool): Promise<void> {
  await system`DELETE FROM webhook_deliveries WHERE created_at < now() - make_interval(days => ${WEBHOOK_RETENTION_DAYS})`;
}
