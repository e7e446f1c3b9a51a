import { backoffDelay } from './backoff.ts';
import type { ClientMessage, ServerMessage } from './protocol.ts';
import { quiet } from './quiet-timer.ts';
import type { ChannelSubscription } from './subscription.ts';

export interface ChannelsOptions {
  /** Says something to the server if it is there. */
  readonly send: (message: ClientMessage) => void;
  readonly isUp: () => boolean;
  readonly random: () => number;
  /** Called when a channel has become current. */
  readonly onCurrent: () => void;
}

/** The channels that the application listens to, and what the server says about them. */
export class Channels {
  readonly #options: ChannelsOptions;
  readonly #byName = new Map<string, ChannelSubscription>();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** Whether nothing that was missed is still to come. */
  get allCurrent(): boolean {
    return this.#all().every(({ state }) => state === 'current');
  }

  [Symbol.iterator](): Iterator<ChannelSubscription> {
    return this.#all().values();
  }

  add(subscription: ChannelSubscription): void {
    this.#byName.set(subscription.channel, subscription);
    this.#ask(subscription);
  }

  remove(subscription: ChannelSubscription): void {
    if (!this.#has(subscription)) return;
    this.#byName.delete(subscription.channel);
    this.#options.send({ type: 'unsubscribe', channel: subscription.channel });
  }

  clear(): void {
    this.#byName.clear();
  }

  /** The server is there: go on with each channel where it stopped. */
  resume(): void {
    for (const subscription of this.#all()) this.#ask(subscription);
  }

  hear(message: ServerMessage): void {
    const subscription = 'channel' in message ? this.#byName.get(message.channel) : undefined;
    if (!subscription || subscription.state === 'renewing') return;
    if (message.type === 'event') {
      const missing = subscription.take(message) === 'gap';
      if (missing && subscription.state === 'current') this.#ask(subscription);
    } else if (message.type === 'subscribed') {
      subscription.reach(message.cursor);
      subscription.state = 'current';
      this.#options.onCurrent();
    } else if (message.type === 'reset') {
      void this.renew(subscription);
    } else if (message.type === 'refused') {
      this.#byName.delete(subscription.channel);
      subscription.options.onRefused?.(message.code);
      this.#options.onCurrent();
    }
  }

  /** Has the application show a new snapshot, as often as it takes, and goes on from there. */
  async renew(subscription: ChannelSubscription): Promise<void> {
    subscription.state = 'renewing';
    for (let attempt = 0; this.#has(subscription); attempt++) {
      try {
        subscription.restartAt(await subscription.options.onReset());
        return this.#ask(subscription);
      } catch {
        await this.#pause(backoffDelay(attempt, this.#options.random));
      }
    }
  }

  #all(): ChannelSubscription[] {
    return [...this.#byName.values()];
  }

  #has(subscription: ChannelSubscription): boolean {
    return this.#byName.get(subscription.channel) === subscription;
  }

  #ask(subscription: ChannelSubscription): void {
    if (!this.#options.isUp() || !this.#has(subscription) || subscription.state === 'renewing') return;
    const { channel, cursor } = subscription;
    subscription.state = 'asked';
    this.#options.send({ type: 'subscribe', channel, ...(cursor !== undefined && { cursor }) });
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      quiet(setTimeout(resolve, delayMs));
    });
  }
}
