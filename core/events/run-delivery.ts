import type { Database } from '#core/db/database.ts';
import type { TenantDb, TenantTx } from '#core/db/tenant.ts';
import type { Claim } from './claim-deliveries.ts';
import {
  isConcerned,
  type DeliveredEvent,
  type InwardListener,
  type Listener,
  type OutwardCall,
  type OutwardListener,
} from './listener.ts';
import { ATTEMPTS_MAX, refuseLostLease, settleDead, settleDone } from './settle-delivery.ts';

export interface DeliveryNeeds<Outside> {
  readonly database: Pick<Database, 'listener'>;
  /** What outward listeners reach outside the database. */
  readonly outside: Outside;
}

/** Runs a listener for a claimed delivery, and marks the delivery done in the transaction of what the listener writes. */
export async function runDelivery<Outside>(
  { database, outside }: DeliveryNeeds<Outside>,
  listener: Listener<Outside>,
  claim: Claim,
): Promise<void> {
  if (claim.attempts > ATTEMPTS_MAX) throw new ProcessDied(claim);
  const { merchantId, storeId } = claim;
  const delivery = { db: database.listener({ merchantId, storeId }), claim };
  if ('prepare' in listener) await runOutward(delivery, (tx, event) => listener.prepare(tx, event, outside));
  else await runInward(delivery, listener);
}

/** Marks a delivery whose last attempt has failed dead, and has its listener say so. */
export async function giveUpDelivery(
  { listener: asListener }: DeliveryNeeds<unknown>['database'],
  giveUp: NonNullable<OutwardListener['giveUp']>,
  { claim, failure }: { readonly claim: Claim; readonly failure: string },
): Promise<void> {
  const { merchantId, storeId } = claim;
  await asListener({ merchantId, storeId }).write(async (tx) => {
    const [, event] = await Promise.all([settleDead(tx, claim, failure), eventOf(tx, claim)]);
    await giveUp(tx, event);
  });
}

interface Delivery {
  readonly db: TenantDb;
  readonly claim: Claim;
}

/**
 * The row is marked done first: its lock keeps others away while the listener works, even past the lease, and a process that lost its lease
 * while it was paused is turned away before it does anything. A delivery that an earlier release made may be none for this one.
 */
async function runInward({ db, claim }: Delivery, listener: InwardListener): Promise<void> {
  await db.write(async (tx) => {
    const [, event] = await Promise.all([settleDone(tx, claim), eventOf(tx, claim)]);
    if (isConcerned(listener, event)) await listener.handle(tx, event);
  });
}

/** The lease alone keeps others away from the call: a lock would have to be held for as long as the other side takes to answer. */
async function runOutward(
  { db, claim }: Delivery,
  prepare: (tx: TenantTx, event: DeliveredEvent) => Promise<OutwardCall | null>,
): Promise<void> {
  const call = await db.read(async (tx) => {
    const [, event] = await Promise.all([refuseLostLease(tx, claim), eventOf(tx, claim)]);
    return prepare(tx, event);
  });
  const note = await call?.();
  await db.write(async (tx) => {
    await settleDone(tx, claim);
    await note?.(tx);
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
