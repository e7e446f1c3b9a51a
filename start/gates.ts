import type { FastifyRequest } from 'fastify';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { gate, type Gate } from '#core/http/pipeline.ts';
import { browserFingerprint, refuseForeignOrigin } from '#core/security/browser.ts';
import type { CustomerCookies } from '#app/customers/customer-cookie.ts';
import { customerBySecret, type SignedInCustomer } from '#app/customers/customer-sessions.ts';
import { refusal } from '#app/errors.ts';
import { orderTenantByPublicId } from '#app/orders/order-queries.ts';
import type { ShopAudiences } from '#app/route.ts';
import { STAFF_ABILITIES, type StaffAbility } from '#app/staff/abilities.ts';
import type { StaffCookies } from '#app/staff/staff-cookie.ts';
import { staffBySecret, tenantOf, type SignedInStaff, type StaffAtStore } from '#app/staff/staff-sessions.ts';
import type { StoreDirectory } from '#app/stores/store-directory.ts';

interface Keepers {
  readonly database: Database;
  readonly cookies: StaffCookies;
  readonly customerCookies: CustomerCookies;
  readonly stores: StoreDirectory;
}

type ShopGates = Readonly<Record<keyof ShopAudiences, Gate>>;
type Context<Audience extends keyof ShopAudiences> = ShopAudiences[Audience]['context'];

/** How each audience gets in. The only binding of a request to a tenant: from the session, the address or the order's token. */
export function shopGates({ database, cookies, customerCookies, stores }: Keepers): ShopGates {
  const signedIn = async (request: FastifyRequest): Promise<SignedInStaff> => {
    const secret = cookies.read(request);
    const staff = secret && (await staffBySecret(database, secret, browserFingerprint(request)));
    if (!staff) throw refusal('UNAUTHENTICATED', 'Sign in to see this.');
    cookies.refuseForgedWrite(request, secret);
    return staff;
  };
  const signedInCustomer = async (request: FastifyRequest): Promise<SignedInCustomer> => {
    const secret = customerCookies.read(request);
    const customer = secret && (await customerBySecret(database, secret, browserFingerprint(request)));
    if (!customer) throw refusal('UNAUTHENTICATED', 'Sign in to your account to see this.');
    refuseForeignOrigin(request);
    customerCookies.refuseForgedWrite(request, secret);
    return customer;
  };
  return {
    anyone: gate<null, Context<'anyone'>>({
      authenticate: nobody,
      bind: async () => ({}),
      permits: () => true,
    }),
    storefront: gate<null, Context<'storefront'>>({
      authenticate: nobody,
      bind: async (request) => {
        const found = await stores.bySlug(storeInAddress(request));
        if (!found) throw refusal('STORE_NOT_FOUND', 'There is no store at this address.');
        return { ...found, db: database.tenant(found.store.tenant) };
      },
      permits: () => true,
    }),
    order_holder: gate<null, Context<'order_holder'>>({
      authenticate: nobody,
      bind: async (request) => ({ db: await orderTenantDb(database, param(request, 'public_id')) }),
      permits: () => true,
    }),
    customer: gate<SignedInCustomer, Context<'customer'>>({
      authenticate: signedInCustomer,
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
    staff: gate<SignedInStaff, Context<'staff'>>({
      authenticate: signedIn,
      bind: async (_request, staff) => {
        const atStore = staffAtStore(staff);
        const actor = { kind: 'staff', id: staff.staffId } as const;
        return { staff: atStore, actor, db: database.tenant(tenantOf(atStore)) };
      },
      permits: ({ staff }, ability) => isOfTheTable(ability) && staff.abilities.includes(ability),
    }),
  };
}

/** Whether the table of rights says who has it; the rest is for everyone who is signed in. */
function isOfTheTable(ability: string): ability is StaffAbility {
  return STAFF_ABILITIES.some((name) => name === ability);
}

async function nobody(): Promise<null> {
  return null;
}

function staffAtStore(staff: SignedInStaff): StaffAtStore {
  const { storeId } = staff;
  if (storeId === null) throw refusal('STORE_NOT_CHOSEN', 'Choose the store that you want to work in.');
  return { ...staff, storeId };
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
