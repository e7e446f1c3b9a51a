import { Type } from 'typebox';
import { idBehind, opaqueId, type ApiKeyId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { Absent } from '#core/values/schema.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { apiKeys, apiKeyView, createApiKey, revokeApiKey } from './api-keys.ts';
import { storesNamed } from './assigned-stores.ts';
import { ApiKeySchema, Id, Name, NewApiKeySchema, ScopeSchema } from './staff-view.ts';

const NEWEST = Number.MAX_SAFE_INTEGER;

const NewKeySchema = Type.Object({
  name: Name,
  store_id: Id,
  scopes: Type.Array(ScopeSchema, { minItems: 1, uniqueItems: true }),
  expires_at: Absent(Type.String({ format: 'date-time' })),
});

/** Keys with which programs work at a store. */
export const apiKeyRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/api-keys.json',
    audience: 'staff_without_store',
    ability: 'merchant.manage',
    summary: 'The merchant’s keys, revoked ones too',
    query: PageQuery,
    answers: { 200: PageOf(ApiKeySchema) },
    handle: async ({ db, query: { cursor, limit } }) => {
      const before = idAtCursor('ak', cursor, NEWEST);
      const rows = await db.read((tx) => apiKeys(tx, { before, limit }));
      return pageOf(rows, { limit, view: apiKeyView, cursorOf: ({ id }) => opaqueId('ak', id) });
    },
  }),
  route({
    method: 'POST',
    path: '/dashboard/api-keys',
    audience: 'staff_without_store',
    ability: 'merchant.manage',
    summary: 'Makes a key for one store; its secret is shown this once',
    body: NewKeySchema,
    errors: ['STORE_NOT_FOUND', 'TOO_MANY_API_KEYS'],
    answers: { 201: NewApiKeySchema },
    handle: async ({ db, staff, actor, body, request, reply }) => {
      const [storeId] = storesNamed([body.store_id]);
      const store = staff.stores.find(({ id }) => id === storeId);
      if (!store) throw refusal('STORE_NOT_FOUND', 'You have no store with this id.');
      const { name, scopes, expires_at: expires } = body;
      const key = {
        name: name.trim(),
        storeId: store.id,
        scopes,
        expiresAt: typeof expires === 'string' ? new Date(expires) : null,
        createdBy: staff.staffId,
        act: { actor, requestId: request.id, at: new Date() },
      };
      const { made, secret } = await db.write(async (tx) => {
        const { id, secret: shown } = await createApiKey(tx, key);
        return { made: await apiKeys(tx, { before: id + 1, limit: 0 }), secret: shown };
      });
      reply.code(201);
      return { ...made.map(apiKeyView)[0], secret };
    },
  }),
  route({
    method: 'DELETE',
    path: '/dashboard/api-keys/:key_id',
    audience: 'staff_without_store',
    ability: 'merchant.manage',
    summary: 'Revokes a key; it ends at once',
    params: Type.Object({ key_id: Id }),
    errors: ['API_KEY_NOT_FOUND'],
    answers: { 204: Type.Null() },
    handle: async ({ db, actor, params, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      await db.write((tx) => revokeApiKey(tx, idBehind<ApiKeyId>('ak', params.key_id), act));
      return reply.code(204).send();
    },
  }),
];
