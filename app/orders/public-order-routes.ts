import { Type } from 'typebox';
import { positionOf } from '#core/realtime/position.ts';
import { pollChannel, PollAnswerSchema, PollQuery } from '#core/realtime/poll.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { route } from '../route.ts';
import { storeConfig } from '../stores/store-queries.ts';
import { customerOrderChannel } from './order-channels.ts';
import { publicOrder } from './order-projection.ts';
import { orderByPublicId } from './order-queries.ts';
import { PublicOrderSchema } from './order-view.ts';

const OrderParams = Type.Object({
  public_id: Type.String({ description: 'The order’s token: whoever holds it may see the order' }),
});

export const publicOrderRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/orders/:public_id',
    audience: 'order_holder',
    ability: 'order.track',
    summary: 'An order, for whoever holds its token',
    params: OrderParams,
    answers: { 200: PublicOrderSchema },
    answerHeaders: { 'stream-cursor': 'The position from which to follow the order’s channel' },
    handle: async ({ db, params, reply }) => {
      const { order, cursor } = await trackedOrder(db, params.public_id);
      return reply.header('stream-cursor', cursor).send(order);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/orders/:public_id/events',
    audience: 'order_holder',
    ability: 'order.track',
    summary: 'The events of an order after a position, for clients whose network blocks sockets',
    params: OrderParams,
    query: PollQuery,
    answers: { 200: PollAnswerSchema },
    handle: ({ db, params, query }) =>
      pollChannel({
        db,
        channel: customerOrderChannel(params.public_id),
        cursor: query.cursor,
      }),
  }),
];

/** The order as its customer sees it, with the position of its channel at that moment. */
export function trackedOrder(db: TenantDb<StoreTenant>, publicId: string) {
  return db.snapshot(async (tx) => {
    const cursor = await positionOf(tx, customerOrderChannel(publicId));
    const store = await storeConfig(tx);
    return { order: publicOrder(await orderByPublicId(tx, publicId), store), store, cursor };
  });
}
