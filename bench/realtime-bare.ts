import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { cursorOf } from '#core/realtime/cursor.ts';
import { eventMessage } from '#core/realtime/event-message.ts';
import type { SendEvent } from './realtime-server.ts';

/** The baseline: a loop over the sockets that sends each the same text, with no database, no channels, no promises. */
export async function serveBare(server: Server): Promise<SendEvent> {
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const head = { epoch: randomUUID(), timeline: '00000001', seq: 0 };
  const subscribed = JSON.stringify({ type: 'subscribed', cursor: cursorOf(head) });
  sockets.on('connection', (socket) => socket.on('message', () => socket.send(subscribed)));
  let seq = 0;
  return async (channel, payload) => {
    seq += 1;
    const event = { seq, id: randomUUID(), type: 'ThingChanged', entity: 'thing', entityId: 'thing-1' };
    const occurredAt = new Date().toISOString();
    const text = JSON.stringify(
      eventMessage(channel, head, { ...event, entityVersion: 1, occurredAt, payload }),
    );
    for (const socket of sockets.clients) if (socket.readyState === WebSocket.OPEN) socket.send(text);
    await nextTurn();
  };
}
