import type { Tenant } from '#core/db/tenant.ts';
import type { Subscriber } from '#core/realtime/channel-feed.ts';

/** What is kept is made anew at the latest after this long, whatever the channel says; a channel that nobody asked for in this time goes. */
const KEPT_MAX_MS = 10 * 60_000;
/** Values that are kept for one channel; when there are more, all are forgotten. */
const VALUES_PER_CHANNEL_MAX = 500;
/** Values that are kept in all, of a few kilobytes each. */
const VALUES_MAX = 30_000;
/** Channels that are listened to for this; each is asked for its position once a second. */
const CHANNELS_MAX = 20_000;

/** The values of one channel. */
export interface Shelf {
  /** The kept value, or what `make` resolves to. A rejected one is not kept. `name` is unique on the shelf. */
  get<Value>(name: string, make: () => Promise<Value>): Promise<Value>;
}

/** Of a hub, what it takes to hear a channel. */
interface Feeds {
  feed(
    tenant: Tenant,
    channel: string,
  ): { readonly subscribers: Set<Subscriber>; readonly sync: () => Promise<void> };
}

interface Kept {
  readonly value: Promise<unknown>;
  readonly untilMs: number;
}

interface Channel {
  readonly values: Map<string, Kept>;
  readonly since: number;
  usedAt: number;
  readonly leave: () => void;
}

interface Limits {
  readonly channelsMax?: number;
  readonly valuesMax?: number;
}

/**
 * Keeps values that are true as long as a channel is silent: any event on it forgets them. It hears events as browsers do, through the hub,
 * so a change on any node is known here at once, or after a second when its hint was lost. Many who ask for one missing value share its making.
 * When there is too much, the channel unused for longest goes.
 */
export class ChannelCache {
  readonly #hub: Feeds;
  readonly #channelsMax: number;
  readonly #valuesMax: number;
  /** In the order of their last use. */
  readonly #channels = new Map<string, Channel>();
  #kept = 0;

  constructor(hub: Feeds, { channelsMax = CHANNELS_MAX, valuesMax = VALUES_MAX }: Limits = {}) {
    this.#hub = hub;
    this.#channelsMax = channelsMax;
    this.#valuesMax = valuesMax;
  }

  /** The shelf of a channel, which is read under the tenant. */
  of(tenant: Tenant, channel: string): Shelf {
    return { get: (name, make) => this.#keptOrMade(this.#channel(tenant, channel), name, make) };
  }

  #channel(tenant: Tenant, name: string): Channel {
    const key = `${tenant.merchantId} ${name}`;
    const now = performance.now();
    const known = this.#channels.get(key);
    const isFresh = known !== undefined && now - known.since < KEPT_MAX_MS;
    if (known && !isFresh) this.#drop(key, known);
    const channel = isFresh ? known : this.#listen(tenant, name, () => this.#drop(key, channel));
    channel.usedAt = now;
    this.#channels.delete(key);
    this.#channels.set(key, channel);
    this.#forgetOldest(now);
    return channel;
  }

  /** Listens before anything is made: a change during the making forgets what comes of it. */
  #listen(tenant: Tenant, name: string, onDeaf: () => void): Channel {
    const feed = this.#hub.feed({ merchantId: tenant.merchantId, storeId: null }, name);
    const forget = () => this.#forget(channel);
    const subscriber = { deliver: forget, reset: forget };
    const leave = () => feed.subscribers.delete(subscriber);
    const now = performance.now();
    const channel: Channel = { values: new Map(), since: now, usedAt: now, leave };
    feed.subscribers.add(subscriber);
    // Until the feed knows its position it hears nothing, so what was made meanwhile may have missed a change; and it does not tell when it
    // comes to know it later.
    feed.sync().then(forget, onDeaf);
    return channel;
  }

  #keptOrMade<Value>(channel: Channel, name: string, make: () => Promise<Value>): Promise<Value> {
    const { values } = channel;
    const kept = values.get(name);
    if (kept && performance.now() < kept.untilMs) return kept.value as Promise<Value>;
    if (values.size >= VALUES_PER_CHANNEL_MAX) this.#forget(channel);
    const value = make();
    if (!values.has(name)) this.#kept += 1;
    values.set(name, { value, untilMs: performance.now() + KEPT_MAX_MS });
    value.catch(() => {
      if (values.get(name)?.value === value && values.delete(name)) this.#kept -= 1;
    });
    return value;
  }

  #forgetOldest(now: number): void {
    for (const [key, channel] of this.#channels) {
      const isTooMuch = this.#channels.size > this.#channelsMax || this.#kept > this.#valuesMax;
      if (!isTooMuch && now - channel.usedAt < KEPT_MAX_MS) return;
      this.#drop(key, channel);
    }
  }

  #drop(key: string, channel: Channel): void {
    channel.leave();
    this.#forget(channel);
    if (this.#channels.get(key) === channel) this.#channels.delete(key);
  }

  #forget({ values }: Channel): void {
    this.#kept -= values.size;
    values.clear();
  }
}
