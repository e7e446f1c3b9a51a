import { idBehind, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { StaffRole } from './abilities.ts';
import type { SignedInStaff } from './staff-sessions.ts';

/** The stores behind opaque ids. Refuses what names none. */
export function storesNamed(ids: readonly string[]): StoreId[] {
  return ids.map((text) => {
    const id = idBehind<StoreId>('st', text);
    if (id === null) throw noSuchStore();
    return id;
  });
}

/** Refuses to give away stores that one may not enter oneself, an owner a list, and anybody else none. */
export function refuseStoresBeyond(
  { stores }: Pick<SignedInStaff, 'stores'>,
  { role, storeIds }: { role: StaffRole; storeIds: readonly StoreId[] },
): void {
  if (!storeIds.every((id) => stores.some((store) => store.id === id))) throw noSuchStore();
  if ((role === 'owner') === (storeIds.length === 0)) return;
  const expected = role === 'owner' ? 'no stores, because an owner has all' : 'at least one store';
  throw refusal('VALIDATION_FAILED', `Expected ${expected}, received ${storeIds.length}.`, {
    errors: { store_ids: [`must name ${expected}`] },
  });
}

function noSuchStore() {
  return refusal('STORE_NOT_FOUND', 'You have no store with one of these ids.');
}
