import { computed, onScopeDispose, shallowRef } from 'vue';
import type { ConnectionState } from '#client/connection-state.ts';
import { REALTIME_PATH, type PollAnswer, type StreamEvent } from '#client/protocol.ts';
import { createRealtimeClient, type SubscribeOptions } from '#client/realtime-client.ts';
import { api } from '../api.ts';
import { useClock } from './use-clock.ts';

/** A short interruption is nobody's business. */
const STALE_AFTER_MS = 2_000;

/** What the live connection of the page that is shown is doing; null where a page has none. */
const connection = shallowRef<ConnectionState | null>(null);

interface ChannelOptions<Event extends StreamEvent> extends SubscribeOptions<Event> {
  readonly channel: string;
  /** Where the channel's events after a cursor are fetched when sockets do not get through. */
  readonly pollPath: string;
}

/** Listens to a channel for as long as the component lives. */
export function useChannel<Event extends StreamEvent>({
  channel,
  pollPath,
  ...options
}: ChannelOptions<Event>): void {
  const client = createRealtimeClient({
    url: new URL(REALTIME_PATH, location.href.replace(/^http/, 'ws')).href,
    fetchTicket,
    fetchEvents: (_channel, cursor) => api<PollAnswer>(`${pollPath}?${new URLSearchParams({ cursor })}`),
    onState: (state) => (connection.value = state),
  });
  client.subscribe<Event>(channel, { ...options, onRefused: () => client.close() });
  onScopeDispose(() => {
    client.close();
    connection.value = null;
  });
}

/** The state of the connection, and since when what is shown may be old (milliseconds since 1970; null while it is not). */
export function useConnection() {
  const now = useClock();
  return { connection, staleSince: computed(() => staleSince(connection.value, now.value)) };
}

async function fetchTicket(): Promise<string> {
  const { ticket } = await api<{ ticket: string }>('/dashboard/realtime/ticket', { method: 'POST' });
  return ticket;
}

function staleSince(state: ConnectionState | null, now: number): number | null {
  if (!state || state.kind === 'live' || state.kind === 'polling') return null;
  return state.kind === 'closed' || now - state.since >= STALE_AFTER_MS ? state.since : null;
}
