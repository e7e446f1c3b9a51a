import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import { PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import type { CustomerDoors } from '../customers/account-doors.ts';
import { PasswordSchema } from '../customers/customer-view.ts';
import { askPassword } from '../customers/sign-in-customer.ts';
import { route } from '../route.ts';
import {
  CartItemsSchema,
  CustomerExportSchema,
  OrderSummarySchema,
  SavedCartSchema,
} from './account-view.ts';
import { cursorAfter, ordersOfCustomer, orderSummary, placeBehind } from './customer-orders.ts';
import { eraseCustomer } from './erase-customer.ts';
import { exportCustomer } from './export-customer.ts';
import { saveCart, savedCart } from './saved-cart.ts';

const MINUTE_MS = 60_000;
const EXPORTS_LIMIT = { max: 10, windowMs: MINUTE_MS };

const StoreQuery = Type.Object({
  store: Type.String({ maxLength: 60, description: 'Slug of one of the merchant’s stores' }),
});

/** A signed-in customer's history, saved carts, export and farewell. */
export function customerAccountRoutes(doors: CustomerDoors): Route[] {
  return [ordersRoute, ...cartRoutes, exportRoute, erasureRoute(doors)];
}

const ordersRoute = route({
  method: 'GET',
  path: '/api/v1/customers/me/orders',
  audience: 'customer',
  ability: 'account.use',
  summary: 'One’s orders at all stores of the merchant, newest first',
  query: PageQuery,
  answers: { 200: PageOf(OrderSummarySchema) },
  handle: async ({ db, customer, query: { cursor, limit } }) => {
    const after = placeBehind(cursor);
    const rows = await db.read((tx) => ordersOfCustomer(tx, customer.customerId, { after, limit }));
    return pageOf(rows, { limit, view: orderSummary, cursorOf: cursorAfter });
  },
});

const cartRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/me/cart',
    audience: 'customer',
    ability: 'account.use',
    summary: 'The cart that one saved at a store',
    query: StoreQuery,
    answers: { 200: SavedCartSchema },
    errors: ['STORE_NOT_FOUND'],
    handle: ({ db, customer: { customerId }, query }) =>
      db.read((tx) => savedCart(tx, { customerId, store: query.store })),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/customers/me/cart',
    audience: 'customer',
    ability: 'account.use',
    summary: 'Saves the cart over the version that this device has seen',
    query: StoreQuery,
    body: Type.Object({
      items: CartItemsSchema,
      version: Type.Integer({ minimum: 0, maximum: 2_000_000_000 }),
    }),
    answers: { 200: SavedCartSchema },
    errors: ['STORE_NOT_FOUND', 'CART_CHANGED'],
    handle: ({ db, customer: { customerId }, query, body }) =>
      db.write((tx) => saveCart(tx, { customerId, store: query.store }, body)),
  }),
];

const exportRoute = route({
  method: 'GET',
  path: '/api/v1/customers/me/export',
  audience: 'customer',
  ability: 'account.use',
  summary: 'Everything that is kept about oneself',
  answers: { 200: CustomerExportSchema },
  limit: EXPORTS_LIMIT,
  handle: ({ db, customer }) => db.snapshot((tx) => exportCustomer(tx, customer.customerId, new Date())),
});

function erasureRoute({ database, customerCookies }: CustomerDoors): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/customers/me',
    audience: 'customer',
    ability: 'account.use',
    summary: 'Forgets the person; what was bought stays, without a name',
    body: Type.Object({ password: PasswordSchema }),
    answers: { 200: Type.Object({}) },
    limit: { max: 20, windowMs: MINUTE_MS },
    errors: ['PASSWORD_WRONG', 'SIGN_IN_LOCKED', 'ORDERS_UNDER_WAY'],
    handle: async ({ db, customer: { customerId }, actor, body, request, reply }) => {
      const proof = { customerId, password: body.password, address: request.ip, field: 'password' };
      await askPassword(database, db, proof);
      await db.write((tx) => eraseCustomer(tx, { customerId, actor, requestId: request.id, at: new Date() }));
      customerCookies.clear(reply);
      return {};
    },
  });
}
