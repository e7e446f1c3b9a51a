import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { gate, type Gate } from '#core/http/pipeline.ts';
import type { Actor } from '#core/security/audit.ts';
import { browserFingerprint, refuseForeignOrigin } from '#core/security/browser.ts';
import type { CustomerCookies } from '#app/customers/customer-cookie.ts';
import { customerBySecret, type SignedInCustomer } from '#app/customers/customer-sessions.ts';
import { refusal } from '#app/errors.ts';
import { orderTenantByPublicId } from '#app/orders/order-queries.ts';
import type { ShopAudiences } from '#app/route.ts';
import { STAFF_ABILITIES, type StaffAbility } from '#app/staff/abilities.ts';
import type { KeyHolder } from '#app/staff/api-keys.ts';
import type { StaffCookies } from '#app/staff/staff-cookie.ts';
import { staffBySecret, tenantOf, type SignedInStaff, type StaffAtStore } from '#app/staff/staff-sessions.ts';
import type { StoreDirectory } from '#app/stores/store-directory.ts';
import { admitKey, askForKey, bearerOf, forPeople, type KeyLimit } from './key-gate.ts';

interface Keepers {
  readonly database: Database;
  readonly cookies: StaffCookies;
  readonly customerCookies: CustomerCookies;
  readonly stores: StoreDirectory;
  /** Null where nothing is limited. */
  readonly limitKeys: KeyLimit | null;
}

type ShopGates = Readonly<Record<keyof ShopAudiences, Gate>>;
type Context<Audience extends keyof ShopAudiences> = ShopAudiences[Audience]['context'];

/** How each audience gets in. The only binding of a request to a tenant: from the session, the address or the order's token. */
export function shopGates(keepers: Keepers): ShopGates {
  const { database, limitKeys } = keepers;
  const signedIn = personOf.bind(null, keepers);
  return {
    anyone: gate<null, Context<'anyone'>>({
      authenticate: nobody,
      bind: async () => ({}),
      permits: () => true,
    }),
    storefront: gate<null, Context<'storefront'>>({
      authenticate: nobody,
      bind: (request) => storefrontOf(keepers, request),
      permits: () => true,
    }),
    shopper: gate<SignedInCustomer | null, Context<'shopper'>>({
      authenticate: (request) => customerOf(keepers, request),
      bind: async (request, customer) => {
        const context = await storefrontOf(keepers, request);
        // At another merchant's store one is a guest.
        const isKnown = customer?.merchantId === context.store.tenant.merchantId;
        return { ...context, customer: isKnown ? customer : null };
      },
      permits: () => true,
    }),
    order_holder: gate<null, Context<'order_holder'>>({
      authenticate: nobody,
      bind: async (request) => ({ db: await orderTenantDb(database, param(request, 'public_id')) }),
      permits: () => true,
    }),
    customer: gate<SignedInCustomer, Context<'customer'>>({
      authenticate: async (request) => {
        const customer = await customerOf(keepers, request);
        if (!customer) throw refusal('UNAUTHENTICATED', 'Sign in to your account to see this.');
        return customer;
      },
      bind: async (_request, customer) => ({
        customer,
        actor: { kind: 'customer', id: customer.customerId },
        db: database.tenant({ merchantId: customer.merchantId, storeId: null }),
      }),
      permits: () => true,
    }),
    staff_without_store: gate<SignedInStaff, Context<'staff_without_store'>>({
      authenticate: signedIn,
      bind: async (_request, staff) => ({
        staff,
        actor: { kind: 'staff', id: staff.staffId },
        db: database.tenant({ merchantId: staff.merchantId, storeId: null }),
      }),
      permits: ({ staff }, ability) => !isOfTheTable(ability) || staff.abilities.includes(ability),
    }),
    staff: gate<SignedInStaff | KeyHolder, Context<'staff'>>({
      authenticate: (request, reply) =>
        bearerOf(request) === null
          ? signedIn(request, reply)
          : admitKey(request, reply, { database, limitKeys }),
      bind: async (_request, principal) => {
        const staff = atStore(principal);
        return { staff, actor: actorOf(principal), db: database.tenant(tenantOf(staff)) };
      },
      permits: ({ staff }, ability) => isOfTheTable(ability) && staff.abilities.includes(ability),
    }),
  };
}

/** The person of staff who is signed in. */
async function personOf(
  { database, cookies }: Keepers,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SignedInStaff> {
  if (bearerOf(request) !== null) throw forPeople();
  const secret = cookies.read(request);
  const staff = secret && (await staffBySecret(database, secret, browserFingerprint(request)));
  if (!staff) {
    askForKey(request, reply);
    throw refusal('UNAUTHENTICATED', 'Sign in to see this.');
  }
  cookies.refuseForgedWrite(request, secret);
  return staff;
}

/** Whether the table of rights says who has it; the rest is for everyone who is signed in. */
function isOfTheTable(ability: string): ability is StaffAbility {
  return STAFF_ABILITIES.some((name) => name === ability);
}

/** The customer who is signed in, or null. */
async function customerOf(
  { database, customerCookies }: Keepers,
  request: FastifyRequest,
): Promise<SignedInCustomer | null> {
  const secret = customerCookies.read(request);
  const customer = secret && (await customerBySecret(database, secret, browserFingerprint(request)));
  if (!customer) return null;
  refuseForeignOrigin(request);
  customerCookies.refuseForgedWrite(request, secret);
  return customer;
}

async function storefrontOf(
  { database, stores }: Keepers,
  request: FastifyRequest,
): Promise<Context<'storefront'>> {
  const found = await stores.bySlug(storeInAddress(request));
  if (!found) throw refusal('STORE_NOT_FOUND', 'There is no store at this address.');
  return { ...found, db: database.tenant(found.store.tenant) };
}

async function nobody(): Promise<null> {
  return null;
}

/** A key has its store; a person chooses. */
function atStore(principal: SignedInStaff | KeyHolder): StaffAtStore | KeyHolder {
  if ('keyId' in principal) return principal;
  const { storeId } = principal;
  if (storeId === null) throw refusal('STORE_NOT_CHOSEN', 'Choose the store that you want to work in.');
  return { ...principal, storeId };
}

function actorOf(principal: SignedInStaff | KeyHolder): Actor {
  return 'keyId' in principal
    ? { kind: 'api_key', id: principal.keyId }
    : { kind: 'staff', id: principal.staffId };
}

async function orderTenantDb(database: Database, publicId: string): Promise<TenantDb<StoreTenant>> {
  const tenant = await orderTenantByPublicId(database, publicId);
  if (!tenant) throw refusal('ORDER_NOT_FOUND', 'There is no order with this id.');
  return database.tenant(tenant);
}

/** In the path of a store's own addresses; doors that all stores share are told in the query. */
function storeInAddress(request: FastifyRequest): string {
  const { store } = request.query as { store?: unknown };
  return param(request, 'store') || (typeof store === 'string' ? store : '');
}

function param({ params }: FastifyRequest, name: string): string {
  const value = (params as Record<string, string | undefined>)[name] ?? '';
  // PostgreSQL has no place for NUL in text.
  return value.includes('\0') ? '' : value;
}
