import { Type, type Static } from 'typebox';
import { PageOf } from '#core/values/page.ts';
import { Nullable } from '#core/values/schema.ts';

/** A variant's stock in one store. */
export const StockSchema = Type.Object({
  variant_id: Type.String(),
  counted: Type.Boolean({ description: 'What is not counted is always available' }),
  quantity: Nullable(Type.Integer({ description: 'Pieces that are there; null when they are not counted' })),
  low_threshold: Nullable(Type.Integer({ description: 'Staff are told when the quantity falls to it' })),
  backorder: Type.Boolean({ description: 'Whether it is sold on when nothing is left' }),
});

export type Stock = Static<typeof StockSchema>;

/** A change of a level, which is the sum of these. */
const StockChangeSchema = Type.Object({
  id: Type.String(),
  delta: Type.Integer(),
  reason: Type.String({ description: 'initial, import, adjustment, order_placed, order_cancelled, …' }),
  note: Nullable(Type.String()),
  order_number: Nullable(Type.String()),
  by: Nullable(Type.String({ description: 'Who adjusted it' })),
  at: Type.String({ format: 'date-time' }),
});

export type StockChange = Static<typeof StockChangeSchema>;

export const StockWithLedgerSchema = Type.Object({
  ...StockSchema.properties,
  ledger: PageOf(StockChangeSchema),
});
