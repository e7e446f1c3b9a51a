import type { EventMessage, RefusedMessage, StreamEvent } from './protocol.ts';

export interface SubscribeOptions<Event extends StreamEvent = StreamEvent> {
  /** The position of the snapshot that is shown. Without it only events from now on come. */
  readonly cursor?: string;
  /** Each event once, in the order of the channel. */
  onEvent(event: Event): void;
  /** Events in between cannot be had: show a new snapshot and answer its cursor. A rejection is tried again. */
  onReset(): Promise<string>;
  /** The channel does not exist, or may not be heard (any more). The subscription has ended. */
  onRefused?(code: RefusedMessage['code']): void;
}

/** What `subscribe` answers. */
export interface Subscription {
  /** Where a later subscription can go on; undefined until known. */
  readonly cursor: string | undefined;
  close(): void;
}

/** One channel and how far it was applied. */
export class ChannelSubscription {
  readonly channel: string;
  readonly options: SubscribeOptions;
  /** `asked` of the server, `current`, or `renewing` by a snapshot. */
  state: 'idle' | 'asked' | 'current' | 'renewing' = 'idle';
  #cursor: string | undefined;
  #seq: number | null = null;

  constructor(channel: string, options: SubscribeOptions) {
    this.channel = channel;
    this.options = options;
    this.#cursor = options.cursor;
  }

  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Applies an event that follows the last one. A repeated one is ignored; `gap` says that one in between is missing. */
  take({ seq, cursor, event }: EventMessage): 'taken' | 'gap' {
    if (this.state === 'renewing' || (this.#seq !== null && seq <= this.#seq)) return 'taken';
    if (this.#seq !== null && seq > this.#seq + 1) return 'gap';
    this.#seq = seq;
    this.#cursor = cursor;
    this.options.onEvent(event);
    return 'taken';
  }

  /** Applies what polling answered. */
  takeAll(messages: readonly EventMessage[], cursor: string): void {
    for (const message of messages) this.take(message);
    this.reach(cursor);
  }

  /** Nothing up to this cursor is missing. */
  reach(cursor: string): void {
    this.#cursor = cursor;
  }

  /** Goes on from a new snapshot. */
  restartAt(cursor: string): void {
    this.state = 'idle';
    this.#seq = null;
    this.#cursor = cursor;
  }
}
