import type { EventMessage } from '#client/protocol.ts';
import { cursorOf, type Position } from './cursor.ts';
import type { StreamedEvent } from './replay.ts';

/** An event as clients get it, on the socket and by polling. `head` names the numbering and the history that its position belongs to. */
export function eventMessage(channel: string, head: Position, event: StreamedEvent): EventMessage {
  return {
    type: 'event',
    channel,
    seq: event.seq,
    cursor: cursorOf({ ...head, seq: event.seq }),
    event: {
      id: event.id,
      type: event.type,
      entity: event.entity,
      entity_id: event.entityId,
      entity_version: event.entityVersion,
      occurred_at: event.occurredAt,
      payload: event.payload,
    },
  };
}
