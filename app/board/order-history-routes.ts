import { Type } from 'typebox';
import { sendCsv } from '#core/http/csv.ts';
import { PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { route } from '../route.ts';
import { boardOrder } from '../orders/order-projection.ts';
import { orderHistory } from '../orders/order-queries.ts';
import { BoardOrderSchema, OrderStatusSchema } from '../orders/order-view.ts';
import { exportOrders } from './export-orders.ts';
import { cursorAfter, filterOf, placeBehind } from './order-history.ts';

const Moment = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', description, examples: ['2026-03-02T09:00:00Z'] }));

const FilterQuery = {
  status: Type.Optional(OrderStatusSchema),
  search: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'An order’s number, or part of its customer’s name or e-mail address',
    }),
  ),
  placed_from: Moment('Placed at this moment or later'),
  placed_before: Moment('Placed before this moment'),
};

/** The orders of all times, for programs and as a file; people have a page of them. */
export const orderHistoryRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/orders.json',
    audience: 'staff',
    ability: 'orders.history',
    summary: 'Orders of all times, newest first',
    query: Type.Object({ ...FilterQuery, ...PageQuery.properties }),
    answers: { 200: PageOf(BoardOrderSchema) },
    handle: async ({ db, query: { cursor, limit, ...query } }) => {
      const wanted = { ...filterOf(query), after: placeBehind(cursor), limit };
      const rows = await db.read((tx) => orderHistory(tx, wanted));
      return pageOf(rows, { limit, view: boardOrder, cursorOf: cursorAfter });
    },
  }),
  route({
    method: 'GET',
    path: '/dashboard/orders.csv',
    audience: 'staff',
    ability: 'orders.history',
    summary: 'The orders that a filter of the history finds, as a CSV',
    query: Type.Object(FilterQuery),
    answers: { 200: Type.String() },
    handle: async ({ db, actor, query, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      return sendCsv(reply, 'orders.csv', await exportOrders(db, filterOf(query), act));
    },
  }),
];
