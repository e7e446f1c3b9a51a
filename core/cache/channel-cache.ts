import type { Tenant } from '#core/db/tenant.ts';
import type { Hub } from '#core/realtime/hub.ts';

/** What is kept is made anew at the latest after this long, whatever the channel says. */
const KEPT_MAX_MS = 10 * 60_000;
/** Values that are kept for one channel; when there are more, all are forgotten. */
const VALUES_PER_CHANNEL_MAX = 500;
/** Channels that are listened to for this; when there are more, the one unused for longest goes. */
const CHANNELS_MAX = 2_000;

/** The values of one channel. */
export interface Shelf {
  /** The kept value, or what `make` resolves to. A rejected one is not kept. `name` is unique on the shelf. */
  get<Value>(name: string, make: () => Promise<Value>): Promise<Value>;
}

interface Kept {
  readonly value: Promise<unknown>;
  readonly untilMs: number;
}

interface Channel {
  readonly values: Map<string, Kept>;
  since: number;
  readonly leave: () => void;
}

/**
 * Keeps values that are true as long as a channel is silent: any event on it forgets them. It hears events as browsers do, through the hub,
 * so a change on any node is known here at once, or after a second when its hint was lost. Many who ask for one missing value share its making.
 */
export class ChannelCache {
  readonly #hub: Hub;
  readonly #channels = new Map<string, Channel>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** The shelf of a channel, which is read under the tenant. */
  of(tenant: Tenant, channel: string): Shelf {
    return {
      get: (name, make) => keptOrMade(this.#channel(tenant, channel).values, name, make),
    };
  }

  #channel(tenant: Tenant, name: string): Channel {
    const key = `${tenant.merchantId} ${name}`;
    const known = this.#channels.get(key);
    if (known && performance.now() - known.since < KEPT_MAX_MS) return known;
    known?.leave();
    const channel = this.#listen(tenant, name, () => this.#forget(key, channel));
    this.#channels.delete(key);
    this.#channels.set(key, channel);
    this.#forgetOldest();
    return channel;
  }

  /** Listens before anything is made: a change during the making forgets what comes of it. */
  #listen(tenant: Tenant, name: string, onDeaf: () => void): Channel {
    const values = new Map<string, Kept>();
    const forget = () => values.clear();
    const feed = this.#hub.feed({ merchantId: tenant.merchantId, storeId: null }, name);
    const subscriber = { deliver: forget, reset: forget };
    feed.subscribers.add(subscriber);
    // Until the feed knows its position it hears nothing, so what was made meanwhile may have missed a change; and it does not tell when it
    // comes to know it later.
    feed.sync().then(forget, onDeaf);
    return { values, since: performance.now(), leave: () => feed.subscribers.delete(subscriber) };
  }

  #forget(key: string, channel: Channel): void {
    channel.leave();
    if (this.#channels.get(key) === channel) this.#channels.delete(key);
  }

  #forgetOldest(): void {
    if (this.#channels.size <= CHANNELS_MAX) return;
    const [oldest] = this.#channels;
    oldest?.[1].leave();
    if (oldest) this.#channels.delete(oldest[0]);
  }
}

function keptOrMade<Value>(
  values: Map<string, Kept>,
  name: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const kept = values.get(name);
  if (kept && performance.now() < kept.untilMs) return kept.value as Promise<Value>;
  if (values.size >= VALUES_PER_CHANNEL_MAX) values.clear();
  const value = make();
  values.set(name, { value, untilMs: performance.now() + KEPT_MAX_MS });
  value.catch(() => values.get(name)?.value === value && values.delete(name));
  return value;
}
