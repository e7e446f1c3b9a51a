import { Type, type Static } from 'typebox';
import { AMOUNT_MAX_CENTS } from '#core/values/money.ts';
import { Absent, Nullable, VersionSeen } from '#core/values/schema.ts';

const CODE_LENGTH_MIN = 3;
const CODE_LENGTH_MAX = 40;
const USES_MAX = 2_000_000_000;

const Kind = Type.Union([Type.Literal('percentage'), Type.Literal('fixed'), Type.Literal('free_shipping')]);
const Time = Type.String({ format: 'date-time', maxLength: 40 });
const Percent = Type.Integer({ minimum: 1, maximum: 100 });
const Amount = Type.Integer({ minimum: 1, maximum: AMOUNT_MAX_CENTS });
const Limit = Type.Integer({ minimum: 1, maximum: USES_MAX });

/** What staff say of a promotion. `percent` goes with `percentage`, `amount_cents` with `fixed`. */
const Terms = {
  code: Type.String({
    minLength: CODE_LENGTH_MIN,
    maxLength: CODE_LENGTH_MAX,
    pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$',
    description: 'Compared without regard to case',
    examples: ['SPRING-10'],
  }),
  kind: Kind,
  percent: Absent(Percent),
  amount_cents: Absent(Amount),
  minimum_cents: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: AMOUNT_MAX_CENTS,
      description: 'Of the goods at their sale prices, before discounts',
    }),
  ),
  starts_at: Absent(Time),
  ends_at: Absent(Time),
  uses_max: Absent(Limit),
  uses_per_customer_max: Absent(Limit),
  active: Type.Optional(Type.Boolean({ description: 'False takes the code out of use' })),
};

export const NewPromotionSchema = Type.Object(Terms);
export type PromotionTerms = Static<typeof NewPromotionSchema>;

export const ChangedPromotionSchema = Type.Object({
  ...Terms,
  version: VersionSeen(),
});

export const PromotionSchema = Type.Object({
  id: Type.String(),
  code: Type.String(),
  kind: Kind,
  percent: Nullable(Type.Integer()),
  amount_cents: Nullable(Type.Integer()),
  minimum_cents: Type.Integer(),
  starts_at: Nullable(Time),
  ends_at: Nullable(Time),
  uses_max: Nullable(Type.Integer()),
  uses_per_customer_max: Nullable(Type.Integer()),
  uses: Type.Integer({ description: 'By orders that were not cancelled, and by payments under way' }),
  active: Type.Boolean(),
  version: Type.Integer(),
  created_at: Time,
});
export type PromotionView = Static<typeof PromotionSchema>;

export const PromotionListSchema = Type.Object({
  data: Type.Array(PromotionSchema),
  next_cursor: Nullable(Type.String()),
});

export const RedemptionListSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      order_number: Type.String({ examples: ['#1001'] }),
      public_id: Type.String(),
      discount_cents: Type.Integer(),
      at: Time,
      released_at: Nullable(Time),
    }),
  ),
  next_cursor: Nullable(Type.String()),
});
export type RedemptionList = Static<typeof RedemptionListSchema>;
