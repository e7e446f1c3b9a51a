import type { Pool } from '#core/db/pool.ts';
import type { MerchantId, StoreId } from '#core/values/ids.ts';

/** A delivery that this process may run until its lease ends. The token proves it: whoever claims the row next writes another one. */
export interface Claim {
  readonly merchantId: MerchantId;
  /** Null for an event of the whole merchant. */
  readonly storeId: StoreId | null;
  readonly day: string;
  readonly eventId: string;
  readonly listener: string;
  /** How often it was claimed, this time included: a process that dies over it counts too. */
  readonly attempts: number;
  readonly leaseToken: string;
}

export interface ClaimOptions {
  /** Those that this process knows: a newer release's may be in the table already. */
  readonly listeners: readonly string[];
  readonly limit: number;
  readonly leaseMs: number;
}

/**
 * Claims due deliveries: new ones, those whose next attempt has come, and those of a process whose lease has ended. All times are the
 * database's. Of one listener and ordering key only the earliest is claimed, so they run one after another; a dead one holds nobody up.
 * The order is that of recording, which for one entity is the order of commits, because its row's lock lets one transaction record at a time.
 */
export async function claimDeliveries(
  system: Pool,
  { listeners, limit, leaseMs }: ClaimOptions,
): Promise<Claim[]> {
  // Statistics of a queue are always old, and by them PostgreSQL would read the whole backlog for each claim. It is left one plan: walk the
  // due rows in order (storeflow_system does not sort), look up each one's key in the index for that (OFFSET 0 keeps it from joining, and
  // the predicate fits no other index), stop at the limit.
  return system<Claim[]>`
    WITH due AS MATERIALIZED (
      SELECT merchant_id, event_id, listener
      FROM event_deliveries AS mine
      WHERE state IN ('pending', 'running') AND next_attempt_at <= now()
        AND (state = 'pending' OR lease_until <= now())
        AND listener = ANY(${[...listeners]}::text[])
        AND NOT EXISTS (
          SELECT FROM event_deliveries AS earlier
          WHERE earlier.merchant_id = mine.merchant_id AND earlier.listener = mine.listener
            AND earlier.ordering_key = mine.ordering_key AND earlier.state <> 'done' AND earlier.state <> 'dead'
            AND (earlier.created_at, earlier.event_id) < (mine.created_at, mine.event_id)
          OFFSET 0
        )
      ORDER BY next_attempt_at
      LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE event_deliveries AS delivery
    SET state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(),
      lease_until = now() + make_interval(secs => ${leaseMs / 1000})
    FROM due
    WHERE delivery.merchant_id = due.merchant_id AND delivery.event_id = due.event_id AND delivery.listener = due.listener
    RETURNING delivery.merchant_id AS "merchantId", delivery.store_id AS "storeId", delivery.day::text AS day, delivery.event_id AS "eventId", delivery.listener,
      delivery.attempts, delivery.lease_token AS "leaseToken"`;
}
