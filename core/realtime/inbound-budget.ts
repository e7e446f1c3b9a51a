/** How many messages a client may send within one window of time. */
export class InboundBudget {
  readonly #max: number;
  readonly #windowMs: number;
  #windowStartedAt = 0;
  #count = 0;

  constructor(max: number, windowMs: number) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  /** Counts one message; answers whether it is within the budget. */
  allows(now: number): boolean {
    if (now - this.#windowStartedAt >= this.#windowMs) {
      this.#windowStartedAt = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#max;
  }
}
