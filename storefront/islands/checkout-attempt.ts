import { Refused, Unreachable, type Checkout, type PlacedOrder, type Problem } from './api.ts';

/** An order on its way: what was sent, and the key that makes sending it again harmless. */
export interface Attempt {
  readonly key: string;
  readonly body: Checkout;
}

export type Outcome =
  | { readonly kind: 'placed'; readonly order: PlacedOrder }
  /** The server said no: no order exists. */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly retryAfterS: number | null }
  /** Nobody knows. The attempt is kept, to be sent again. */
  | { readonly kind: 'uncertain' };

export interface AttemptOptions {
  readonly send: (key: string, body: Checkout) => Promise<PlacedOrder>;
  /** Waits that many seconds; `asked` when the server named the time. */
  readonly wait: (seconds: number, asked: boolean) => Promise<void>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly slug: string;
}

const TRIES_MAX = 5;
const FIRST_DELAY_S = 1;
const DELAY_MAX_S = 30;
const KEY_BYTES = 16;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERRORS_FROM = 500;

/**
 * Sends orders so that each exists once, whatever the network does. The attempt is written down before it is sent and struck out only by
 * a definite answer; until then everything that sends, also after a reload, sends the same key and body.
 */
export class Attempts {
  readonly #options: AttemptOptions;
  readonly #name: string;

  constructor(options: AttemptOptions) {
    this.#options = options;
    this.#name = `storeflow.checkout.${options.slug}`;
  }

  /** The attempt whose fate is not known yet, if there is one. */
  get pending(): Attempt | null {
    try {
      const attempt = JSON.parse(this.#options.storage.getItem(this.#name) ?? 'null') as Attempt | null;
      return typeof attempt?.key === 'string' && typeof attempt.body === 'object' ? attempt : null;
    } catch {
      return null;
    }
  }

  /** Sends a new order; or the pending one, if there is one: two orders must not come of two taps. */
  async place(body: Checkout): Promise<Outcome> {
    const attempt = this.pending ?? { key: newKey(), body };
    this.#options.storage.setItem(this.#name, JSON.stringify(attempt));
    const outcome = await this.#send(attempt);
    if (outcome.kind !== 'uncertain') this.#options.storage.removeItem(this.#name);
    return outcome;
  }

  async #send({ key, body }: Attempt): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      try {
        return { kind: 'placed', order: await this.#options.send(key, body) };
      } catch (error) {
        const retryAfterS = error instanceof Refused ? error.retryAfterS : null;
        if (error instanceof Refused && isDefinite(error.problem)) {
          return { kind: 'refused', problem: error.problem, retryAfterS };
        }
        if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
        if (tries === TRIES_MAX) return { kind: 'uncertain' };
        const delay = retryAfterS ?? FIRST_DELAY_S * 2 ** (tries - 1);
        await this.#options.wait(Math.min(DELAY_MAX_S, delay), retryAfterS !== null);
      }
    }
  }
}

/** After a server error the order may exist all the same; any other refusal says that it does not. */
function isDefinite({ status }: Problem): boolean {
  return status < SERVER_ERRORS_FROM || status === TOO_MANY_REQUESTS;
}

/** `crypto.randomUUID` is missing on pages that came over plain HTTP from another machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
