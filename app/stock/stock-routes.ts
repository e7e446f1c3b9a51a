import { Type } from 'typebox';
import { isToBeDone } from '#core/db/idempotency.ts';
import { OptionalKeyHeader, optionalPromiseOf } from '#core/http/idempotency-key.ts';
import { PageQuery } from '#core/values/page.ts';
import { Absent, Nullable } from '#core/values/schema.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { adjustStock, changeStockSettings, PIECES_MAX, type Adjustment } from './change-stock.ts';
import { lockedLevel, projectStock, stockWithLedger, variantInStore } from './stock-queries.ts';
import { StockSchema, StockWithLedgerSchema } from './stock-view.ts';

const THRESHOLD_MAX = 1_000_000;
const NOTE_LENGTH_MAX = 200;

const VariantParams = Type.Object({ id: Type.String() });

const AdjustmentSchema = Type.Object({
  variant_id: Type.String({ maxLength: 40 }),
  delta: Absent(Type.Integer({ minimum: -PIECES_MAX, maximum: PIECES_MAX })),
  quantity: Absent(Type.Integer({ minimum: 0, maximum: PIECES_MAX })),
  reason_note: Type.String({ minLength: 1, maxLength: NOTE_LENGTH_MAX, pattern: '\\S' }),
});

const SettingsSchema = Type.Object({
  counted: Type.Optional(Type.Boolean()),
  low_threshold: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: THRESHOLD_MAX }))),
  backorder: Type.Optional(Type.Boolean()),
});

export const stockRoutes = [
  route({
    method: 'POST',
    path: '/dashboard/stock-adjustments',
    audience: 'staff',
    ability: 'products.manage',
    summary:
      'Takes or adds pieces of a variant (delta), or sets how many there are (quantity); once per Idempotency-Key, if it has one',
    headers: OptionalKeyHeader,
    body: AdjustmentSchema,
    answers: { 201: StockSchema },
    errors: ['VARIANT_NOT_FOUND', 'STOCK_NOT_COUNTED', 'STOCK_TOO_LOW', 'IDEMPOTENCY_KEY_REUSED'],
    handle: async ({ db, actor, body, request, reply }) => {
      const adjustment = adjustmentOf(body);
      const key = optionalPromiseOf(request, { route: 'stock', actor, content: body });
      const level = await db.write(async (tx) => {
        const isDone = !(await isToBeDone(tx, key));
        const variantId = await variantInStore(tx, body.variant_id);
        if (isDone) return lockedLevel(tx, variantId);
        return adjustStock(tx, {
          variantId,
          adjustment,
          note: body.reason_note.trim(),
          act: { actor, requestId: request.id, at: new Date() },
        });
      });
      return reply.status(201).send(projectStock(level));
    },
  }),
  route({
    method: 'GET',
    path: '/dashboard/variants/:id/stock.json',
    audience: 'staff',
    ability: 'products.see',
    summary: 'What the store has of a variant, and how that came about, newest first',
    params: VariantParams,
    query: Type.Object({
      ...PageQuery.properties,
      cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
    }),
    answers: { 200: StockWithLedgerSchema },
    errors: ['VARIANT_NOT_FOUND'],
    handle: ({ db, params, query }) =>
      db.read(async (tx) => stockWithLedger(tx, await variantInStore(tx, params.id), query)),
  }),
  route({
    method: 'PATCH',
    path: '/dashboard/variants/:id/stock',
    audience: 'staff',
    ability: 'products.manage',
    summary:
      'Changes whether a variant is counted, when staff are told that it runs low, and whether it is sold on without stock',
    params: VariantParams,
    body: SettingsSchema,
    answers: { 200: StockSchema },
    errors: ['VARIANT_NOT_FOUND'],
    handle: async ({ db, actor, params, body, request }) => {
      const level = await db.write(async (tx) =>
        changeStockSettings(tx, {
          variantId: await variantInStore(tx, params.id),
          settings: { counted: body.counted, lowThreshold: body.low_threshold, backorder: body.backorder },
          act: { actor, requestId: request.id, at: new Date() },
        }),
      );
      return projectStock(level);
    },
  }),
];

function adjustmentOf({ delta, quantity }: { delta?: number | null; quantity?: number | null }): Adjustment {
  const [some, all] = [delta ?? null, quantity ?? null];
  if (some !== null && all === null) return { delta: some };
  if (all !== null && some === null) return { quantity: all };
  const errors = { delta: ['give this or quantity'], quantity: ['give this or delta'] };
  throw refusal('VALIDATION_FAILED', 'Expected either delta or quantity.', { errors });
}
