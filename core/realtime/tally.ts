/** Counts who is inside, by key, up to a limit for each. */
export class Tally {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  hasRoom(key: string): boolean {
    return this.#countOf(key) < this.#max;
  }

  enter(key: string): void {
    this.#counts.set(key, this.#countOf(key) + 1);
  }

  leave(key: string): void {
    const count = this.#countOf(key);
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
  }

  #countOf(key: string): number {
    return this.#counts.get(key) ?? 0;
  }
}
