import { Type } from 'typebox';
import { sendCsv } from '#core/http/csv.ts';
import { route } from '../route.ts';
import { exportOrders } from './export-orders.ts';
import { OrderStatusSchema } from '../orders/order-view.ts';

export const orderExportRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/orders.csv',
    audience: 'staff',
    ability: 'orders.history',
    summary: 'The orders that a filter of the history finds, as a CSV',
    query: Type.Object({
      status: Type.Optional(OrderStatusSchema),
      search: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    answers: { 200: Type.String() },
    handle: async ({ db, actor, query, request, reply }) => {
      const filter = { status: query.status, search: query.search?.trim() };
      const act = { actor, requestId: request.id, at: new Date() };
      return sendCsv(reply, 'orders.csv', await exportOrders(db, filter, act));
    },
  }),
];
