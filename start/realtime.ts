import type { FastifyInstance } from 'fastify';
import type { Database } from '#core/db/database.ts';
import type { Tenant } from '#core/db/tenant.ts';
import { Gateway } from '#core/realtime/gateway.ts';
import { Hub } from '#core/realtime/hub.ts';
import type { HintBus } from '#core/realtime/hint-bus.ts';
import type { Principal } from '#core/realtime/principal.ts';
import { redeemTicket } from '#core/realtime/tickets.ts';
import type { MerchantId } from '#core/values/ids.ts';
import { merchantNotificationsChannel } from '#app/notifications/notification-channels.ts';
import { orderChannel } from '#app/orders/order-channels.ts';
import { orderTenantByPublicId } from '#app/orders/order-queries.ts';
import { endedSessions, staffBySession, type SignedInStaff } from '#app/staff/staff-sessions.ts';
import { storeChannel } from '#app/stores/store-channels.ts';

interface RealtimeOptions {
  readonly app: FastifyInstance;
  readonly database: Database;
  readonly bus: HintBus;
  readonly allowedOrigins: readonly string[];
}

/** Opens the sockets of the server: who may come in, and who may hear what, asked of the database each time. */
export function openRealtime({ app, database, bus, allowedOrigins }: RealtimeOptions): {
  hub: Hub;
  gateway: Gateway;
} {
  const onError = (error: unknown) =>
    app.log.warn({ err: error }, 'real time: a read failed and will be repeated');
  const hub = new Hub({ database, bus, onError });
  const gateway = new Gateway({
    server: app.server,
    hub,
    allowedOrigins,
    onError,
    authenticate: (ticket) => authenticate(database, ticket),
    authorise: (principal, channel) => authorise(database, principal, channel),
    ended: (principals) => endedSessions(database, principals),
  });
  return { hub, gateway };
}

async function authenticate(database: Database, ticket: string | null): Promise<Principal | null> {
  if (ticket === null) return { kind: 'anonymous' };
  const session = await redeemTicket(database.directory, ticket);
  const staff = session && (await staffOf(database, session));
  return (
    staff && {
      kind: 'staff',
      merchantId: staff.merchantId,
      sessionId: staff.sessionId,
      staffId: staff.staffId,
    }
  );
}

/** Whose rows the channel is read under; null when there is no such channel for this principal, whatever the reason. */
async function authorise(database: Database, principal: Principal, name: string): Promise<Tenant | null> {
  const wanted = orderChannel(name);
  if (wanted?.kind === 'customer_order') return orderTenantByPublicId(database, wanted.publicId);
  if (principal.kind !== 'staff') return null;
  const staff = await staffOf(database, principal);
  if (!staff) return null;
  if (wanted)
    return staff.stores.some(({ id }) => id === wanted.storeId)
      ? { merchantId: staff.merchantId, storeId: wanted.storeId }
      : null;
  return otherStaffChannel(name, staff);
}

/** The catalogue of a store that one may enter; the merchant's notifications for an owner, because they tell of all its stores. */
function otherStaffChannel(name: string, { merchantId, role, stores }: SignedInStaff): Tenant | null {
  const store = stores.find(({ id }) => storeChannel(id, 'catalog') === name);
  if (store) return { merchantId, storeId: store.id };
  const isOwners = role === 'owner' && name === merchantNotificationsChannel(merchantId);
  return isOwners ? { merchantId, storeId: null } : null;
}

function staffOf(
  database: Database,
  { merchantId, sessionId }: { merchantId: MerchantId; sessionId: number },
) {
  return staffBySession(database.tenant({ merchantId, storeId: null }), sessionId, null);
}
