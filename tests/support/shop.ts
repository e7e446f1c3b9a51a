import { randomBytes } from 'node:crypto';
import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { createStore } from '#app/stores/create-store.ts';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, Tenant, TenantDb } from '#core/db/tenant.ts';
import { SYSTEM } from '#core/security/audit.ts';
import type { MerchantId } from '#core/values/ids.ts';

/** A store of a merchant, made by the code that makes real ones. */
export interface TestShop {
  readonly tenant: StoreTenant;
  readonly slug: string;
  readonly db: TenantDb<StoreTenant>;
  /** Bound to the merchant and to none of its stores. */
  readonly merchantDb: TenantDb<Tenant>;
}

export const ACT = { actor: SYSTEM, requestId: null, at: new Date('2026-03-02T09:00:00Z') };

/** Opens a store in Melbourne: a new merchant's, or another one of `merchantId`. */
export async function openShop(database: Database, merchantId?: MerchantId): Promise<TestShop> {
  const id = merchantId ?? (await nextMerchantId(database));
  const merchantDb = database.tenant({ merchantId: id, storeId: null });
  const slug = `shop-${randomBytes(4).toString('hex')}`;
  const storeId = await merchantDb.write(async (tx) => {
    if (merchantId === undefined) await createMerchant(tx, { name: 'Wren & Co', act: ACT });
    return createStore(tx, { ...STORE, slug });
  });
  const tenant = { merchantId: id, storeId };
  return { tenant, slug, db: database.tenant(tenant), merchantDb };
}

export const STORE = {
  name: 'Wren Coffee',
  tagline: 'Coffee and bread',
  theme: 'classic',
  accent: '#0f766e',
  currency: 'AUD',
  country: 'AU',
  locale: 'en-AU',
  timezone: 'Australia/Melbourne',
  phone: null,
  address: { line1: '1 High Street', city: 'Melbourne', state: 'VIC', postcode: '3000' },
  pickup: true,
  shipping: true,
  preparationMinutes: 10,
  act: ACT,
} as const;
