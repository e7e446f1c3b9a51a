import type { FastifyInstance } from 'fastify';
import type { Database } from '#core/db/database.ts';
import type { Tenant } from '#core/db/tenant.ts';
import { Gateway } from '#core/realtime/gateway.ts';
import { Hub } from '#core/realtime/hub.ts';
import type { HintBus } from '#core/realtime/hint-bus.ts';
import type {
  CustomerPrincipal,
  Principal,
  SignedInPrincipal,
  StaffPrincipal,
} from '#core/realtime/principal.ts';
import { redeemTicket } from '#core/realtime/tickets.ts';
import { callerOf } from '#core/security/network.ts';
import type { MerchantId } from '#core/values/ids.ts';
import {
  customerBySession,
  endedCustomerSessions,
  type SignedInCustomer,
} from '#app/customers/customer-sessions.ts';
import { customerLoyaltyChannel } from '#app/loyalty/loyalty-channels.ts';
import { merchantNotificationsChannel } from '#app/notifications/notification-channels.ts';
import { orderChannel } from '#app/orders/order-channels.ts';
import { orderTenantByPublicId } from '#app/orders/order-queries.ts';
import { endedSessions, staffBySession, type SignedInStaff } from '#app/staff/staff-sessions.ts';
import { storeChannel } from '#app/stores/store-channels.ts';
import type { Config } from './config.ts';

interface RealtimeOptions {
  readonly app: FastifyInstance;
  readonly database: Database;
  readonly bus: HintBus;
  readonly config: Pick<Config, 'allowedOrigins' | 'trustProxy'>;
}

/** Opens the sockets of the server: who may come in, and who may hear what, asked of the database each time. */
export function openRealtime({ app, database, bus, config }: RealtimeOptions): {
  hub: Hub;
  gateway: Gateway;
} {
  const onError = (error: unknown) =>
    app.log.warn({ err: error }, 'real time: a read failed and will be repeated');
  const hub = new Hub({ database, bus, onError });
  const gateway = new Gateway({
    server: app.server,
    hub,
    allowedOrigins: config.allowedOrigins,
    addressOf: (request) => callerOf(request, config),
    onError,
    authenticate: (ticket) => authenticate(database, ticket),
    authorise: (principal, channel) => authorise(database, principal, channel),
    ended: (principals) => endedOf(database, principals),
  });
  return { hub, gateway };
}

async function authenticate(database: Database, ticket: string | null): Promise<Principal | null> {
  if (ticket === null) return { kind: 'anonymous' };
  const session = await redeemTicket(database.directory, ticket);
  if (!session) return null;
  const { kind, merchantId, sessionId } = session;
  if (kind === 'customer') {
    const customer = await customerOf(database, session);
    return customer && { kind, merchantId, sessionId, customerId: customer.customerId };
  }
  const staff = await staffOf(database, session);
  return staff && { kind, merchantId, sessionId, staffId: staff.staffId };
}

/** Whose rows the channel is read under; null when there is no such channel for this principal, whatever the reason. */
async function authorise(database: Database, principal: Principal, name: string): Promise<Tenant | null> {
  const wanted = orderChannel(name);
  if (wanted?.kind === 'customer_order') return orderTenantByPublicId(database, wanted.publicId);
  if (principal.kind === 'anonymous') return null;
  return principal.kind === 'customer'
    ? customerChannel(database, principal, name)
    : staffChannel(database, principal, name);
}

/** One's own points, and nothing else. */
async function customerChannel(
  database: Database,
  principal: CustomerPrincipal,
  name: string,
): Promise<Tenant | null> {
  const customer = await customerOf(database, principal);
  const isOwn = customer !== null && name === customerLoyaltyChannel(customer.publicId);
  return isOwn ? { merchantId: customer.merchantId, storeId: null } : null;
}

async function staffChannel(
  database: Database,
  principal: StaffPrincipal,
  name: string,
): Promise<Tenant | null> {
  const staff = await staffOf(database, principal);
  if (!staff) return null;
  const wanted = orderChannel(name);
  if (wanted?.kind === 'store_orders')
    return staff.stores.some(({ id }) => id === wanted.storeId)
      ? { merchantId: staff.merchantId, storeId: wanted.storeId }
      : null;
  return otherStaffChannel(name, staff);
}

const FOR_ITS_STAFF = ['catalog', 'notifications'] as const;

/** The catalogue and the notifications of a store that one may enter; the merchant's notifications for an owner, because they tell of all its stores. */
function otherStaffChannel(name: string, { merchantId, role, stores }: SignedInStaff): Tenant | null {
  const store = stores.find(({ id }) => FOR_ITS_STAFF.some((topic) => storeChannel(id, topic) === name));
  if (store) return { merchantId, storeId: store.id };
  const isOwners = role === 'owner' && name === merchantNotificationsChannel(merchantId);
  return isOwners ? { merchantId, storeId: null } : null;
}

async function endedOf(
  database: Database,
  principals: readonly SignedInPrincipal[],
): Promise<SignedInPrincipal[]> {
  const { staff = [], customer = [] } = Object.groupBy(principals, ({ kind }) => kind);
  const ended = await Promise.all([
    endedSessions(database, staff),
    endedCustomerSessions(database, customer),
  ]);
  return ended.flat();
}

interface Session {
  readonly merchantId: MerchantId;
  readonly sessionId: number;
}

function staffOf(database: Database, { merchantId, sessionId }: Session): Promise<SignedInStaff | null> {
  return staffBySession(database.tenant({ merchantId, storeId: null }), sessionId, null);
}

function customerOf(
  database: Database,
  { merchantId, sessionId }: Session,
): Promise<SignedInCustomer | null> {
  return customerBySession(database.tenant({ merchantId, storeId: null }), sessionId, null);
}
