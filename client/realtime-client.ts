import { Channels } from './channels.ts';
import type { ConnectionState } from './connection-state.ts';
import { Poller, type FetchEvents } from './poller.ts';
import type { ServerMessage, StreamEvent } from './protocol.ts';
import { Redial } from './redial.ts';
import { ChannelSubscription, type SubscribeOptions, type Subscription } from './subscription.ts';
import { isOffline, watchForWake } from './wake.ts';

export type { ConnectionState, FetchEvents, SubscribeOptions, Subscription };

/** Losses in a row after which events are polled until a socket gets through. */
const POLL_AFTER_FAILURES = 3;

export interface RealtimeClientOptions {
  /** `wss://shop.example/realtime` */
  readonly url: string;
  /** Fetches a one-use ticket for each connection; without it, or when it answers null, the connection is anonymous. */
  readonly fetchTicket?: () => Promise<string | null>;
  /** Fetches the events after a cursor over HTTP, for when sockets do not get through. */
  readonly fetchEvents?: FetchEvents;
  readonly onState?: (state: ConnectionState) => void;
  /** Default: the platform's. */
  readonly WebSocket?: new (url: string) => WebSocket;
  /** A number in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

export interface RealtimeClient {
  readonly state: ConnectionState;
  /** Listens to a channel, over all losses of the connection, until closed or refused. A second subscription of a channel replaces the first. */
  subscribe<Event extends StreamEvent>(channel: string, options: SubscribeOptions<Event>): Subscription;
  close(): void;
}

/** Connects at once, and again whenever the connection is lost, until closed. */
export function createRealtimeClient(options: RealtimeClientOptions): RealtimeClient {
  return new Client(options);
}

class Client implements RealtimeClient {
  readonly #options: Required<Pick<RealtimeClientOptions, 'random' | 'now' | 'onState'>>;
  readonly #redial: Redial;
  readonly #channels: Channels;
  readonly #poller: Poller | null;
  readonly #stopWatching: () => void;
  #state: ConnectionState;
  #nextAttemptAt = 0;
  #pollingWorks = false;

  constructor(options: RealtimeClientOptions) {
    this.#options = { random: Math.random, now: Date.now, onState: () => undefined, ...options };
    this.#state = { kind: 'connecting', since: this.#options.now() };
    this.#channels = this.#makeChannels();
    this.#redial = this.#makeRedial(options);
    this.#poller = options.fetchEvents ? this.#makePoller(options.fetchEvents) : null;
    this.#stopWatching = watchForWake(() => this.#redial.wake());
    this.#redial.dial();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  subscribe<Event extends StreamEvent>(channel: string, options: SubscribeOptions<Event>): Subscription {
    const subscription = new ChannelSubscription(channel, options);
    this.#channels.add(subscription);
    return {
      get cursor() {
        return subscription.cursor;
      },
      close: () => this.#channels.remove(subscription),
    };
  }

  close(): void {
    this.#stop(null);
  }

  #makeChannels(): Channels {
    return new Channels({
      ...this.#options,
      send: (message) => this.#redial.send(message),
      isUp: () => this.#redial.isUp,
      onCurrent: () => this.#showLive(),
    });
  }

  #makeRedial({ url, fetchTicket, WebSocket }: RealtimeClientOptions): Redial {
    return new Redial({
      ...this.#options,
      url,
      fetchTicket: fetchTicket ?? (() => Promise.resolve(null)),
      WebSocket: WebSocket ?? globalThis.WebSocket,
      onWelcome: () => this.#onWelcome(),
      onMessage: (message) => this.#onMessage(message),
      onLost: (failures, nextAttemptAt) => this.#onLost(failures, nextAttemptAt),
      onRefused: (code) => this.#stop(code),
    });
  }

  #makePoller(fetchEvents: FetchEvents): Poller {
    return new Poller({
      ...this.#options,
      fetchEvents,
      subscriptions: this.#channels,
      onRound: (answered) => this.#onPolled(answered),
      onReset: (subscription) => void this.#channels.renew(subscription),
    });
  }

  #onWelcome(): void {
    this.#poller?.stop();
    this.#pollingWorks = false;
    this.#channels.resume();
    this.#showLive();
  }

  #onMessage(message: ServerMessage): void {
    if (message.type === 'drain') this.#redial.move(message.spread_ms);
    else this.#channels.hear(message);
  }

  #onLost(failures: number, nextAttemptAt: number): void {
    this.#nextAttemptAt = nextAttemptAt;
    if (failures >= POLL_AFTER_FAILURES) this.#poller?.start();
    this.#showLost();
  }

  #onPolled(answered: boolean): void {
    // The server answers again: perhaps sockets get through as well.
    if (answered && !this.#pollingWorks) this.#redial.dial();
    this.#pollingWorks = answered;
    this.#showLost();
  }

  #showLive(): void {
    if (this.#state.kind === 'live' || !this.#redial.isUp || !this.#channels.allCurrent) return;
    this.#show({ kind: 'live', since: this.#options.now() });
  }

  #showLost(): void {
    const since = this.#state.kind === 'live' ? this.#options.now() : this.#state.since;
    this.#show({ kind: this.#lostKind(), since, nextAttemptAt: this.#nextAttemptAt });
  }

  #lostKind(): 'polling' | 'offline' | 'reconnecting' {
    if (this.#pollingWorks) return 'polling';
    return isOffline() ? 'offline' : 'reconnecting';
  }

  #stop(code: number | null): void {
    this.#redial.close();
    this.#poller?.stop();
    this.#channels.clear();
    this.#stopWatching();
    this.#show({ kind: 'closed', since: this.#options.now(), code });
  }

  #show(state: ConnectionState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
