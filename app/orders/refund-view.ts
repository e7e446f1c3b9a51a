import { Type, type Static } from 'typebox';
import { Absent, Nullable } from '#core/values/schema.ts';

const LINES_MAX = 100;
const QUANTITY_MAX = 999;
const REASON_LENGTH_MAX = 500;

/** A line of the order by its place in `items`, counted from 0, and how many pieces of it. */
const RefundLineSchema = Type.Object({
  position: Type.Integer({ minimum: 0, maximum: LINES_MAX }),
  quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
});

export const RefundRequestSchema = Type.Object({
  lines: Absent(Type.Array(RefundLineSchema, { minItems: 1, maxItems: LINES_MAX })),
  amount_cents: Absent(
    Type.Integer({
      minimum: 1,
      description:
        'What goes back. Without it: what the lines cost with their discounts and taxes; without lines too, all that is left.',
    }),
  ),
  reason: Type.String({ minLength: 1, maxLength: REASON_LENGTH_MAX, pattern: String.raw`\S` }),
  restock: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Whether the pieces go back on the shelf: those of the lines, or all',
    }),
  ),
});
export type RefundRequest = Static<typeof RefundRequestSchema>;

export const RefundSchema = Type.Object({
  refund_id: Type.String(),
  state: Type.Union([Type.Literal('pending'), Type.Literal('done'), Type.Literal('refused')], {
    description: 'pending until the payment provider has answered',
  }),
  amount_cents: Type.Integer(),
  currency: Type.String(),
  reason: Type.String(),
  restock: Type.Boolean(),
  lines: Type.Array(RefundLineSchema),
  requested_at: Type.String({ format: 'date-time' }),
  settled_at: Nullable(Type.String({ format: 'date-time' })),
});
export type Refund = Static<typeof RefundSchema>;
