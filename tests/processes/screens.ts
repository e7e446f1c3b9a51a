import { REALTIME_PATH, type PollAnswer, type StreamEvent } from '#client/protocol.ts';
import { createRealtimeClient, type RealtimeClient } from '#client/realtime-client.ts';
import type { CustomerOrderPayload, StoreOrderPayload } from '#app/orders/order-events.ts';
import type { BoardOrder, PublicOrder } from '#app/orders/order-view.ts';
import { boardOf, received, replaced, shownOrders } from '../../dashboard/composables/board-state.ts';
import type { HttpClient } from '../support/http-client.ts';
import type { TestStore } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';

/** What someone sees, kept true by a channel. */
export interface Screen<Shown = unknown> {
  readonly client: RealtimeClient;
  shown(): Shown;
  /** What the database holds of it, as a page that is opened now would show it. */
  stored(): Promise<Shown>;
  /** How often it was told to begin anew. */
  resets(): number;
}

interface Snapshot<Shown> {
  readonly shown: Shown;
  readonly cursor: string;
}

/** The board of a store, for someone who is signed in there. */
export function openBoard(staff: HttpClient, { id }: TestStore): Promise<Screen<BoardOrder[]>> {
  let state = boardOf([]);
  return openScreen<BoardOrder[], StoreOrderPayload>({
    channel: `store.${id}.orders`,
    http: staff,
    eventsAt: '/dashboard/board/events',
    fetchTicket: async () =>
      expectStatus(200, await staff.post<{ ticket: string }>('/dashboard/realtime/ticket')).ticket,
    snapshot: async () => {
      const answer = await staff.get<{ orders: BoardOrder[]; cursor: string }>('/dashboard/board.json');
      const { orders, cursor } = expectStatus(200, answer);
      return { shown: orders, cursor };
    },
    show: (orders) => (state = replaced(state, orders)),
    apply: ({ order }) => (state = received(state, [order])),
    shown: () => shownOrders(state),
  });
}

/** The page of an order, for whoever holds its token. */
export function openTracker(customer: HttpClient, publicId: string): Promise<Screen<CustomerOrderPayload>> {
  let movement: CustomerOrderPayload;
  return openScreen<CustomerOrderPayload, CustomerOrderPayload>({
    channel: `customer.${publicId}.order`,
    http: customer,
    eventsAt: `/api/v1/orders/${publicId}/events`,
    fetchTicket: async () => null,
    snapshot: async () => {
      const answer = await customer.get<PublicOrder>(`/api/v1/orders/${publicId}`);
      const { status, version, promised_at, timeline, cancel_reason, shipping } = expectStatus(200, answer);
      const shown = { status, version, promised_at, timeline, cancel_reason, shipping };
      return { shown, cursor: answer.headers.get('stream-cursor') ?? '' };
    },
    show: (order) => (movement = order),
    apply: (order) => (movement = order.version > movement.version ? order : movement),
    shown: () => movement,
  });
}

interface ScreenOptions<Shown, Payload> {
  readonly channel: string;
  readonly http: HttpClient;
  /** Where the channel's events are fetched when sockets do not get through. */
  readonly eventsAt: string;
  readonly fetchTicket: () => Promise<string | null>;
  readonly snapshot: () => Promise<Snapshot<Shown>>;
  readonly show: (shown: Shown) => void;
  readonly apply: (payload: Payload) => void;
  readonly shown: () => Shown;
}

async function openScreen<Shown, Payload extends Readonly<Record<string, unknown>>>({
  channel,
  http,
  eventsAt,
  fetchTicket,
  snapshot,
  show,
  apply,
  shown,
}: ScreenOptions<Shown, Payload>): Promise<Screen<Shown>> {
  let resets = 0;
  const begin = async () => {
    const fresh = await snapshot();
    show(fresh.shown);
    return fresh.cursor;
  };
  const cursor = await begin();
  const client = createRealtimeClient({
    url: new URL(REALTIME_PATH, http.origin.replace(/^http/, 'ws')).href,
    WebSocket: socketOf(http.origin),
    fetchTicket,
    fetchEvents: async (_, at) =>
      expectStatus(200, await http.get<PollAnswer>(`${eventsAt}?${new URLSearchParams({ cursor: at })}`)),
  });
  client.subscribe<StreamEvent<string, Payload>>(channel, {
    cursor,
    onEvent: ({ payload }) => apply(payload),
    onReset: () => {
      resets += 1;
      return begin();
    },
  });
  return { client, shown, stored: async () => (await snapshot()).shown, resets: () => resets };
}

/** The platform's WebSocket, as on a page of that origin. */
function socketOf(origin: string): new (url: string) => WebSocket {
  return class extends globalThis.WebSocket {
    constructor(url: string) {
      super(url, { headers: { origin } } as never);
    }
  };
}
