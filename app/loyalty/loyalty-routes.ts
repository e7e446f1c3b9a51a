import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isToBeDone } from '#core/db/idempotency.ts';
import { OptionalKeyHeader, optionalPromiseOf } from '#core/http/idempotency-key.ts';
import type { Actor } from '#core/security/audit.ts';
import { opaqueId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { route } from '../route.ts';
import { adjustPoints } from './adjust-points.ts';
import {
  customerWithPoints,
  lockCustomerWithPoints,
  pointsLedger,
  programmeView,
  type PointsChangeRow,
} from './loyalty-queries.ts';
import {
  AdjustmentSchema,
  BalanceSchema,
  ManagersMayManageSchema,
  PointsChangeSchema,
  ProgrammeFieldsSchema,
  ProgrammeSchema,
  type PointsChange,
} from './loyalty-view.ts';
import { letManagersManage, saveProgramme } from './save-programme.ts';

const CustomerParams = Type.Object({ public_id: Type.String() });

const MANAGED = { audience: 'staff', ability: 'loyalty.manage' } as const;

export const loyaltyRoutes = [
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/loyalty.json',
    summary: 'The merchant’s loyalty programme',
    answers: { 200: ProgrammeSchema },
    handle: ({ db }) => db.read(programmeView),
  }),
  route({
    ...MANAGED,
    method: 'PUT',
    path: '/dashboard/loyalty',
    summary: 'Makes this the merchant’s loyalty programme',
    body: ProgrammeFieldsSchema,
    answers: { 200: ProgrammeSchema },
    errors: ['LOYALTY_CHANGED'],
    handle: ({ db, body, actor, request }) =>
      db.write((tx) => saveProgramme(tx, body, actOf(actor, request))),
  }),
  route({
    audience: 'staff',
    ability: 'merchant.manage',
    method: 'PATCH',
    path: '/dashboard/loyalty/managers',
    summary: 'Lets managers run the loyalty programme, or keeps it to owners',
    body: ManagersMayManageSchema,
    answers: { 200: ProgrammeSchema },
    handle: ({ db, body, actor, request }) =>
      db.write((tx) => letManagersManage(tx, body.managers_may_manage, actOf(actor, request))),
  }),
  route({
    ...MANAGED,
    method: 'GET',
    path: '/dashboard/customers/:public_id/points.json',
    summary: 'How a customer came to their points, newest first',
    params: CustomerParams,
    query: PageQuery,
    answers: { 200: PageOf(PointsChangeSchema) },
    errors: ['CUSTOMER_NOT_FOUND'],
    handle: async ({ db, params, query: { cursor, limit } }) => {
      const before = idAtCursor('lo', cursor, Number.MAX_SAFE_INTEGER);
      const rows = await db.read(async (tx) => {
        const id = await customerWithPoints(tx, params.public_id);
        return pointsLedger(tx, id, { before, limit });
      });
      return pageOf(rows, { limit, view: changeView, cursorOf: ({ id }) => opaqueId('lo', id) });
    },
  }),
  route({
    ...MANAGED,
    method: 'POST',
    path: '/dashboard/customers/:public_id/points',
    summary:
      'Gives points to a customer or takes some, with a reason; once per Idempotency-Key, if it has one',
    params: CustomerParams,
    headers: OptionalKeyHeader,
    body: AdjustmentSchema,
    answers: { 201: BalanceSchema },
    errors: ['CUSTOMER_NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
    handle: async ({ db, params, body, actor, request, reply }) => {
      const key = optionalPromiseOf(request, { route: 'points', actor, content: { ...params, ...body } });
      const { points } = await db.write(async (tx) => {
        const isDone = !(await isToBeDone(tx, key));
        const customer = await lockCustomerWithPoints(tx, params.public_id);
        if (isDone) return customer;
        const { delta, reason } = body;
        return adjustPoints(tx, {
          customerId: customer.id,
          delta,
          note: reason.trim(),
          act: actOf(actor, request),
        });
      });
      return reply.status(201).send({ points });
    },
  }),
];

function actOf(actor: Actor, { id }: FastifyRequest) {
  return { actor, requestId: id, at: new Date() };
}

function changeView({ id, number, at, ...row }: PointsChangeRow): PointsChange {
  return {
    ...row,
    id: opaqueId('lo', id),
    order_number: number === null ? null : `#${number}`,
    at: at.toISOString(),
  };
}
