import { Type } from 'typebox';
import { opaqueId } from '#core/values/ids.ts';
import { FilledLine, Absent } from '#core/values/schema.ts';
import { route } from '../route.ts';
import { createStore, PLAIN_STORE } from './create-store.ts';
import { NEW_STORE, refuseUnknownPlace } from './new-store-view.ts';

const StoreNameSchema = Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() });

const NewStoreSchema = Type.Object({
  name: FilledLine(120),
  ...NEW_STORE,
  locale: Absent(
    Type.String({
      maxLength: 35,
      examples: ['de-DE'],
      description: 'Left out: English, as its country writes it',
    }),
  ),
});

/** The stores of a merchant: which there are, and one more. */
export const storeListRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/stores.json',
    audience: 'staff_without_store',
    ability: 'stores.choose',
    summary: 'The stores that one may enter; POST /dashboard/store with the id of one enters it',
    answers: { 200: Type.Object({ data: Type.Array(StoreNameSchema), next_cursor: Type.Null() }) },
    handle: ({ staff }) => ({
      data: staff.stores.map(({ id, slug, name }) => ({ id: opaqueId('st', id), slug, name })),
      next_cursor: null,
    }),
  }),
  route({
    method: 'POST',
    path: '/dashboard/stores',
    audience: 'staff_without_store',
    ability: 'merchant.manage',
    summary: 'Opens another store, for pickup and without products; its settings say the rest',
    body: NewStoreSchema,
    errors: ['SLUG_TAKEN'],
    answers: { 201: StoreNameSchema },
    handle: async ({ db, body, actor, request, reply }) => {
      const { slug, currency, country, timezone, locale = null } = body;
      const name = body.name.trim();
      const store = { slug, currency, country, timezone, name, locale: locale ?? `en-${country}` };
      refuseUnknownPlace(store);
      const act = { actor, requestId: request.id, at: new Date() };
      const id = await db.write((tx) => createStore(tx, { ...PLAIN_STORE, ...store, act }));
      reply.code(201);
      return { id: opaqueId('st', id), slug, name };
    },
  }),
];
