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
 * Claims webhooks that are due, at most one of an endpoint at a time, and none of one that rests: one that never answers holds up itself and
 * nobody else. Whoever has fewest calls under way comes first, so that no merchant's events wait behind all of another's. It goes from
 * endpoint to endpoint, and costs the same however many events wait at each. All times are the database's.
 */
export async function claimWebhooks(system: Pool, { limit, leaseMs }: ClaimOptions): Promise<WebhookClaim[]> {
  return system<WebhookClaim[]>`
    WITH RECURSIVE endpoints AS (
      (SELECT merchant_id, endpoint_id FROM webhook_deliveries WHERE state IN ('pending', 'running')
       ORDER BY merchant_id, endpoint_id LIMIT 1)
      UNION ALL
      SELECT following.* FROM endpoints AS these CROSS JOIN LATERAL (
        SELECT merchant_id, endpoint_id FROM webhook_deliveries
        WHERE state IN ('pending', 'running') AND (merchant_id, endpoint_id) > (these.merchant_id, these.endpoint_id)
        ORDER BY merchant_id, endpoint_id LIMIT 1
      ) AS following
    ), under_way AS MATERIALIZED (
      SELECT merchant_id, endpoint_id FROM webhook_deliveries WHERE state = 'running' AND lease_until > now()
    ), first_of_each AS (
      SELECT first.*, row_number() OVER (PARTITION BY first.merchant_id ORDER BY first.next_attempt_at, first.id)
        + (SELECT count(*) FROM under_way WHERE under_way.merchant_id = first.merchant_id) AS turn
      FROM endpoints AS idle CROSS JOIN LATERAL (
        SELECT merchant_id, id, next_attempt_at FROM webhook_deliveries
        WHERE merchant_id = idle.merchant_id AND endpoint_id = idle.endpoint_id AND state IN ('pending', 'running')
          AND next_attempt_at <= now() AND (state = 'pending' OR lease_until <= now())
        ORDER BY next_attempt_at, id LIMIT 1
      ) AS first
      WHERE NOT EXISTS (SELECT FROM under_way WHERE (under_way.merchant_id, under_way.endpoint_id) = (idle.merchant_id, idle.endpoint_id))
        AND NOT EXISTS (SELECT FROM webhook_endpoints WHERE merchant_id = idle.merchant_id AND id = idle.endpoint_id AND rests_until > now())
    ), due AS MATERIALIZED (
      SELECT delivery.merchant_id, delivery.id
      FROM first_of_each JOIN webhook_deliveries AS delivery USING (merchant_id, id)
      WHERE delivery.state = 'pending' OR (delivery.state = 'running' AND delivery.lease_until <= now())
      ORDER BY turn, first_of_each.next_attempt_at
      LIMIT ${limit}
      FOR NO KEY UPDATE OF delivery SKIP LOCKED
    )
    UPDATE webhook_deliveries AS delivery
    SET state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(),
      lease_until = now() + make_interval(secs => ${leaseMs / 1000})
    FROM due WHERE delivery.merchant_id = due.merchant_id AND delivery.id = due.id
    RETURNING delivery.merchant_id AS "merchantId", delivery.id, delivery.lease_token AS "leaseToken"`;
}
