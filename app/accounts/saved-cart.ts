import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId, StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { SavedCart } from './account-view.ts';

interface Place {
  readonly customerId: CustomerId;
  /** Of a store of the customer's merchant. */
  readonly store: string;
}

/** The cart that a customer saved at a store; an empty one of version 0 when there is none. */
export async function savedCart(tx: TenantTx<Tenant>, { customerId, store }: Place): Promise<SavedCart> {
  return readCart(tx, customerId, await storeBySlug(tx, store));
}

/** Saves a cart over the version that the device has seen. Refuses with CART_CHANGED, showing the present one, when another was faster. */
export async function saveCart(
  tx: TenantTx<Tenant>,
  { customerId, store }: Place,
  { items, version }: SavedCart,
): Promise<SavedCart> {
  const { sql, tenant } = tx;
  const storeId = await storeBySlug(tx, store);
  const [saved] = await sql<{ version: number }[]>`
    WITH changed AS (
      UPDATE customer_carts SET items = ${sql.json(items as never)}, version = version + 1, updated_at = now()
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${storeId} AND customer_id = ${customerId} AND version = ${version}
      RETURNING version
    ), begun AS (
      INSERT INTO customer_carts (merchant_id, store_id, customer_id, items)
      SELECT ${tenant.merchantId}, ${storeId}, ${customerId}, ${sql.json(items as never)} WHERE ${version}::int = 0
      ON CONFLICT DO NOTHING RETURNING version
    )
    SELECT version FROM changed UNION ALL SELECT version FROM begun`;
  if (saved) return { items, version: saved.version };
  throw refusal('CART_CHANGED', `The cart was changed since version ${version}, on another device.`, {
    cart: await readCart(tx, customerId, storeId),
  });
}

async function readCart(
  { sql, tenant }: TenantTx<Tenant>,
  customerId: CustomerId,
  storeId: StoreId,
): Promise<SavedCart> {
  const [cart] = await sql<SavedCart[]>`
    SELECT items, version FROM customer_carts
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${storeId} AND customer_id = ${customerId}`;
  return cart ?? { items: [], version: 0 };
}

async function storeBySlug({ sql, tenant }: TenantTx<Tenant>, slug: string): Promise<StoreId> {
  const [store] = await sql<{ id: StoreId }[]>`
    SELECT id FROM stores WHERE merchant_id = ${tenant.merchantId} AND slug = ${slug}`;
  if (!store) throw refusal('STORE_NOT_FOUND', 'There is no store at this address.');
  return store.id;
}
