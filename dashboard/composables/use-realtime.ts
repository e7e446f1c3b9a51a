import { onScopeDispose, shallowRef } from 'vue';
import type { ConnectionState } from '#client/connection-state.ts';
import { REALTIME_PATH, type PollAnswer, type StreamEvent } from '#client/protocol.ts';
import { createRealtimeClient, type SubscribeOptions } from '#client/realtime-client.ts';
import { api } from '../api.ts';
import { sessionSettled } from './use-shared-props.ts';

/** A short interruption is nobody's business. */
const STALE_AFTER_MS = 2_000;

/** What the live connection of the page that is shown is doing; null where a page has none. */
const connection = shallowRef<ConnectionState | null>(null);
/** Since when what is shown may be old, in milliseconds since 1970; null while it is not. */
const staleSince = shallowRef<number | null>(null);
let staleTimer: ReturnType<typeof setTimeout> | undefined;

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
  let isClosed = false;
  const client = createRealtimeClient({
    url: new URL(REALTIME_PATH, location.href.replace(/^http/, 'ws')).href,
    fetchTicket: async () => {
      // The server closes the sockets of a session that ends; the page that has ended it leaves.
      await sessionSettled();
      return isClosed ? null : fetchTicket();
    },
    fetchEvents: (_channel, cursor) => api<PollAnswer>(`${pollPath}?${new URLSearchParams({ cursor })}`),
    onState: show,
  });
  client.subscribe<Event>(channel, { ...options, onRefused: () => client.close() });
  onScopeDispose(() => {
    isClosed = true;
    client.close();
    show(null);
  });
}

/** The state of the page's connection, for all who show it. */
export function useConnection() {
  return { connection, staleSince };
}

function show(state: ConnectionState | null): void {
  connection.value = state;
  clearTimeout(staleTimer);
  if (!state || state.kind === 'live' || state.kind === 'polling') {
    staleSince.value = null;
    return;
  }
  const { since } = state;
  staleTimer = setTimeout(() => (staleSince.value = since), since + STALE_AFTER_MS - Date.now());
}

async function fetchTicket(): Promise<string> {
  const { ticket } = await api<{ ticket: string }>('/dashboard/realtime/ticket', { method: 'POST' });
  return ticket;
}
