/** One measured figure: what was done, what came out, beside what it is held against. */
export interface BenchRow {
  readonly work: string;
  readonly value: number;
  readonly unit: string;
  /** The same work without StoreFlow around it, measured in the same run. */
  readonly baseline?: number;
  /** Ours to the baseline. */
  readonly ratio?: number;
  readonly target: string;
  readonly holds: boolean;
}
