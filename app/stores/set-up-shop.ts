import type { Database } from '#core/db/database.ts';
import type { Browser } from '#core/security/browser.ts';
import { hashPassword } from '#core/security/password.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { createMerchant, nextMerchantId } from '../merchants/create-merchant.ts';
import { createStaff } from '../staff/create-staff.ts';
import { openStaffSession } from '../staff/staff-sessions.ts';
import { createStore, PLAIN_STORE, type PlainStore } from './create-store.ts';
import { refuseUsedLink, restoreSetupLink, useSetupLink } from './setup-link.ts';

export interface FirstShop {
  readonly secret: string;
  readonly merchantName: string;
  readonly store: PlainStore;
  readonly owner: { readonly name: string; readonly email: string; readonly password: string };
  readonly browser: Browser;
  readonly requestId: string;
}

/** Makes the first merchant, store and owner of an empty system, once per setup link, and signs the owner in: answers the session's secret. */
export async function setUpShop(database: Database, shop: FirstShop): Promise<string> {
  await refuseUsedLink(database, shop.secret);
  const passwordHash = await hashPassword(shop.owner.password);
  await useSetupLink(database, shop.secret);
  try {
    return await createShop(database, shop, passwordHash);
  } catch (error) {
    await restoreSetupLink(database, shop.secret);
    throw error;
  }
}

async function createShop(
  database: Database,
  { merchantName, store, owner, browser, requestId }: FirstShop,
  passwordHash: string,
): Promise<string> {
  const merchantId = await nextMerchantId(database);
  const act = { actor: SYSTEM, requestId, at: new Date() };
  return database.tenant({ merchantId, storeId: null }).write(async (tx) => {
    await createMerchant(tx, { name: merchantName, act });
    await createStore(tx, { ...PLAIN_STORE, ...store, act });
    const account = {
      name: owner.name,
      email: owner.email,
      username: null,
      passwordHash,
      role: 'owner',
      storeIds: [],
      act,
    } as const;
    const id = await createStaff(tx, account);
    return openStaffSession(tx, { id, role: 'owner', browser });
  });
}
