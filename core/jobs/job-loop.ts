import { setTimeout as sleep } from 'node:timers/promises';

/** What a loop does with jobs that are rows somewhere, of which it claims what is due. */
export interface JobLoopOptions<Job> {
  /** Jobs that run at the same time. */
  readonly slots: number;
  /** Claims at most so many due jobs. */
  readonly claim: (limit: number) => Promise<readonly Job[]>;
  /** Runs a job to its end, failures included: must not reject. */
  readonly run: (job: Job) => Promise<void>;
  readonly onClaimFailed: (error: unknown) => void;
}

export interface JobLoop {
  /** Says that there may be something to do. A hint: it may be lost, repeated or wrong. */
  wake(): void;
  /** Claims nothing more; resolves when what is running has ended. */
  stop(): Promise<void>;
}

/** What a lost wake costs at most. */
const POLL_INTERVAL_MS = 1_000;
/** Between one claim and the next: a claim costs much the same whatever it brings, so under load each is to bring several jobs. */
const CLAIM_INTERVAL_MS = 20;

/** Starts to claim and run jobs, at once and whenever it is woken. */
export function startJobLoop<Job>(options: JobLoopOptions<Job>): JobLoop {
  return new Loop(options);
}

class Loop<Job> implements JobLoop {
  readonly #options: JobLoopOptions<Job>;
  readonly #timer: NodeJS.Timeout;
  readonly #inHand = new Set<Promise<void>>();
  #running = 0;
  #claiming = false;
  #woken = false;
  #stopped = false;

  constructor(options: JobLoopOptions<Job>) {
    this.#options = options;
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
    while (this.#woken && !this.#stopped && this.#running < this.#options.slots) {
      this.#woken = false;
      for (const job of await this.#claim()) this.#keep(this.#run(job));
      await sleep(CLAIM_INTERVAL_MS);
    }
    this.#claiming = false;
  }

  async #claim(): Promise<readonly Job[]> {
    try {
      return await this.#options.claim(this.#options.slots - this.#running);
    } catch (error) {
      this.#options.onClaimFailed(error);
      return [];
    }
  }

  /** What ends makes room, and may have held up the next one of its key: so each end is a wake. */
  async #run(job: Job): Promise<void> {
    this.#running += 1;
    try {
      await this.#options.run(job);
    } finally {
      this.#running -= 1;
      this.wake();
    }
  }

  #keep(work: Promise<void>): void {
    this.#inHand.add(work);
    void work.finally(() => this.#inHand.delete(work));
  }
}
