import type { PollAnswer } from '#client/protocol.ts';
import type { TenantDb } from '#core/db/tenant.ts';
import { cursorOf, parseCursor } from './cursor.ts';
import { eventMessage } from './event-message.ts';
import { readEvents, readHead, withinReach } from './replay.ts';

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
