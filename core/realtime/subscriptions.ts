import type { RefusedMessage, ServerMessage, SubscribeMessage } from '#client/protocol.ts';
import { textFrame } from './frame.ts';
import type { Hub } from './hub.ts';
import type { RealtimeLimits } from './limits.ts';
import type { Admission, Principal } from './principal.ts';
import { Subscription, type Outlet } from './subscription.ts';
import type { Wire } from './wire.ts';

const NONE: readonly Subscription[] = [];

/** What the subscriptions of all clients share. */
export interface SubscriptionsContext {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly limits: RealtimeLimits;
}

/** The channels that one client listens to, each admitted by the application. */
export class Subscriptions implements Outlet {
  readonly #context: SubscriptionsContext;
  readonly #principal: Principal;
  readonly #wire: Wire;
  /** A list, because nearly all clients have one or two, and a Map would cost each idle socket more than the rest of this object. */
  #all: readonly Subscription[] = NONE;

  constructor(context: SubscriptionsContext, principal: Principal, wire: Wire) {
    this.#context = context;
    this.#principal = principal;
    this.#wire = wire;
  }

  /** Answers `subscribed`, `reset` or `refused` once it is known which. Rejects when the application or the database cannot tell. */
  async add({ channel, cursor }: SubscribeMessage): Promise<void> {
    this.remove(channel);
    if (this.#all.length >= this.#context.limits.channelsPerSocketMax) {
      return this.#refuse(channel, 'TOO_MANY_CHANNELS');
    }
    const subscription = new Subscription(this, channel);
    this.#all = [...this.#all, subscription];
    const tenant = await this.#authorise(channel);
    if (subscription.ended) return;
    if (!tenant) return this.#refuse(channel, 'CHANNEL_NOT_FOUND');
    await subscription.start(this.#context.hub.feed(tenant, channel), cursor);
  }

  remove(channel: string): void {
    this.#all.find((subscription) => subscription.channel === channel)?.end();
    this.#all = this.#all.filter((subscription) => subscription.channel !== channel);
  }

  /** Asks again whether the client may hear what it hears, and ends what it may not. */
  async recheck(): Promise<void> {
    for (const subscription of this.#all) {
      const tenant = await this.#authorise(subscription.channel);
      if (!tenant && !subscription.ended) this.#refuse(subscription.channel, 'CHANNEL_NOT_FOUND');
    }
  }

  /** Goes on sending after the client has read what it was sent. */
  async resume(): Promise<void> {
    await Promise.all(this.#all.map((subscription) => subscription.resume()));
  }

  end(): void {
    for (const subscription of this.#all) subscription.end();
    this.#all = NONE;
  }

  write(frame: Buffer): boolean {
    return this.#wire.write(frame);
  }

  onReset({ channel }: Subscription): void {
    this.remove(channel);
    this.#say({ type: 'reset', channel });
  }

  #authorise(channel: string) {
    return this.#context.admission.authorise(this.#principal, channel);
  }

  #refuse(channel: string, code: RefusedMessage['code']): void {
    this.remove(channel);
    this.#say({ type: 'refused', channel, code });
  }

  #say(message: ServerMessage): void {
    this.write(textFrame(message));
  }
}
