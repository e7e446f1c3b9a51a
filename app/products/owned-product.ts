import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { ProductId, StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { managedProduct, productNotFound } from './managed-product.ts';
import { productUpdated } from '../catalog/product-events.ts';
import { storesSelling } from '../catalog/stores-selling.ts';

/** Who does something, and when. */
export type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

/** A product about to be changed: its row is locked until COMMIT. */
export interface OwnedProduct {
  readonly id: ProductId;
  /** Null when it belongs to all stores. */
  readonly storeId: StoreId | null;
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
  readonly archived: boolean;
  readonly version: number;
}

/** Locks a product in sight of the store. Refuses PRODUCT_NOT_FOUND. */
export async function lockProduct(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: ProductId,
): Promise<OwnedProduct> {
  const [product] = await sql<OwnedProduct[]>`
    SELECT id, store_id AS "storeId", slug, name, active, archived_at IS NOT NULL AS archived, version
    FROM products WHERE merchant_id = ${tenant.merchantId} AND id = ${id} FOR NO KEY UPDATE`;
  if (!product) throw productNotFound();
  return product;
}

/** The same, as somebody saw it. Refuses PRODUCT_CHANGED, with the present state, when someone else was first. */
export async function lockProductAt(
  tx: TenantTx<StoreTenant>,
  { id, version }: { readonly id: ProductId; readonly version: number },
): Promise<OwnedProduct> {
  const product = await lockProduct(tx, id);
  if (product.version === version) return product;
  throw refusal(
    'PRODUCT_CHANGED',
    `Someone else changed ${product.name}: expected version ${version}, it is ${product.version}.`,
    { product: await managedProduct(tx, id) },
  );
}

interface Change {
  readonly product: OwnedProduct;
  readonly action: string;
  readonly before: AuditEntry['before'];
  readonly after: AuditEntry['after'];
  readonly act: Act;
}

/** Writes down a change of a product that storefronts show; answers its event, for the command to record. */
export async function productChanged(
  tx: TenantTx<StoreTenant>,
  { product, action, before, after, act }: Change,
): Promise<DomainEvent> {
  await writeAudit(tx, { ...act, action, entity: 'product', entityId: product.id, before, after });
  const version = await nextVersion(tx, product);
  return productUpdated(
    { ...product, version },
    { storeIds: await storesSelling(tx, product.storeId), actor: act.actor, at: act.at },
  );
}

async function nextVersion({ sql, tenant }: TenantTx, { id, version }: OwnedProduct): Promise<number> {
  await sql`
    UPDATE products SET version = version + 1 WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  return version + 1;
}
