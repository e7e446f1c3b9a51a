import type { Database } from '#core/db/database.ts';
import type { Log } from '#core/telemetry/log.ts';
import { claimDeliveries, type Claim } from './claim-deliveries.ts';
import { describeFailure } from './describe-failure.ts';
import type { Listener } from './listener.ts';
import { runDelivery } from './run-delivery.ts';
import { settleFailed } from './settle-delivery.ts';

/** Deliveries that one process runs at the same time. */
const CONCURRENCY_MAX = 4;
/** What a lost wake costs at most. */
const POLL_INTERVAL_MS = 1_000;
/** How long a delivery of a dead process waits for another one. Three times the deadline of a transaction, so it needs no renewal. */
const LEASE_MS = 30_000;

export interface DeliveryWorkerOptions<Outside> {
  readonly database: Pick<Database, 'listener' | 'system'>;
  /** All that may be delivered to, each under a name of its own. */
  readonly listeners: readonly Listener<Outside>[];
  /** What outward listeners reach outside the database. */
  readonly outside: Outside;
  readonly log: Log;
  readonly leaseMs?: number;
}

export interface DeliveryWorker {
  /** Says that there may be something to do. A hint: it may be lost, repeated or wrong. */
  wake(): void;
  /** Claims nothing more; resolves when what is running has ended. */
  stop(): Promise<void>;
}

/** Starts to deliver events: claim → run → settle. The rows are the truth; any number of workers may share them. */
export function startDeliveryWorker<Outside>(options: DeliveryWorkerOptions<Outside>): DeliveryWorker {
  return new Worker(options);
}

class Worker<Outside> implements DeliveryWorker {
  readonly #options: DeliveryWorkerOptions<Outside>;
  readonly #listeners: ReadonlyMap<string, Listener<Outside>>;
  readonly #timer: NodeJS.Timeout;
  readonly #inHand = new Set<Promise<void>>();
  #running = 0;
  #claiming = false;
  #woken = false;
  #stopped = false;

  constructor(options: DeliveryWorkerOptions<Outside>) {
    this.#options = options;
    this.#listeners = byName(options.listeners);
    this.#timer = setInterval(() => this.wake(), POLL_INTERVAL_MS);
    this.wake();
  }

  wake(): void {
    this.#woken = true;
    if (!this.#claiming && !this.#stopped) this.#keep(this.#claimWhileWoken());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  async #claimWhileWoken(): Promise<void> {
    this.#claiming = true;
    while (this.#woken && !this.#stopped && this.#running < CONCURRENCY_MAX) {
      this.#woken = false;
      for (const claim of await this.#claim()) this.#keep(this.#deliver(claim));
    }
    this.#claiming = false;
  }

  async #claim(): Promise<readonly Claim[]> {
    const { database, leaseMs = LEASE_MS } = this.#options;
    const limit = CONCURRENCY_MAX - this.#running;
    try {
      return await claimDeliveries(database.system, {
        listeners: [...this.#listeners.keys()],
        limit,
        leaseMs,
      });
    } catch (error) {
      this.#options.log.warn(
        { failure: describeFailure(error) },
        'deliveries could not be claimed; tried again within a second',
      );
      return [];
    }
  }

  /** What ends makes room, and may have held up the next one of its key: so each end is a wake. */
  async #deliver(claim: Claim): Promise<void> {
    this.#running += 1;
    try {
      await this.#run(claim);
    } finally {
      this.#running -= 1;
      this.wake();
    }
  }

  async #run(claim: Claim): Promise<void> {
    try {
      const listener = this.#listeners.get(claim.listener);
      if (!listener) throw new Error(`expected a listener of this process, received ${claim.listener}`);
      await runDelivery(this.#options, listener, claim);
    } catch (error) {
      await this.#fail(claim, describeFailure(error));
    }
  }

  /** When the database cannot even take the failure, the end of the lease brings the delivery back. */
  async #fail(claim: Claim, failure: string): Promise<void> {
    const { database, log } = this.#options;
    const { merchantId, eventId, listener, attempts } = claim;
    const fields = { merchant_id: merchantId, event_id: eventId, listener, attempts, failure };
    const state = await settleFailed(database.system, claim, failure).catch(() => 'running' as const);
    if (state === 'dead') log.error(fields, 'a delivery is dead until it is redriven');
    else log.warn(fields, 'a delivery failed and will be repeated');
  }

  #keep(work: Promise<void>): void {
    this.#inHand.add(work);
    void work.finally(() => this.#inHand.delete(work));
  }
}

function byName<Outside>(listeners: readonly Listener<Outside>[]): ReadonlyMap<string, Listener<Outside>> {
  const map = new Map<string, Listener<Outside>>();
  for (const listener of listeners) {
    const other = map.get(listener.name);
    if (other && other !== listener)
      throw new Error(`listeners: expected names of their own, received ${listener.name} twice`);
    map.set(listener.name, listener);
  }
  return map;
}
