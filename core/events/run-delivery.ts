import type { Database } from '#core/db/database.ts';
import type { TenantTx } from '#core/db/tenant.ts';
import type { Claim } from './claim-deliveries.ts';
import type { DeliveredEvent, Listener } from './listener.ts';
import { ATTEMPTS_MAX, settleDone } from './settle-delivery.ts';

/**
 * Runs a listener for a claimed delivery. The row is marked done first, in the listener's transaction: its lock keeps others away while the
 * listener works, even past the lease, and a process that lost its lease while it was paused is turned away before it does anything.
 */
export async function runDelivery(
  database: Pick<Database, 'listener'>,
  listener: Listener,
  claim: Claim,
): Promise<void> {
  if (claim.attempts > ATTEMPTS_MAX) throw new ProcessDied(claim);
  const { merchantId } = claim;
  const event = await database.listener({ merchantId, storeId: null }).read((tx) => eventOf(tx, claim));
  await database.listener({ merchantId, storeId: event.storeId }).write(async (tx) => {
    await settleDone(tx, claim);
    await listener.handle(tx, event);
  });
}

/** Each of its attempts ended without an answer: the listener takes its process down. */
class ProcessDied extends Error {
  override readonly name = 'ProcessDied';

  constructor({ listener, eventId, attempts }: Claim) {
    super(`listener ${listener}, event ${eventId}: no outcome of any of ${attempts - 1} attempts`);
  }
}

async function eventOf({ sql }: TenantTx, { merchantId, day, eventId }: Claim): Promise<DeliveredEvent> {
  const [event] = await sql<DeliveredEvent[]>`
    SELECT id, type, store_id AS "storeId", entity, entity_id AS "entityId", entity_version AS "entityVersion", actor, payload,
      occurred_at AS "occurredAt"
    FROM domain_events WHERE merchant_id = ${merchantId} AND day = ${day} AND id = ${eventId}`;
  if (!event) throw new Error(`delivery: expected the event ${eventId} of ${day}, received none`);
  return event;
}
