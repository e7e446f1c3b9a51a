import type { TenantTx } from '#core/db/tenant.ts';
import type { RecordedEvent } from '#core/events/event.ts';
import type { Position } from './cursor.ts';

/** Events that one read of the table returns at most. */
export const REPLAY_PAGE_EVENTS = 500;
/** A reader further behind than this is told to take a snapshot, which is then cheaper for both. */
export const REPLAY_MAX_EVENTS = 10_000;

/** An event of a channel that is known from the context. */
export type StreamedEvent = Omit<RecordedEvent, 'merchantId' | 'channel' | 'epoch'>;

/** Whether the events between the two positions, and nothing else, lead a reader from `from` to `head`. */
export function withinReach(head: Position, from: Position): boolean {
  const sameNumbering = from.epoch === null ? from.seq === 0 : from.epoch === head.epoch;
  const distance = head.seq - from.seq;
  return sameNumbering && from.timeline === head.timeline && distance >= 0 && distance <= REPLAY_MAX_EVENTS;
}

/** The present end of a channel; a channel without events ends at 0 of no epoch. */
export async function readHead({ sql, tenant }: TenantTx, channel: string): Promise<Position> {
  const [row] = await sql<{ timeline: string; epoch: string | null; last_seq: number | null }[]>`
    SELECT database_timeline() AS timeline, head.epoch, head.last_seq
    FROM (SELECT) AS always
    LEFT JOIN stream_heads AS head ON head.merchant_id = ${tenant.merchantId} AND head.channel = ${channel}`;
  if (!row) throw new Error('readHead: expected one row, received none');
  return { epoch: row.epoch, timeline: row.timeline, seq: row.last_seq ?? 0 };
}

/**
 * The events after `after` up to `upTo`, a page of them at most; null when one is missing (the log is kept for a limited time).
 * Read the head first: what it counts is committed, so a hole here is a loss and not an event on its way.
 */
export async function readEvents(
  { sql, tenant }: TenantTx,
  channel: string,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<StreamedEvent[] | null> {
  const end = Math.min(upTo, after + REPLAY_PAGE_EVENTS);
  const rows = await sql<EventRow[]>`
    SELECT seq, event_id, type, entity, entity_id, entity_version, occurred_at, payload
    FROM stream_events
    WHERE merchant_id = ${tenant.merchantId} AND channel = ${channel} AND seq > ${after} AND seq <= ${end}
    ORDER BY seq`;
  const whole = rows.length === end - after && rows.every((row, index) => row.seq === after + 1 + index);
  return whole ? rows.map(eventOf) : null;
}

interface EventRow {
  readonly seq: number;
  readonly event_id: string;
  readonly type: string;
  readonly entity: string;
  readonly entity_id: string;
  readonly entity_version: number;
  readonly occurred_at: Date;
  readonly payload: Readonly<Record<string, unknown>>;
}

function eventOf(row: EventRow): StreamedEvent {
  return {
    seq: row.seq,
    id: row.event_id,
    type: row.type,
    entity: row.entity,
    entityId: row.entity_id,
    entityVersion: row.entity_version,
    occurredAt: row.occurred_at.toISOString(),
    payload: row.payload,
  };
}
