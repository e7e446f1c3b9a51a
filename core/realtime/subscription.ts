import type { ServerMessage } from '#client/protocol.ts';
import type { ChannelFeed, Subscriber } from './channel-feed.ts';
import { cursorOf, parseCursor, type Position } from './cursor.ts';
import { textFrame, type EventFrame } from './frame.ts';
import { withinReach } from './replay.ts';

/** What a subscription needs of its connection. */
export interface Outlet {
  /** Writes a frame; answers whether more may follow. When not, the connection calls `resume` once it may. */
  write(frame: Buffer): boolean;
  /** The subscription has ended because its position cannot be honoured. */
  onReset(subscription: Subscription): void;
}

/**
 * `behind` reads on from what was sent last, from the ring or the table; `live` gets each event as it comes; `paused` waits for the client
 * to read. Being new, having been away and having been slow are the same thing here: being behind.
 */
type State = 'behind' | 'live' | 'paused' | 'ended';

/** One channel on one connection. */
export class Subscription implements Subscriber {
  readonly channel: string;
  readonly #outlet: Outlet;
  #feed: ChannelFeed | null = null;
  #state: State = 'behind';
  #sent = 0;
  #announced = false;

  constructor(outlet: Outlet, channel: string) {
    this.#outlet = outlet;
    this.channel = channel;
  }

  /** Sends what was missed since the cursor (nothing without one), then `subscribed`, then each event as it comes. */
  async start(feed: ChannelFeed, cursor: string | undefined): Promise<void> {
    this.#feed = feed;
    // Before anything is read: an event is either in what the reads see or comes to the feed after them.
    feed.subscribers.add(this);
    if (!feed.position) await feed.sync();
    const from = cursor === undefined ? feed.position : await honoured(feed, cursor);
    if (this.ended) return;
    if (!from) return this.reset();
    this.#sent = from.seq;
    await this.#catchUp(feed);
  }

  /** Goes on after the client has read what it was sent. */
  async resume(): Promise<void> {
    if (this.#state === 'paused' && this.#feed) await this.#catchUp(this.#feed);
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  end(): void {
    this.#state = 'ended';
    this.#feed?.subscribers.delete(this);
  }

  deliver(frame: EventFrame): void {
    if (this.#state === 'live') this.#write(frame.bytes, frame.seq);
  }

  reset(): void {
    if (this.ended) return;
    this.end();
    this.#outlet.onReset(this);
  }

  async #catchUp(feed: ChannelFeed): Promise<void> {
    this.#state = 'behind';
    while (this.#isBehind() && this.#sent < seqOf(feed)) {
      const frames = await feed.framesAfter(this.#sent);
      if (!frames?.length) return this.reset();
      for (const frame of frames) if (this.#isBehind()) this.#write(frame.bytes, frame.seq);
    }
    if (this.#isBehind()) this.#goLive(feed);
  }

  #isBehind(): boolean {
    return this.#state === 'behind';
  }

  #goLive(feed: ChannelFeed): void {
    this.#state = 'live';
    if (this.#announced || !feed.position) return;
    this.#announced = true;
    this.#say({ type: 'subscribed', channel: this.channel, cursor: cursorOf(feed.position) });
  }

  #say(message: ServerMessage): void {
    this.#write(textFrame(message), this.#sent);
  }

  #write(frame: Buffer, seq: number): void {
    this.#sent = seq;
    if (!this.#outlet.write(frame)) this.#state = 'paused';
  }
}

/** The position behind a cursor if the feed can go on from there, else null. */
async function honoured(feed: ChannelFeed, cursor: string): Promise<Position | null> {
  const from = parseCursor(cursor);
  if (!from) return null;
  // The client may have seen on another node what this one has not heard of yet.
  if (!canGoOn(feed, from)) await feed.sync();
  return canGoOn(feed, from) ? from : null;
}

function canGoOn({ position }: ChannelFeed, from: Position): boolean {
  return position !== null && withinReach(position, from);
}

function seqOf({ position }: ChannelFeed): number {
  return position?.seq ?? 0;
}
