import type { TenantTx } from '#core/db/tenant.ts';
import { uuidv7 } from '#core/values/uuid.ts';
import type { AddressedEvent, DomainEvent, RecordedEvent } from './event.ts';

/** Records events with the transaction: they are written right before its COMMIT, and neither written nor published if it rolls back. */
export function record({ recorded, listenersOf }: TenantTx, ...events: readonly DomainEvent[]): void {
  recorded.push(...events.map((event) => ({ ...event, listeners: listenersOf(event) })));
}

/**
 * Writes what was recorded, its positions in the streams of its channels and its deliveries to durable listeners, in one statement, sent
 * before this returns. It locks the heads of all channels (sorted by name), and holds them until COMMIT, which must be the next statement:
 * that makes positions gapless and in commit order.
 */
export async function writeEvents(tx: TenantTx): Promise<RecordedEvent[]> {
  if (tx.recorded.length === 0) return [];
  const counts = eventsByChannel(tx.recorded);
  const facts = placed(tx.recorded, counts);
  const heads = new Map((await insertEvents(tx, facts, counts)).map((head) => [head.channel, head]));
  return facts.flatMap((fact) =>
    fact.streams.map(({ channel, payload, later }) => {
      const head = heads.get(channel);
      if (!head) throw new Error(`record: the database returned no head of ${channel}`);
      return {
        merchantId: tx.tenant.merchantId,
        channel,
        epoch: head.epoch,
        seq: head.last_seq - later,
        id: fact.id,
        type: fact.type,
        entity: fact.entity,
        entityId: fact.entityId,
        entityVersion: fact.entityVersion,
        occurredAt: fact.occurredAt.toISOString(),
        payload,
      };
    }),
  );
}

/** How many events of the transaction each channel carries, in the order in which the heads are locked. */
type EventsByChannel = ReadonlyMap<string, number>;

interface Fact extends AddressedEvent {
  readonly id: string;
  readonly streams: readonly (DomainEvent['streams'][number] & {
    /** How many events of the transaction follow in the channel: its position is that of the head less so many. */
    readonly later: number;
  })[];
}

function placed(recorded: readonly AddressedEvent[], counts: EventsByChannel): Fact[] {
  const left = new Map(counts);
  return recorded.map((event) => ({
    ...event,
    id: uuidv7(),
    streams: event.streams.map((stream) => {
      const later = (left.get(stream.channel) ?? 0) - 1;
      left.set(stream.channel, later);
      return { ...stream, later };
    }),
  }));
}

/** Sorted by name: all transactions lock the heads in this order. */
function eventsByChannel(events: readonly DomainEvent[]): EventsByChannel {
  const channels = events.flatMap(({ streams }) => streams.map(({ channel }) => channel)).sort();
  const counts = new Map<string, number>();
  for (const channel of channels) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return counts;
}

interface Head {
  channel: string;
  epoch: string;
  last_seq: number;
}

function insertEvents(
  { sql, tenant }: TenantTx,
  facts: readonly Fact[],
  counts: EventsByChannel,
): Promise<Head[]> {
  const channels = [...counts].map(([channel, events]) => ({ channel, events }));
  return sql<Head[]>`
    WITH facts AS MATERIALIZED (
      SELECT *, (occurred_at AT TIME ZONE 'UTC')::date AS day
      FROM jsonb_to_recordset(${sql.json(facts.map(rowOf) as never)}) AS fact (id uuid, type text, entity text, entity_id text,
        entity_version int, actor text, payload jsonb, occurred_at timestamptz, streams jsonb, listeners jsonb)
    ), heads AS (
      INSERT INTO stream_heads AS head (merchant_id, channel, last_seq)
      SELECT ${tenant.merchantId}, channel, events FROM jsonb_to_recordset(${sql.json(channels)}) AS wanted (channel text, events int)
      ON CONFLICT (merchant_id, channel) DO UPDATE SET last_seq = head.last_seq + excluded.last_seq
      RETURNING channel, epoch, last_seq
    ), kept AS (
      INSERT INTO domain_events (merchant_id, day, id, store_id, type, entity, entity_id, entity_version, actor, payload, occurred_at)
      SELECT ${tenant.merchantId}, day, id, ${tenant.storeId}::bigint, type, entity, entity_id, entity_version, actor, payload, occurred_at FROM facts
    ), sent AS (
      INSERT INTO stream_events (merchant_id, channel, seq, day, event_id, type, entity, entity_id, entity_version, occurred_at, payload)
      SELECT ${tenant.merchantId}, channel, last_seq - later, day, id, type, entity, entity_id, entity_version, occurred_at, stream.payload
      FROM facts, jsonb_to_recordset(streams) AS stream (channel text, later int, payload jsonb) JOIN heads USING (channel)
    ), due AS (
      INSERT INTO event_deliveries (merchant_id, day, event_id, store_id, listener, ordering_key)
      SELECT ${tenant.merchantId}, day, id, ${tenant.storeId}::bigint, name, entity || ':' || entity_id
      FROM facts, jsonb_to_recordset(listeners) AS listener (name text, by_subscription boolean)
      WHERE NOT by_subscription OR EXISTS (
        SELECT FROM event_subscriptions s WHERE s.merchant_id = ${tenant.merchantId} AND s.listener = name)
    )
    SELECT channel, epoch, last_seq FROM heads`.execute();
}

function rowOf(fact: Fact) {
  return {
    id: fact.id,
    type: fact.type,
    entity: fact.entity,
    entity_id: fact.entityId,
    entity_version: fact.entityVersion,
    actor: fact.actor,
    payload: fact.payload,
    occurred_at: fact.occurredAt.toISOString(),
    streams: fact.streams,
    listeners: fact.listeners.map(({ name, bySubscription }) => ({ name, by_subscription: bySubscription })),
  };
}
