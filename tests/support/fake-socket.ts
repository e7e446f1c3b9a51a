import { vi } from 'vitest';
import type { ClientMessage, EventMessage, ServerMessage } from '#client/protocol.ts';
import {
  createRealtimeClient,
  type ConnectionState,
  type RealtimeClient,
  type RealtimeClientOptions,
} from '#client/realtime-client.ts';

export const PING_INTERVAL_MS = 25_000;

/** The server's end of a socket, played by the test. */
export class FakeSocket extends EventTarget {
  static opened: FakeSocket[] = [];
  readonly OPEN = 1;
  readyState = 0;
  readonly sent: ClientMessage[] = [];

  constructor(_url: string) {
    super();
    FakeSocket.opened.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.opened.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  tell(message: ServerMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }

  welcome(): void {
    this.open();
    this.tell({ type: 'welcome', connection_id: 'c', ping_interval_ms: PING_INTERVAL_MS });
  }

  end(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }

  said(type: ClientMessage['type']): ClientMessage[] {
    return this.sent.filter((message) => message.type === type);
  }
}

/** A client in a world where time and chance are the test's; the default chance of 1 makes every delay as long as it may be. */
export class ClientWorld {
  readonly states: ConnectionState[] = [];
  chance = 1;
  readonly #clients: RealtimeClient[] = [];

  constructor() {
    vi.useFakeTimers();
    FakeSocket.opened = [];
  }

  async start(options: Partial<RealtimeClientOptions> = {}): Promise<RealtimeClient> {
    const client = createRealtimeClient({
      url: 'ws://shop.example/realtime',
      WebSocket: FakeSocket as unknown as new (url: string) => WebSocket,
      random: () => this.chance,
      onState: (state) => this.states.push(state),
      ...options,
    });
    this.#clients.push(client);
    await vi.advanceTimersByTimeAsync(0);
    return client;
  }

  /** Breaks the connection, or the attempt, so many times; waits for the next attempt after each. */
  async fail(times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      FakeSocket.last.end(1006);
      await this.timeToNextAttempt();
    }
  }

  async timeToNextAttempt(): Promise<number> {
    const before = FakeSocket.opened.length;
    const startedAt = Date.now();
    while (FakeSocket.opened.length === before) {
      await vi.advanceTimersToNextTimerAsync();
      await vi.advanceTimersByTimeAsync(0);
    }
    return Date.now() - startedAt;
  }

  end(): void {
    for (const client of this.#clients) client.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  }
}

/** Event number `seq` of channel `a`, with the cursor `c{seq}`. */
export function eventAt(seq: number): EventMessage {
  const event = {
    id: `e${seq}`,
    type: 'ThingChanged',
    entity: 'thing',
    entity_id: 'thing-1',
    entity_version: seq,
    occurred_at: '2026-01-01T00:00:00.000Z',
    payload: {},
  };
  return { type: 'event', channel: 'a', seq, cursor: `c${seq}`, event };
}
