import { Type } from 'typebox';
import { idBehind, opaqueId, type PromotionId } from '#core/values/ids.ts';
import { idAtCursor, pageOf, PageQuery } from '#core/values/page.ts';
import { route } from '../route.ts';
import {
  promotionById,
  promotionsBefore,
  redemptionsBefore,
  type PromotionRow,
} from './promotion-queries.ts';
import {
  ChangedPromotionSchema,
  NewPromotionSchema,
  PromotionListSchema,
  PromotionSchema,
  RedemptionListSchema,
  type PromotionView,
  type RedemptionList,
} from './promotion-view.ts';
import { savePromotion } from './save-promotion.ts';

const PromotionParams = Type.Object({ promotion: Type.String() });

const MANAGED = { audience: 'staff', ability: 'promotions.manage' } as const;

export const promotionRoutes = [
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/promotions.json',
    summary: 'Promotion codes of the store, newest first',
    query: PageQuery,
    answers: { 200: PromotionListSchema },
    handle: async ({ db, query: { cursor, limit } }) => {
      const rows = await db.read((tx) =>
        promotionsBefore(tx, { before: idAtCursor('po', cursor, Number.MAX_SAFE_INTEGER), limit }),
      );
      return pageOf(rows, { limit, view: promotionView, cursorOf: ({ id }) => opaqueId('po', id) });
    },
  }),
  route({
    ...MANAGED,
    method: 'POST',
    path: '/dashboard/promotions',
    summary: 'Makes a promotion code',
    body: NewPromotionSchema,
    answers: { 201: PromotionSchema },
    errors: ['PROMOTION_CODE_TAKEN'],
    handle: async ({ db, body, actor, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      const made = await db.write((tx) => savePromotion(tx, { terms: body, changed: null, act }));
      return reply.status(201).send(promotionView(made));
    },
  }),
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/promotions/:promotion.json',
    summary: 'A promotion code',
    params: PromotionParams,
    answers: { 200: PromotionSchema },
    errors: ['PROMOTION_NOT_FOUND'],
    handle: async ({ db, params }) =>
      promotionView(await db.read((tx) => promotionById(tx, idOf(params.promotion)))),
  }),
  route({
    ...MANAGED,
    method: 'PUT',
    path: '/dashboard/promotions/:promotion',
    summary: 'Changes a promotion code, or takes it out of use',
    params: PromotionParams,
    body: ChangedPromotionSchema,
    answers: { 200: PromotionSchema },
    errors: ['PROMOTION_NOT_FOUND', 'PROMOTION_CHANGED', 'PROMOTION_CODE_TAKEN'],
    handle: async ({ db, params, body: { version, ...terms }, actor, request }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      return promotionView(
        await db.write(async (tx) => {
          const { id } = await promotionById(tx, idOf(params.promotion));
          return savePromotion(tx, { terms, changed: { id, version }, act });
        }),
      );
    },
  }),
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/promotions/:promotion/redemptions.json',
    summary: 'The orders that used a promotion code, newest first',
    params: PromotionParams,
    query: PageQuery,
    answers: { 200: RedemptionListSchema },
    errors: ['PROMOTION_NOT_FOUND'],
    handle: async ({ db, params, query: { cursor, limit } }) => {
      const rows = await db.read(async (tx) => {
        const { id } = await promotionById(tx, idOf(params.promotion));
        return redemptionsBefore(tx, id, {
          before: idAtCursor('re', cursor, Number.MAX_SAFE_INTEGER),
          limit,
        });
      });
      return pageOf(rows, { limit, view: redemptionView, cursorOf: ({ id }) => opaqueId('re', id) });
    },
  }),
];

function idOf(text: string): PromotionId | null {
  return idBehind<PromotionId>('po', text);
}

function promotionView({ id, starts_at, ends_at, created_at, ...row }: PromotionRow): PromotionView {
  return {
    ...row,
    id: opaqueId('po', id),
    starts_at: starts_at?.toISOString() ?? null,
    ends_at: ends_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}

type Redemption = RedemptionList['data'][number];

function redemptionView(row: Awaited<ReturnType<typeof redemptionsBefore>>[number]): Redemption {
  return {
    order_number: `#${row.number}`,
    public_id: row.public_id,
    discount_cents: row.discount_cents,
    at: row.at.toISOString(),
    released_at: row.released_at?.toISOString() ?? null,
  };
}
