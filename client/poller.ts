import { within } from './within.ts';
import type { PollAnswer } from './protocol.ts';
import type { ChannelSubscription } from './subscription.ts';

/** Time between two rounds; each is shortened by up to half at random. */
const POLL_INTERVAL_MS = 2_000;
const POLL_TIMEOUT_MS = 10_000;

export type FetchEvents = (channel: string, cursor: string) => Promise<PollAnswer>;

export interface PollerOptions {
  readonly fetchEvents: FetchEvents;
  readonly subscriptions: Iterable<ChannelSubscription>;
  readonly random: () => number;
  /** Called after each round: whether the server answered. */
  readonly onRound: (answered: boolean) => void;
  readonly onReset: (subscription: ChannelSubscription) => void;
}

/** Fetches what happened every second or two, for networks in which sockets do not get through. */
export class Poller {
  readonly #options: PollerOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Identifies the run in progress, so that answers of an earlier one are not applied. */
  #run: symbol | null = null;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#run) return;
    this.#run = Symbol('run');
    void this.#round(this.#run);
  }

  stop(): void {
    this.#run = null;
    clearTimeout(this.#timer);
  }

  async #round(run: symbol): Promise<void> {
    const answered = await this.#pollAll(run).finally(() => this.#againLater(run));
    if (this.#run === run) this.#options.onRound(answered);
  }

  #againLater(run: symbol): void {
    if (this.#run !== run) return;
    const delayMs = POLL_INTERVAL_MS * (1 - this.#options.random() / 2);
    this.#timer = setTimeout(() => void this.#round(run), delayMs);
  }

  async #pollAll(run: symbol): Promise<boolean> {
    for (const subscription of this.#options.subscriptions) {
      if (!(await this.#poll(subscription, run))) return false;
    }
    return true;
  }

  /** Answers whether the server did. */
  async #poll(subscription: ChannelSubscription, run: symbol): Promise<boolean> {
    const { channel, cursor, state } = subscription;
    if (this.#run !== run || state === 'renewing') return true;
    const answer = await this.#fetch(channel, cursor);
    if (!answer) return false;
    // A socket or a snapshot may have overtaken it: what came is then no longer what follows.
    if (this.#run !== run || subscription.cursor !== cursor) return true;
    if ('reset' in answer) this.#options.onReset(subscription);
    else subscription.takeAll(answer.events, answer.cursor);
    return true;
  }

  #fetch(channel: string, cursor: string | undefined): Promise<PollAnswer | null> {
    if (cursor === undefined) return Promise.resolve({ reset: true });
    return within(POLL_TIMEOUT_MS, this.#options.fetchEvents(channel, cursor)).catch(() => null);
  }
}
