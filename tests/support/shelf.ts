import type { ProductDraft, VariantDraft } from '#app/catalog/product.ts';
import { saveProduct, type SavedProduct } from '#app/products/save-product.ts';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { cents } from '#core/values/money.ts';
import { ACT } from './shop.ts';

/** A variant for 4.50 that is not counted, but for the changes. */
export function variant(changes: Partial<VariantDraft> = {}): VariantDraft {
  return {
    optionValues: [],
    sku: null,
    priceCents: cents(450),
    compareAtCents: null,
    weightGrams: 200,
    stock: null,
    ...changes,
  };
}

/** A product of one variant, but for the changes. */
export function draft(slug: string, changes: Partial<ProductDraft> = {}): ProductDraft {
  return {
    slug,
    name: slug,
    description: '',
    category: null,
    tags: [],
    shippable: true,
    active: true,
    options: [],
    variants: [variant()],
    ...changes,
  };
}

/** Puts a product on the shelf of whatever the handle is bound to, with its event. */
export async function stock(db: TenantDb<Tenant>, product: ProductDraft): Promise<SavedProduct> {
  return db.write(async (tx) => {
    const saved = await saveProduct(tx, { product, stockReason: 'initial', act: ACT });
    record(tx, saved.event);
    return saved;
  });
}
