import { Type, type Static } from 'typebox';
import { Nullable } from '#core/values/schema.ts';

/** How far an import has come. */
export interface ImportProgress {
  /** Products that were read, whatever became of them. */
  readonly products: number;
  readonly created: number;
  readonly updated: number;
  readonly failed: number;
  readonly line: number;
}

export interface ImportReport extends ImportProgress {
  readonly dryRun: boolean;
  /** Of the products created and updated. */
  readonly variants: number;
  readonly options: number;
  /** In the order of lines; not more than ten thousand. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

/** `failed`: the file could not be taken at all; `broken_off`: the server ended before the import did, which can be run again. */
const ImportStateSchema = Type.Union([
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('broken_off'),
]);

export type ImportState = Static<typeof ImportStateSchema>;

const IMPORT = {
  id: Type.String(),
  state: ImportStateSchema,
  dry_run: Type.Boolean(),
  file_name: Type.String(),
  products: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  failed: Type.Integer(),
  /** The last line that was read. */
  line: Type.Integer(),
  failure: Nullable(Type.String()),
  created_at: Type.String(),
  finished_at: Nullable(Type.String()),
};

const ImportSummarySchema = Type.Object(IMPORT);

/** An import with every bad line of its file. */
export const ProductImportSchema = Type.Object({
  ...IMPORT,
  problems: Type.Array(Type.Object({ line: Type.Integer(), reason: Type.String() })),
});

export const ProductImportListSchema = Type.Object({
  data: Type.Array(ImportSummarySchema),
  next_cursor: Type.Null(),
});

export type ProductImport = Static<typeof ProductImportSchema>;
