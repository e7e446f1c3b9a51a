import type { TenantDb, TenantTx } from '#core/db/tenant.ts';
import type { RecordedEvent } from '#core/events/event.ts';
import type { MerchantId } from '#core/values/ids.ts';
import type { Position } from './cursor.ts';
import { eventMessage } from './event-message.ts';
import { textFrame, type EventFrame } from './frame.ts';
import { readEvents, readHead, withinReach, type StreamedEvent } from './replay.ts';
import { Ring } from './ring.ts';
import { sharedRead } from './shared-read.ts';

/** Who gets a channel's frames. */
export interface Subscriber {
  /** The event that follows the last one. */
  deliver(frame: EventFrame): void;
  /** The numbering or the database's history changed, or events were lost for good: only a snapshot helps. */
  reset(): void;
}

/** One channel on this node: how far it has come, its recent frames, and who listens. */
export class ChannelFeed {
  readonly subscribers = new Set<Subscriber>();
  readonly channel: string;
  readonly #db: TenantDb;
  readonly #ring = new Ring();
  readonly #pages = new Map<number, Promise<readonly EventFrame[] | null>>();
  #position: Position | null = null;

  constructor(db: TenantDb, channel: string) {
    this.#db = db;
    this.channel = channel;
  }

  get merchantId(): MerchantId {
    return this.#db.tenant.merchantId;
  }

  /** Where the feed is; null until the first `sync` has ended. */
  get position(): Position | null {
    return this.#position;
  }

  /** Takes an event of which a hint spoke. Answers whether the hint shows that the feed must `sync`. */
  offer(event: RecordedEvent): 'taken' | 'behind' {
    const at = this.#position;
    if (!at || (at.epoch !== null && at.epoch !== event.epoch) || event.seq > at.seq + 1) return 'behind';
    if (event.seq <= at.seq) return 'taken';
    this.#push(event, event.epoch);
    return 'taken';
  }

  /** Brings the feed to what the database holds now. Shared by all who ask while a read is under way. */
  readonly sync = sharedRead(() => this.#db.read((tx) => this.#readOn(tx)));

  /** The frames after `seq`, a page of them at most; null when they cannot be had whole. */
  async framesAfter(seq: number): Promise<readonly EventFrame[] | null> {
    return this.#ring.after(seq) ?? (await this.#page(seq));
  }

  async #readOn(tx: TenantTx): Promise<void> {
    const from = this.#position;
    const head = await readHead(tx, this.channel);
    if (!from) this.#position = head;
    else if (!withinReach(head, from)) this.#restartAt(head);
    else await this.#fill(tx, from, head);
  }

  async #fill(tx: TenantTx, from: Position, head: Position): Promise<void> {
    for (let after = from.seq; after < head.seq;) {
      const events = await readEvents(tx, this.channel, { after, upTo: head.seq });
      if (!events) return this.#restartAt(head);
      // Hints may have brought some of them meanwhile.
      for (const event of events) if (event.seq === this.#nextSeq) this.#push(event, head.epoch);
      after += events.length;
    }
  }

  get #nextSeq(): number {
    return (this.#position?.seq ?? 0) + 1;
  }

  #push(event: StreamedEvent, epoch: string | null): void {
    if (!this.#position) return;
    this.#position = { ...this.#position, epoch, seq: event.seq };
    const frame = this.#frame(event, this.#position);
    this.#ring.push(frame);
    for (const subscriber of this.subscribers) subscriber.deliver(frame);
  }

  #restartAt(head: Position): void {
    this.#position = head;
    this.#ring.clear();
    this.#pages.clear();
    for (const subscriber of this.subscribers) subscriber.reset();
  }

  /** Many clients come back at once from about the same place: those that need the same page share its read. */
  async #page(seq: number): Promise<readonly EventFrame[] | null> {
    const shared = this.#pages.get(seq);
    if (shared) return shared;
    const page = this.#readPage(seq).finally(() => this.#pages.delete(seq));
    this.#pages.set(seq, page);
    return page;
  }

  async #readPage(after: number): Promise<readonly EventFrame[] | null> {
    const head = this.#position;
    if (!head) return null;
    const events = await this.#db.read((tx) => readEvents(tx, this.channel, { after, upTo: head.seq }));
    return events?.map((event) => this.#frame(event, head)) ?? null;
  }

  #frame(event: StreamedEvent, head: Position): EventFrame {
    return { seq: event.seq, bytes: textFrame(eventMessage(this.channel, head, event)) };
  }
}
