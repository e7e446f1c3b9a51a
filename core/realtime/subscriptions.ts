import type { RefusedMessage, ServerMessage, SubscribeMessage } from '#client/protocol.ts';
import { textFrame } from './frame.ts';
import type { Hub } from './hub.ts';
import type { RealtimeLimits } from './limits.ts';
import type { Admission, Principal } from './principal.ts';
import { Subscription, type Outlet } from './subscription.ts';

export interface SubscriptionsOptions {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly limits: RealtimeLimits;
  readonly principal: Principal;
  readonly write: Outlet['write'];
}

/** The channels that one client listens to, each admitted by the application. */
export class Subscriptions implements Outlet {
  readonly write: Outlet['write'];
  readonly #options: SubscriptionsOptions;
  readonly #byChannel = new Map<string, Subscription>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
    this.write = options.write;
  }

  /** Answers `subscribed`, `reset` or `refused` once it is known which. Rejects when the application or the database cannot tell. */
  async add({ channel, cursor }: SubscribeMessage): Promise<void> {
    this.remove(channel);
    if (this.#byChannel.size >= this.#options.limits.channelsPerSocketMax) {
      return this.#refuse(channel, 'TOO_MANY_CHANNELS');
    }
    const subscription = new Subscription(this, channel);
    this.#byChannel.set(channel, subscription);
    const tenant = await this.#authorise(channel);
    if (subscription.ended) return;
    if (!tenant) return this.#refuse(channel, 'CHANNEL_NOT_FOUND');
    await subscription.start(this.#options.hub.feed(tenant, channel), cursor);
  }

  remove(channel: string): void {
    this.#byChannel.get(channel)?.end();
    this.#byChannel.delete(channel);
  }

  /** Asks again whether the client may hear what it hears, and ends what it may not. */
  async recheck(): Promise<void> {
    for (const [channel, subscription] of this.#byChannel) {
      const tenant = await this.#authorise(channel);
      if (!tenant && !subscription.ended) this.#refuse(channel, 'CHANNEL_NOT_FOUND');
    }
  }

  /** Goes on sending after the client has read what it was sent. */
  async resume(): Promise<void> {
    await Promise.all(Array.from(this.#byChannel.values(), (subscription) => subscription.resume()));
  }

  end(): void {
    for (const subscription of this.#byChannel.values()) subscription.end();
    this.#byChannel.clear();
  }

  onReset({ channel }: Subscription): void {
    this.remove(channel);
    this.#say({ type: 'reset', channel });
  }

  #authorise(channel: string) {
    return this.#options.admission.authorise(this.#options.principal, channel);
  }

  #refuse(channel: string, code: RefusedMessage['code']): void {
    this.remove(channel);
    this.#say({ type: 'refused', channel, code });
  }

  #say(message: ServerMessage): void {
    this.write(textFrame(message));
  }
}
