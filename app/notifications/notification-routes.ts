import { Type, type Static } from 'typebox';
import type { Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { pollChannel, PollAnswerSchema, PollQuery } from '#core/realtime/poll.ts';
import { positionOf } from '#core/realtime/position.ts';
import { opaqueId, type StoreId } from '#core/values/ids.ts';
import { idAtCursor, PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { Nullable } from '#core/values/schema.ts';
import { route } from '../route.ts';
import { storeChannel } from '../stores/store-channels.ts';
import { merchantNotificationsChannel } from './notification-channels.ts';
import type { Notice } from './notify.ts';

const NotificationSchema = Type.Object({
  id: Type.String(),
  /** E.g. `stock_low`. */
  kind: Type.String(),
  title: Type.String(),
  body: Type.String({ description: 'Empty when the title says it all' }),
  store: Nullable(Type.String({ description: 'Null for a matter of the whole merchant' })),
  created_at: Type.String({ format: 'date-time' }),
});

const LIST = {
  method: 'GET',
  query: PageQuery,
  answers: { 200: PageOf(NotificationSchema) },
  answerHeaders: { 'stream-cursor': 'The position from which to follow the channel of notifications' },
} as const;

const EVENTS = { method: 'GET', query: PollQuery, answers: { 200: PollAnswerSchema } } as const;

const AT_STORE = { audience: 'staff', ability: 'orders.see' } as const;
const OF_MERCHANT = { audience: 'staff_without_store', ability: 'merchant.manage' } as const;

/** What staff were told, the newest first, and what follows. */
export const notificationRoutes = [
  route({
    ...LIST,
    ...AT_STORE,
    path: '/dashboard/notifications.json',
    summary: 'What those who work at the store were told, the newest first',
    handle: async ({ db, staff: { storeId }, query, reply }) => {
      const { page, position } = await listed(db, storeChannel(storeId, 'notifications'), { storeId, query });
      return reply.header('stream-cursor', position).send(page);
    },
  }),
  route({
    ...EVENTS,
    ...AT_STORE,
    path: '/dashboard/notifications/events',
    summary: 'Notifications of the store after a position, for networks that block sockets',
    handle: ({ db, staff, query: { cursor } }) =>
      pollChannel({ db, channel: storeChannel(staff.storeId, 'notifications'), cursor }),
  }),
  route({
    ...LIST,
    ...OF_MERCHANT,
    path: '/dashboard/merchant/notifications.json',
    summary: 'What staff were told at all stores, and of what concerns them all, the newest first',
    handle: async ({ db, query, reply }) => {
      const channel = merchantNotificationsChannel(db.tenant.merchantId);
      const { page, position } = await listed(db, channel, { storeId: null, query });
      return reply.header('stream-cursor', position).send(page);
    },
  }),
  route({
    ...EVENTS,
    ...OF_MERCHANT,
    path: '/dashboard/merchant/notifications/events',
    summary: 'Notifications of all stores after a position, for networks that block sockets',
    handle: ({ db, query: { cursor } }) =>
      pollChannel({ db, channel: merchantNotificationsChannel(db.tenant.merchantId), cursor }),
  }),
];

interface Wanted {
  /** Null for those of all stores and of the merchant. */
  readonly storeId: StoreId | null;
  readonly query: Static<typeof PageQuery>;
}

/** A page and the position of the channel, as they are at one moment. */
function listed(db: TenantDb<Tenant>, channel: string, { storeId, query: { cursor, limit } }: Wanted) {
  const before = idAtCursor('no', cursor, Number.MAX_SAFE_INTEGER);
  return db.snapshot(async (tx) => ({
    position: await positionOf(tx, channel),
    page: pageOf(await notifications(tx, { storeId, before, limit }), {
      limit,
      view: notificationView,
      cursorOf: ({ id }) => opaqueId('no', id),
    }),
  }));
}

type NotificationRow = Notice & { id: number; store_id: StoreId | null; created_at: Date };

/** One more than the limit. */
async function notifications(
  { sql, tenant }: TenantTx<Tenant>,
  { storeId, before, limit }: { storeId: StoreId | null; before: number; limit: number },
): Promise<NotificationRow[]> {
  return sql<NotificationRow[]>`
    SELECT id, kind, title, body, store_id, created_at FROM notifications
    WHERE merchant_id = ${tenant.merchantId} AND id < ${before} ${storeId === null ? sql`` : sql`AND store_id = ${storeId}`}
    ORDER BY id DESC LIMIT ${limit + 1}`;
}

function notificationView({ id, kind, title, body, store_id, created_at }: NotificationRow) {
  return {
    id: opaqueId('no', id),
    kind,
    title,
    body,
    store: store_id === null ? null : opaqueId('st', store_id),
    created_at: created_at.toISOString(),
  };
}
