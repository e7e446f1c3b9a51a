import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { StoreId, VariantId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { productUpdated, type ChangedProduct } from '../catalog/product-events.ts';
import type { Sale } from '../catalog/sale.ts';
import { storesSelling } from '../catalog/stores-selling.ts';

export interface SetSale {
  readonly variantId: VariantId | null;
  /** Null ends the sale. */
  readonly sale: Sale | null;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

interface VariantRow {
  readonly id: VariantId;
  readonly price_cents: number;
  readonly sale_cents: number | null;
  readonly sale_from: Date | null;
  readonly sale_until: Date | null;
}

/** Puts a variant on sale, changes its sale or ends it. Refuses a sale that is not below the price. */
export async function setSale(tx: TenantTx<StoreTenant>, { variantId, sale, act }: SetSale): Promise<void> {
  const product = await productOf(tx, variantId);
  const before = await variantRow(tx, variantId);
  if (sale && sale.saleCents >= before.price_cents) throw notBelow(before.price_cents);
  const after = {
    sale_cents: sale?.saleCents ?? null,
    sale_from: sale?.from ?? null,
    sale_until: sale?.until ?? null,
  };
  const { sql, tenant } = tx;
  await sql`UPDATE variants SET ${sql(after)} WHERE merchant_id = ${tenant.merchantId} AND id = ${variantId}`;
  await writeAudit(tx, {
    ...act,
    action: sale ? 'variant.sale_set' : 'variant.sale_ended',
    entity: 'variant',
    entityId: variantId,
    before: { sale_cents: before.sale_cents, sale_from: before.sale_from, sale_until: before.sale_until },
    after,
  });
  const storeIds = await storesSelling(tx, product.store_id);
  record(tx, productUpdated(product, { storeIds, actor: act.actor, at: act.at }));
}

/** The variant's product, if the store sells it, with a new version and locked until COMMIT. */
async function productOf(
  { sql, tenant }: TenantTx<StoreTenant>,
  variantId: VariantId | null,
): Promise<ChangedProduct & { store_id: StoreId | null }> {
  const [product] = await sql<(ChangedProduct & { store_id: StoreId | null })[]>`
    UPDATE products p SET version = version + 1 FROM variants v
    WHERE v.merchant_id = ${tenant.merchantId} AND v.id = ${variantId} AND v.archived_at IS NULL
      AND p.merchant_id = v.merchant_id AND p.id = v.product_id AND (p.store_id IS NULL OR p.store_id = ${tenant.storeId})
    RETURNING p.id, p.slug, p.name, p.active, p.version, p.store_id`;
  if (!product) throw refusal('PRODUCT_NOT_FOUND', 'There is no variant with this id at this store.');
  return product;
}

async function variantRow(
  { sql, tenant }: TenantTx<StoreTenant>,
  variantId: VariantId | null,
): Promise<VariantRow> {
  const [row] = await sql<VariantRow[]>`
    SELECT id, price_cents, sale_cents, sale_from, sale_until FROM variants
    WHERE merchant_id = ${tenant.merchantId} AND id = ${variantId} FOR NO KEY UPDATE`;
  if (!row) throw refusal('PRODUCT_NOT_FOUND', 'There is no variant with this id at this store.');
  return row;
}

function notBelow(priceCents: number) {
  return refusal('VALIDATION_FAILED', `Expected a sale below the price of ${priceCents} cents.`, {
    errors: { sale_cents: ['must be below the price'] },
  });
}
