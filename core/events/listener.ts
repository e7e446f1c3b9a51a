import type { TenantTx } from '#core/db/tenant.ts';
import type { StoreId } from '#core/values/ids.ts';

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
export interface Listener {
  /** Kept with each delivery: a renamed listener leaves what waits for it behind. */
  readonly name: string;
  /**
   * Runs in one transaction with the note that it is done, so what it writes is there exactly once. The transaction is bound to the event's
   * merchant and store and has no right to change the domain. Throwing repeats it later, at most `ATTEMPTS_MAX` times in all.
   */
  handle(tx: TenantTx, event: DeliveredEvent): Promise<void>;
}

/** Which listeners hear of which type of event. */
export type Reactions = Readonly<Record<string, readonly Listener[]>>;

/** What `record` asks to know whom an event is to be delivered to: the names of a type's listeners. */
export function listenerNames(reactions: Reactions): (type: string) => readonly string[] {
  const namesByType = new Map(
    Object.entries(reactions).map(([type, listeners]) => [type, listeners.map(({ name }) => name)] as const),
  );
  return (type) => namesByType.get(type) ?? [];
}
