import { Type, type Static } from 'typebox';
import { AMOUNT_MAX_CENTS } from '#core/values/money.ts';
import { Nullable, VersionSeen } from '#core/values/schema.ts';

const POINTS_PER_UNIT_MAX = 1000;
const THRESHOLD_MAX = 1_000_000;
const ADJUSTMENT_MAX = 1_000_000;
const NOTE_LENGTH_MAX = 500;

const RewardSchema = Type.Union([
  Type.Object({
    kind: Type.Literal('fixed'),
    amount_cents: Type.Integer({ minimum: 1, maximum: AMOUNT_MAX_CENTS }),
  }),
  Type.Object({ kind: Type.Literal('percentage'), percent: Type.Integer({ minimum: 1, maximum: 100 }) }),
]);

const Terms = {
  points_per_currency_unit: Type.Integer({
    minimum: 0,
    maximum: POINTS_PER_UNIT_MAX,
    description: 'For each whole unit of the goods of an order',
  }),
  threshold: Type.Integer({
    minimum: 1,
    maximum: THRESHOLD_MAX,
    description: 'Points that one reward takes',
  }),
  reward: RewardSchema,
  active: Type.Boolean(),
};

export const ProgrammeSchema = Type.Object({
  programme: Nullable(Type.Object({ ...Terms, version: Type.Integer() })),
  managers_may_manage: Type.Boolean(),
});
export type ProgrammeView = Static<typeof ProgrammeSchema>;

export const ProgrammeFieldsSchema = Type.Object({
  ...Terms,
  version: VersionSeen({ least: 0 }),
});
export type ProgrammeFields = Static<typeof ProgrammeFieldsSchema>;

export const ManagersMayManageSchema = Type.Object({ managers_may_manage: Type.Boolean() });

export const AdjustmentSchema = Type.Object({
  delta: Type.Integer({ minimum: -ADJUSTMENT_MAX, maximum: ADJUSTMENT_MAX, description: 'Not 0' }),
  reason: Type.String({ minLength: 1, maxLength: NOTE_LENGTH_MAX, pattern: String.raw`\S` }),
});

export const BalanceSchema = Type.Object({ points: Type.Integer() });

export const OwnPointsSchema = Type.Object({
  points: Type.Integer(),
  version: Type.Integer({ description: 'Grows with each change: that of the events on the channel' }),
});
export type OwnPoints = Static<typeof OwnPointsSchema>;

export const PointsChangeSchema = Type.Object({
  id: Type.String(),
  delta: Type.Integer(),
  reason: Type.Union([
    Type.Literal('earned'),
    Type.Literal('redeemed'),
    Type.Literal('returned'),
    Type.Literal('clawed_back'),
    Type.Literal('adjustment'),
  ]),
  note: Nullable(Type.String()),
  order_number: Nullable(Type.String()),
  at: Type.String({ format: 'date-time' }),
});
export type PointsChange = Static<typeof PointsChangeSchema>;
