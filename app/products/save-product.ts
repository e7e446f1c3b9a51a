import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { DomainEvent } from '#core/events/event.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { ProductId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { countStock, type StockReason } from '../stock/count-stock.ts';
import { categoryIds } from './draft-categories.ts';
import { productUpdated, type ChangedProduct } from '../catalog/product-events.ts';
import { contradictionIn, type ProductDraft } from '../catalog/product.ts';
import { saveGroups } from './save-groups.ts';
import { saveVariants } from './save-variants.ts';
import { saveWords } from './save-words.ts';
import { storesSelling } from '../catalog/stores-selling.ts';
import {
  audited,
  isNew,
  lockLevels,
  saveDimensions,
  saveImages,
  saveTags,
  upsertProducts,
  type KeptProduct,
} from './upsert-products.ts';

interface Saving {
  /** Products of all the merchant's stores, although the transaction is bound to one. */
  readonly forAllStores?: boolean;
  /** Why the stock is what the drafts say. */
  readonly stockReason: StockReason;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

export interface SaveProduct extends Saving {
  readonly product: ProductDraft;
}

export interface SaveProducts extends Saving {
  /** Of different slugs. */
  readonly products: readonly ProductDraft[];
}

export interface SavedProduct {
  readonly id: ProductId;
  /** Whether it is new. */
  readonly created: boolean;
  /** For the caller to record: once per transaction, last. */
  readonly event: DomainEvent;
}

/**
 * Makes a product, or changes the one of the same slug into this: of the store that the transaction is bound to, or of the whole merchant
 * when it is bound to none or told so. Variants that are no longer there are archived, because orders refer to them. Refuses VALIDATION_FAILED for a draft that
 * contradicts itself, SLUG_TAKEN when the slug is one of the merchant's other products in sight.
 */
export async function saveProduct(
  tx: TenantTx<Tenant>,
  { product, ...saving }: SaveProduct,
): Promise<SavedProduct> {
  const [saved] = await saveProducts(tx, { ...saving, products: [product] });
  if (!saved) throw new Error('product: the insert returned no row');
  return saved;
}

/** The same for several at once, in as many statements as for one; all are saved, or none. Answers in the order of the drafts. */
export async function saveProducts(
  tx: TenantTx<Tenant>,
  { products, forAllStores = false, stockReason, act }: SaveProducts,
): Promise<SavedProduct[]> {
  for (const product of products) refuseContradiction(product);
  const owner = forAllStores ? { ...tx, tenant: { ...tx.tenant, storeId: null } } : tx;
  const slugs = products.map(({ slug }) => slug);
  const [categories] = await Promise.all([
    categoryIds(owner, products),
    refuseTakenSlugs(owner, slugs),
    lockLevels(owner, slugs),
  ]);
  const kept = await upsertProducts(owner, products, categories);
  await Promise.all([saveTags(tx, kept), saveImages(tx, kept), saveDimensions(tx, kept)]);
  const variants = await saveVariants(tx, kept);
  for (const { id, draft } of kept) await saveGroups(tx, id, draft);
  await saveWords(owner, kept);
  await countStock(tx, variants, { reason: stockReason, at: act.at });
  await writeAudit(
    tx,
    ...kept.map((product) => ({
      ...act,
      action: isNew(product) ? 'product.created' : 'product.updated',
      entity: 'product',
      entityId: product.id,
      before: product.before,
      after: audited(product.draft),
    })),
  );
  const storeIds = await storesSelling(tx, owner.tenant.storeId);
  return kept.map((product) => ({
    id: product.id,
    created: isNew(product),
    event: productUpdated(changed(product), { storeIds, actor: act.actor, at: act.at }),
  }));
}

function changed({ id, version, draft: { slug, name, active } }: KeptProduct): ChangedProduct {
  return { id, version, slug, name, active };
}

function refuseContradiction(product: ProductDraft): void {
  const contradiction = contradictionIn(product);
  if (contradiction)
    throw refusal('VALIDATION_FAILED', `${product.name}: ${contradiction.reason}.`, {
      errors: Object.fromEntries(contradiction.fields.map((field) => [field, [contradiction.reason]])),
    });
}

/** One slug would otherwise name two products of a store: its own and the merchant's. */
async function refuseTakenSlugs({ sql, tenant }: TenantTx, slugs: readonly string[]): Promise<void> {
  const [other] = await sql<{ slug: string }[]>`
    SELECT slug FROM products WHERE merchant_id = ${tenant.merchantId} AND slug IN (SELECT unnest(${slugs}::text[]))
      AND store_id IS DISTINCT FROM ${tenant.storeId}::bigint ORDER BY slug LIMIT 1`;
  if (other)
    throw refusal('SLUG_TAKEN', `Expected a slug that is free, received "${other.slug}".`, {
      errors: { slug: ['is taken by another product of the merchant'] },
    });
}
