import type { Database } from '#core/db/database.ts';
import type { Tenant } from '#core/db/tenant.ts';
import type { RecordedEvent } from '#core/events/event.ts';
import type { MerchantId } from '#core/values/ids.ts';
import { ChannelFeed } from './channel-feed.ts';
import { feedsOutOfStep } from './head-audit.ts';
import type { HintBus } from './hint-bus.ts';

/** What a lost hint costs at most. */
const AUDIT_INTERVAL_MS = 1_000;
/** After so many audits in a row without an answer the node no longer vouches for its streams: 3 s when refused, 9 s when frozen. */
const AUDIT_FAILURES_MAX = 3;

export interface HubOptions {
  readonly database: Pick<Database, 'tenant' | 'system'>;
  readonly bus: HintBus;
  /** Takes what went wrong in the background; each such read is tried again within a second. */
  readonly onError: (error: unknown) => void;
}

/** The channels that someone on this node listens to, kept in step with the database by hints and, once a second, by an audit of all heads. */
export class Hub {
  readonly #options: HubOptions;
  readonly #feeds = new Map<string, ChannelFeed>();
  readonly #unsubscribe: () => void;
  readonly #timer: NodeJS.Timeout;
  #auditing = false;
  #failures = 0;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#unsubscribe = options.bus.subscribe((events) => events.forEach((event) => this.#hear(event)));
    this.#timer = setInterval(() => void this.#audit(), AUDIT_INTERVAL_MS).unref();
  }

  /** Whether what the node sends can be trusted to be fresh: false while the database does not answer. */
  get available(): boolean {
    return this.#failures < AUDIT_FAILURES_MAX;
  }

  /** The feed of a channel, read under the given tenant. It lives as long as it has subscribers. */
  feed(tenant: Tenant, channel: string): ChannelFeed {
    const key = feedKey(tenant.merchantId, channel);
    const known = this.#feeds.get(key);
    if (known) return known;
    const feed = new ChannelFeed(this.#options.database.tenant(tenant), channel);
    this.#feeds.set(key, feed);
    return feed;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
  }

  #hear(event: RecordedEvent): void {
    const feed = this.#feeds.get(feedKey(event.merchantId, event.channel));
    if (feed?.offer(event) === 'behind') this.#sync(feed);
  }

  #sync(feed: ChannelFeed): void {
    feed.sync().catch(this.#options.onError);
  }

  async #audit(): Promise<void> {
    if (this.#auditing) return;
    this.#auditing = true;
    this.#forgetUnused();
    try {
      const late = await feedsOutOfStep(this.#options.database.system, [...this.#feeds.values()]);
      for (const feed of late) this.#sync(feed);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#options.onError(error);
    } finally {
      this.#auditing = false;
    }
  }

  #forgetUnused(): void {
    for (const [key, feed] of this.#feeds) if (feed.subscribers.size === 0) this.#feeds.delete(key);
  }
}

function feedKey(merchantId: MerchantId, channel: string): string {
  return `${merchantId} ${channel}`;
}
