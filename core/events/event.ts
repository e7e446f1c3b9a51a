import type { MerchantId } from '#core/values/ids.ts';

/** A fact that a command is about to commit. `streams` says which channels carry it, and what each may see of it. */
export interface DomainEvent {
  readonly type: string;
  readonly entity: string;
  /** The entity's name outside the server: an opaque id or a token. */
  readonly entityId: string;
  /** Grows by one with each change of the entity; clients ignore what is not newer than what they show. */
  readonly entityVersion: number;
  /** Who did it: `staff:12`, `customer`, `system`. */
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly streams: readonly {
    readonly channel: string;
    readonly payload: Readonly<Record<string, unknown>>;
  }[];
  readonly occurredAt: Date;
}

/** What an event is about: by it listeners tell whether it concerns them. */
export type Matter = Pick<DomainEvent, 'type' | 'payload'>;

/** A durable listener as an event is addressed to it. */
export interface Addressee {
  readonly name: string;
  /** Whether it hears of merchants only that have a row for it in `event_subscriptions`. */
  readonly bySubscription: boolean;
}

/** An event about to be written, with the durable listeners that must hear of it. */
export interface AddressedEvent extends DomainEvent {
  readonly listeners: readonly Addressee[];
}

/** An event at its position in one channel, as it is kept, published and sent. */
export interface RecordedEvent {
  readonly merchantId: MerchantId;
  readonly channel: string;
  /** Changes when a channel's numbering starts anew. */
  readonly epoch: string;
  /** 1, 2, 3 … without gaps, in the order of commits. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly entity: string;
  readonly entityId: string;
  readonly entityVersion: number;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
