import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { pollChannel, PollAnswerSchema } from '#core/realtime/poll.ts';
import { positionOf } from '#core/realtime/position.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { Absent, VersionSeen } from '#core/values/schema.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import type { AtStore } from '../staff/staff-sessions.ts';
import { storeConfig } from '../stores/store-queries.ts';
import { notesOfOrder } from '../orders/add-note.ts';
import { advanceOrder } from '../orders/advance-order.ts';
import { historyPage } from './order-history.ts';
import { storeOrdersChannel } from '../orders/order-channels.ts';
import { boardOrder, orderDetail } from '../orders/order-projection.ts';
import { auditOfOrder, boardOrders, orderByPublicId, type OrderRow } from '../orders/order-queries.ts';
import { refundsOfOrder } from '../orders/refund-queries.ts';
import { BoardOrderSchema, OrderDetailSchema, OrderStatusSchema } from '../orders/order-view.ts';

const MINUTE_MS = 60_000;
/** More changes of one order than this in a minute are a mistake or an attack. */
const CHANGES_PER_MINUTE_MAX = 20;

const CURSOR_LENGTH_MAX = 200;

const OrderParams = Type.Object({ public_id: Type.String() });

const MoveSchema = Type.Object({
  status: OrderStatusSchema,
  version: VersionSeen(),
  tracking_code: Absent(Type.String({ maxLength: 120 })),
  tracking_url: Type.Optional(
    Type.Union([Type.String({ maxLength: 500, pattern: '^https?://[^\\s]+$' }), Type.Null()]),
  ),
  reason: Absent(Type.String({ maxLength: 500 })),
  promised_at: Absent(
    Type.String({ format: 'date-time', description: 'When an accepted pickup will be ready instead' }),
  ),
});

export const boardRoutes = [
  route({
    method: 'GET',
    path: '/dashboard',
    audience: 'staff',
    ability: 'orders.see',
    summary: 'The operations board',
    handle: async ({ db, staff, reply }) =>
      reply.inertia('orders/Board', {
        ...(await boardProps(db, staff)),
        ...(await board(db)),
      }),
  }),
  route({
    method: 'GET',
    path: '/dashboard/board.json',
    audience: 'staff',
    ability: 'orders.see',
    summary: 'The board’s orders with their position',
    answers: { 200: Type.Object({ cursor: Type.String(), orders: Type.Array(BoardOrderSchema) }) },
    handle: ({ db }) => board(db),
  }),
  route({
    method: 'GET',
    path: '/dashboard/board/events',
    audience: 'staff',
    ability: 'orders.see',
    summary: 'The board’s events after a position, for networks that block sockets',
    query: Type.Object({ cursor: Type.String({ maxLength: CURSOR_LENGTH_MAX }) }),
    answers: { 200: PollAnswerSchema },
    handle: ({ db, staff, query }) =>
      pollChannel({
        db,
        channel: storeOrdersChannel(staff.storeId),
        cursor: query.cursor,
      }),
  }),
  route({
    method: 'GET',
    path: '/dashboard/orders',
    audience: 'staff',
    ability: 'orders.history',
    summary: 'Orders of all times',
    query: Type.Object({
      status: Type.Optional(OrderStatusSchema),
      search: Type.Optional(Type.String({ maxLength: 100 })),
      cursor: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    handle: async ({ db, staff, query, reply }) =>
      reply.inertia('orders/OrderHistory', {
        ...(await boardProps(db, staff)),
        ...(await historyPage(db, query)),
      }),
  }),
  route({
    method: 'GET',
    path: '/dashboard/orders/:public_id.json',
    audience: 'staff',
    ability: 'orders.see',
    summary: 'An order with its customer and history',
    params: OrderParams,
    errors: ['ORDER_NOT_FOUND'],
    answers: { 200: OrderDetailSchema },
    handle: ({ db, params }) =>
      db.read(async (tx) => {
        const order = await orderByPublicId(tx, params.public_id);
        return orderDetail(order, {
          history: await auditOfOrder(tx, order.id),
          refunds: await refundsOfOrder(tx, order.id),
          notes: await notesOfOrder(tx, order.id),
        });
      }),
  }),
  route({
    method: 'PATCH',
    path: '/dashboard/orders/:public_id/status',
    audience: 'staff',
    ability: 'orders.move',
    summary: 'Moves an order to its next status, or cancels it',
    params: OrderParams,
    body: MoveSchema,
    errors: [
      'ORDER_NOT_FOUND',
      'ORDER_CHANGED',
      'ORDER_CANNOT_ADVANCE',
      'TRACKING_CODE_REQUIRED',
      'REASON_REQUIRED',
    ],
    answers: { 200: BoardOrderSchema },
    limit: {
      max: CHANGES_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
      keyOf: storeAndOrder,
    },
    handle: ({ db, staff, actor, params, body, request }) =>
      db.write(async (tx) => {
        const order = await advanceOrder(tx, {
          publicId: params.public_id,
          version: body.version,
          status: body.status,
          trackingCode: body.tracking_code?.trim() || null,
          trackingUrl: body.tracking_url ?? null,
          reason: body.reason?.trim() || null,
          promisedAt: body.promised_at ? new Date(body.promised_at) : null,
          actor,
          requestId: request.id,
          now: new Date(),
        });
        if (order.status === 'cancelled') refuseCancelUnlessAllowed(staff, order);
        return boardOrder(order);
      }),
  }),
];

/** By store too: someone who knows an order's token, but not its store, cannot use up the changes of those who work on it. */
export function storeAndOrder({ params, gateContext }: FastifyRequest): string {
  const { staff } = gateContext as { staff: AtStore };
  return `${staff.storeId} ${(params as Static<typeof OrderParams>).public_id}`;
}

/**
 * Staff may cancel what nobody has accepted yet; the rest is for those who may refund. Asked of the order as it was cancelled, whose
 * row is locked: asked before, it could be accepted meanwhile.
 */
function refuseCancelUnlessAllowed({ abilities }: AtStore, { accepted_at }: OrderRow): void {
  if (abilities.includes('orders.cancel')) return;
  if (accepted_at === null && abilities.includes('orders.cancel_pending')) return;
  throw refusal('FORBIDDEN', 'An order that was accepted may be cancelled by a manager or an owner.');
}

/** The orders and the position of the stream at which they are exactly so: events after it bring the board up to date. */
function board(db: TenantDb<StoreTenant>) {
  return db.snapshot(async (tx) => {
    const cursor = await positionOf(tx, storeOrdersChannel(tx.tenant.storeId));
    return { cursor, orders: (await boardOrders(tx)).map(boardOrder) };
  });
}

async function boardProps(db: TenantDb<StoreTenant>, staff: AtStore) {
  const { tenant: _, ...store } = await db.read(storeConfig);
  return { store, abilities: staff.abilities };
}
