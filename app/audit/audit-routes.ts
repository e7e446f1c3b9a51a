import { Type, type Static } from 'typebox';
import { opaqueId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { Nullable } from '#core/values/schema.ts';
import { route } from '../route.ts';
import { auditPage, type AuditRow } from './audit-queries.ts';

const ActSchema = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  /** `thing.verb`, e.g. `order.cancelled`. */
  action: Type.String(),
  entity: Type.String(),
  actor: Type.Object({
    kind: Type.Union([
      Type.Literal('staff'),
      Type.Literal('api_key'),
      Type.Literal('customer'),
      Type.Literal('system'),
    ]),
    name: Nullable(Type.String()),
  }),
  store: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  before: Nullable(Type.Record(Type.String(), Type.Unknown())),
  after: Nullable(Type.Record(Type.String(), Type.Unknown())),
  request_id: Nullable(Type.String()),
});

export const auditRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/audit.json',
    audience: 'staff_without_store',
    ability: 'audit.see',
    summary: 'Who did what: everything for an owner, what was done at their stores for a manager',
    query: Type.Object({
      ...PageQuery.properties,
      action: Type.Optional(Type.String({ pattern: String.raw`^[a-z_]+\.[a-z_]+$`, maxLength: 80 })),
    }),
    answers: { 200: PageOf(ActSchema) },
    handle: async ({ db, staff, query: { cursor, limit, action = null } }) => {
      const before = idAtCursor('au', cursor, Number.MAX_SAFE_INTEGER);
      const storeIds = staff.role === 'owner' ? null : staff.stores.map(({ id }) => id);
      const rows = await db.read((tx) => auditPage(tx, { storeIds, action, before, limit }));
      return pageOf(rows, { limit, view: actView, cursorOf: ({ id }) => opaqueId('au', id) });
    },
  }),
];

function actView(row: AuditRow): Static<typeof ActSchema> {
  const { id, at, action, entity, actor_kind, actor_name, store_id, store_name, before, after, request_id } =
    row;
  return {
    id: opaqueId('au', id),
    at: at.toISOString(),
    action,
    entity,
    actor: { kind: actor_kind, name: actor_name },
    store: store_id === null ? null : { id: opaqueId('st', store_id), name: store_name ?? '' },
    before,
    after,
    request_id,
  };
}
