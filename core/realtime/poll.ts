import { Type } from 'typebox';
import type { PollAnswer } from '#client/protocol.ts';
import type { TenantDb } from '#core/db/tenant.ts';
import { cursorOf, parseCursor } from './cursor.ts';
import { eventMessage } from './event-message.ts';
import { readEvents, readHead, withinReach } from './replay.ts';

const CURSOR_LENGTH_MAX = 200;

const EventMessageSchema = Type.Object({
  type: Type.Literal('event'),
  channel: Type.String(),
  seq: Type.Integer({ description: 'One more than that of the event before it' }),
  cursor: Type.String({ description: 'Where to resume once this event is applied' }),
  event: Type.Object({
    id: Type.String({ format: 'uuid' }),
    type: Type.String(),
    entity: Type.String(),
    entity_id: Type.String(),
    entity_version: Type.Integer(),
    occurred_at: Type.String({ format: 'date-time' }),
    payload: Type.Object({}, { additionalProperties: true }),
  }),
});

/** `PollAnswer` for the API's description. */
export const PollAnswerSchema = Type.Union([
  Type.Object({ events: Type.Array(EventMessageSchema), cursor: Type.String() }),
  Type.Object({
    reset: Type.Literal(true, { description: 'The cursor leads nowhere: take a new snapshot' }),
  }),
]);

/** Where a poll goes on. */
export const PollQuery = Type.Object({ cursor: Type.String({ maxLength: CURSOR_LENGTH_MAX }) });

export interface PollRequest {
  /** The caller has checked that whoever asks may listen to the channel. */
  readonly db: TenantDb;
  readonly channel: string;
  readonly cursor: string;
}

/** The events after the cursor, a page of them at most, for clients whose network blocks sockets. Ask again with the cursor that comes back. */
export async function pollChannel({ db, channel, cursor }: PollRequest): Promise<PollAnswer> {
  const from = parseCursor(cursor);
  if (!from) return { reset: true };
  return db.read(async (tx) => {
    const head = await readHead(tx, channel);
    if (!withinReach(head, from)) return { reset: true };
    const events = await readEvents(tx, channel, { after: from.seq, upTo: head.seq });
    if (!events) return { reset: true };
    return {
      events: events.map((event) => eventMessage(channel, head, event)),
      cursor: cursorOf({ ...head, seq: from.seq + events.length }),
    };
  });
}
