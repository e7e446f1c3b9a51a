import type { TenantTx } from '#core/db/tenant.ts';
import { uuidv7 } from '#core/values/uuid.ts';
import type { AddressedEvent, DomainEvent, RecordedEvent } from './event.ts';

/** Records events with the transaction: they are written right before its COMMIT, and neither written nor published if it rolls back. */
export function record({ recorded, listenersOf }: TenantTx, ...events: readonly DomainEvent[]): void {
  recorded.push(...events.map((event) => ({ ...event, listeners: listenersOf(event.type) })));
}

/**
 * Writes what was recorded, its positions in the streams of its channels and its deliveries to durable listeners, in one statement, sent
 * before this returns. It locks the heads of all channels (sorted by name), and holds them until COMMIT, which must be the next statement:
 * that makes positions gapless and in commit order.
 */
export async function writeEvents(tx: TenantTx): Promise<RecordedEvent[]> {
  if (tx.recorded.length === 0) return [];
  const facts = tx.recorded.map((event) => ({ ...event, id: uuidv7() }));
  const streams = facts.flatMap((event) =>
    event.streams.map(({ channel, payload }, ordinal) => ({ event_id: event.id, channel, ordinal, payload })),
  );
  const positions = await insertEvents(tx, facts, streams);
  return positions.map(({ event_id, channel, epoch, seq }) => {
    const event = facts.find(({ id }) => id === event_id);
    const stream = streams.find((row) => row.event_id === event_id && row.channel === channel);
    if (!event || !stream)
      throw new Error(`record: the database returned a position of an unknown event ${event_id}`);
    return {
      merchantId: tx.tenant.merchantId,
      channel,
      epoch,
      seq,
      id: event.id,
      type: event.type,
      entity: event.entity,
      entityId: event.entityId,
      entityVersion: event.entityVersion,
      occurredAt: event.occurredAt.toISOString(),
      payload: stream.payload,
    };
  });
}

type Fact = AddressedEvent & { readonly id: string };

/** A type, not an interface: the driver's JSON parameter wants an index signature. */
type StreamRow = {
  event_id: string;
  channel: string;
  ordinal: number;
  payload: Readonly<Record<string, unknown>>;
};

interface Position {
  event_id: string;
  channel: string;
  epoch: string;
  seq: number;
}

function insertEvents(
  { sql, tenant }: TenantTx,
  facts: readonly Fact[],
  streams: readonly StreamRow[],
): Promise<Position[]> {
  const rows = facts.map((event) => ({
    id: event.id,
    type: event.type,
    entity: event.entity,
    entity_id: event.entityId,
    entity_version: event.entityVersion,
    actor: event.actor,
    payload: event.payload,
    occurred_at: event.occurredAt.toISOString(),
    listeners: event.listeners,
  }));
  return sql<Position[]>`
    WITH facts AS (
      SELECT *, (occurred_at AT TIME ZONE 'UTC')::date AS day
      FROM jsonb_to_recordset(${sql.json(rows as never)}) AS fact
        (id uuid, type text, entity text, entity_id text, entity_version int, actor text, payload jsonb, occurred_at timestamptz, listeners jsonb)
    ), streams AS (
      SELECT * FROM jsonb_to_recordset(${sql.json(streams as never)}) AS stream (event_id uuid, channel text, ordinal int, payload jsonb)
    ), heads AS (
      INSERT INTO stream_heads AS head (merchant_id, channel, last_seq)
      SELECT ${tenant.merchantId}, channel, count(*) FROM streams GROUP BY channel ORDER BY channel
      ON CONFLICT (merchant_id, channel) DO UPDATE SET last_seq = head.last_seq + excluded.last_seq
      RETURNING channel, epoch, last_seq
    ), placed AS (
      SELECT streams.*, heads.epoch,
        heads.last_seq - count(*) OVER (PARTITION BY channel) + row_number() OVER (PARTITION BY channel ORDER BY event_id) AS seq
      FROM streams JOIN heads USING (channel)
    ), kept AS (
      INSERT INTO domain_events (merchant_id, day, id, store_id, type, entity, entity_id, entity_version, actor, payload, occurred_at)
      SELECT ${tenant.merchantId}, day, id, ${tenant.storeId}::bigint, type, entity, entity_id, entity_version, actor, payload, occurred_at FROM facts
    ), sent AS (
      INSERT INTO stream_events (merchant_id, channel, seq, day, event_id, type, entity, entity_id, entity_version, occurred_at, payload)
      SELECT ${tenant.merchantId}, channel, seq, day, id, type, entity, entity_id, entity_version, occurred_at, placed.payload
      FROM placed JOIN facts ON facts.id = placed.event_id
    ), due AS (
      INSERT INTO event_deliveries (merchant_id, day, event_id, listener, ordering_key)
      SELECT ${tenant.merchantId}, day, id, listener, entity || ':' || entity_id FROM facts, jsonb_array_elements_text(listeners) AS listener
    )
    SELECT event_id, channel, epoch, seq::bigint AS seq FROM placed ORDER BY channel, seq`.execute();
}
