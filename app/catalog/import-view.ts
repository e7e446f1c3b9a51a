/** How far an import has come. */
export interface ImportProgress {
  /** Products that were read, whatever became of them. */
  readonly products: number;
  readonly created: number;
  readonly updated: number;
  readonly failed: number;
  readonly line: number;
}

export interface ImportReport {
  readonly dryRun: boolean;
  /** Products in the file: created, updated and failed ones. */
  readonly products: number;
  readonly created: number;
  readonly updated: number;
  /** Products that were left out because of the problems below. */
  readonly failed: number;
  /** Of the products created and updated. */
  readonly variants: number;
  readonly options: number;
  /** In the order of lines; not more than ten thousand. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}
