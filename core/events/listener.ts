import type { TenantTx } from '#core/db/tenant.ts';
import type { StoreId } from '#core/values/ids.ts';
import type { Addressee, Matter } from './event.ts';

/** A committed event as a listener gets it. */
export interface DeliveredEvent {
  readonly id: string;
  readonly type: string;
  /** Null for an event of the whole merchant. */
  readonly storeId: StoreId | null;
  readonly entity: string;
  readonly entityId: string;
  readonly entityVersion: number;
  /** Who did it: `staff:12`, `customer:7`, `system`. */
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

/** Something that happens because of an event, for certain, some time after its COMMIT. */
export type Listener<Outside = unknown> = InwardListener | OutwardListener<Outside>;

/** A listener whose whole effect is in the database. */
export interface InwardListener {
  /** Kept with each delivery: a renamed listener leaves what waits for it behind. */
  readonly name: string;
  /** Whether it hears of those merchants only who have asked for it (`subscribe`): others then pay nothing for it. */
  readonly bySubscription?: boolean;
  /** Whether an event of a type that it hears of is anything to it; each is where it does not say. Of the others no delivery is made. */
  readonly concerns?: (matter: Matter) => boolean;
  /**
   * Runs in one transaction with the note that it is done, so what it writes is there exactly once. The transaction is bound to the event's
   * merchant and store and has no right to change the domain. Throwing repeats it later, at most `ATTEMPTS_MAX` times in all.
   */
  handle(tx: TenantTx, event: DeliveredEvent): Promise<void>;
}

/**
 * A listener that does something outside the database, a call over the network for instance, while it holds neither a transaction nor a
 * lock. `Outside` is what it reaches there, which the worker is given. In the normal case that is done exactly once per event; when the process dies between the call and the note that it is done, it is
 * called again, so what is called must carry a name that both calls share, such as the event's id.
 */
export interface OutwardListener<Outside = unknown> {
  /** All three as those of an inward listener. */
  readonly name: string;
  readonly bySubscription?: boolean;
  readonly concerns?: (matter: Matter) => boolean;
  /**
   * Reads what the call needs, bound to the event's merchant and store, in a transaction that can write nothing. Answers the call, or null
   * when there is nothing to be done.
   */
  prepare(tx: TenantTx, event: DeliveredEvent, outside: Outside): Promise<OutwardCall | null>;
  /** Says so, when the last attempt has failed. Runs in the transaction that marks the delivery dead; the rights are those of an outcome's note. */
  giveUp?(tx: TenantTx, event: DeliveredEvent): Promise<void>;
}

/**
 * Runs in no transaction, and must end within fifteen seconds, well within a lease. Resolves to what is to be kept of its outcome; throwing repeats the
 * delivery later.
 */
export type OutwardCall = () => Promise<OutcomeNote>;

/** Runs in the transaction that marks the delivery done; the rights and bounds are those of an inward listener. */
export type OutcomeNote = (tx: TenantTx) => Promise<void>;

/** Which listeners hear of which type of event. */
export type Reactions = Readonly<Record<string, readonly Listener[]>>;

/** Makes that a merchant's events go to a listener that hears of those who asked for it, from this transaction's COMMIT on. */
export async function subscribe({ sql, tenant }: TenantTx, listener: string): Promise<void> {
  await sql`
    INSERT INTO event_subscriptions (merchant_id, listener) VALUES (${tenant.merchantId}, ${listener}) ON CONFLICT DO NOTHING`;
}

/** What `record` asks to know whom an event is to be delivered to. */
export function addresseesOf(reactions: Reactions): (matter: Matter) => readonly Addressee[] {
  const byType = new Map(Object.entries(reactions));
  return (matter) =>
    (byType.get(matter.type) ?? []).filter((listener) => isConcerned(listener, matter)).map(addresseeOf);
}

/** Whether an event of a type that the listener hears of is anything to it. */
export function isConcerned({ concerns }: Listener, matter: Matter): boolean {
  return concerns?.(matter) ?? true;
}

function addresseeOf({ name, bySubscription = false }: Listener): Addressee {
  return { name, bySubscription };
}
