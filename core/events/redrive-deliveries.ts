import type { Database } from '#core/db/database.ts';
import type { MerchantId } from '#core/values/ids.ts';

/** Which dead deliveries of a merchant: all of them, an event's, a listener's, or one. */
export interface DeadDeliveries {
  readonly merchantId: MerchantId;
  readonly eventId?: string;
  readonly listener?: string;
}

/**
 * Gives dead deliveries all their attempts again, from now on; answers how many. They come out of order: what is later under their ordering
 * key has gone on without them.
 */
export async function redriveDeliveries(
  { system }: Pick<Database, 'system'>,
  { merchantId, eventId, listener }: DeadDeliveries,
): Promise<number> {
  const redriven = await system`
    UPDATE event_deliveries SET state = 'pending', attempts = 0, next_attempt_at = now()
    WHERE merchant_id = ${merchantId} AND state = 'dead'
      AND (${eventId ?? null}::uuid IS NULL OR event_id = ${eventId ?? null}::uuid)
      AND (${listener ?? null}::text IS NULL OR listener = ${listener ?? null}::text)`;
  return redriven.count;
}
