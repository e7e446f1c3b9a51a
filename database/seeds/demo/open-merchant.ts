import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { createStaff } from '#app/staff/create-staff.ts';
import { createStore } from '#app/stores/create-store.ts';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, Tenant, TenantDb, TenantTx } from '#core/db/tenant.ts';
import { SYSTEM } from '#core/security/audit.ts';
import type { StaffId, StoreId } from '#core/values/ids.ts';
import type { DemoMerchant, DemoPerson, DemoStore } from './shop.ts';

export interface OpenedMerchant {
  readonly db: TenantDb<Tenant>;
  readonly shops: readonly OpenedShop[];
}

export interface OpenedShop {
  readonly store: DemoStore;
  readonly db: TenantDb<StoreTenant>;
  /** Who works there, the owner aside. */
  readonly staffIds: readonly StaffId[];
}

interface Opening {
  readonly passwordHash: string;
  readonly at: Date;
}

/** Creates a merchant with its stores and people, who cannot sign in yet. */
export async function openMerchant(
  database: Database,
  merchant: DemoMerchant,
  opening: Opening,
): Promise<OpenedMerchant> {
  const merchantId = await nextMerchantId(database);
  const db = database.tenant({ merchantId, storeId: null });
  const act = { actor: SYSTEM, requestId: null, at: opening.at };
  const { storeIds, staffIds } = await db.write(async (tx) => {
    await createMerchant(tx, { name: merchant.name, act });
    const stores = new Map<string, StoreId>();
    for (const store of merchant.stores) {
      stores.set(store.slug, await createStore(tx, { ...store, shipping: store.shipping !== null, act }));
    }
    const people = new Map<DemoPerson, StaffId>();
    for (const person of merchant.people) {
      const entered = person.stores.flatMap((slug) => stores.get(slug) ?? []);
      people.set(
        person,
        await createStaff(tx, { ...person, passwordHash: opening.passwordHash, storeIds: entered, act }),
      );
    }
    await closeDoors(tx);
    return { storeIds: stores, staffIds: people };
  });
  const shops = merchant.stores.flatMap((store) => {
    const storeId = storeIds.get(store.slug);
    if (storeId === undefined) return [];
    const staff = [...staffIds].filter(([{ stores }]) => stores.includes(store.slug));
    return [{ store, db: database.tenant({ merchantId, storeId }), staffIds: staff.map(([, id]) => id) }];
  });
  return { db, shops };
}

/** Takes the names from the door. A demo into which nobody can sign in is not finished, and is loaded anew by the next start. */
async function closeDoors({ sql, tenant }: TenantTx): Promise<void> {
  await sql`DELETE FROM directory_staff WHERE merchant_id = ${tenant.merchantId}`;
}

/** Puts the names of all people of the merchant back on the door. */
export async function openDoors({ sql, tenant }: TenantTx): Promise<void> {
  await sql`
    INSERT INTO directory_staff (login, merchant_id, staff_id)
    SELECT unnest(ARRAY[email, username]), merchant_id, id FROM staff WHERE merchant_id = ${tenant.merchantId}`;
}
