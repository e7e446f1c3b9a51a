import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { idBehind, opaqueId, type CategoryId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { ManagedCategory } from './managed-category-view.ts';

/** A category about to be changed. */
export interface OwnedCategory {
  readonly id: CategoryId;
  readonly parentId: CategoryId | null;
  /** Null when it belongs to all stores. */
  readonly storeId: StoreId | null;
  readonly slug: string;
  readonly name: string;
  readonly position: number;
}

interface Row extends Omit<ManagedCategory, 'id' | 'parent'> {
  readonly id: CategoryId;
  readonly parent_id: CategoryId | null;
}

/** All categories in sight of the store, each behind its parent, in the merchant's order. */
export async function managedCategories({ sql, tenant }: TenantTx<StoreTenant>): Promise<ManagedCategory[]> {
  const rows = await sql<Row[]>`
    SELECT c.id, c.parent_id, c.slug, c.name, CASE WHEN c.store_id IS NULL THEN 'merchant' ELSE 'store' END AS scope,
      (SELECT count(*)::int FROM products p
        WHERE p.merchant_id = c.merchant_id AND p.category_id = c.id AND p.archived_at IS NULL) AS products
    FROM categories c WHERE c.merchant_id = ${tenant.merchantId} ORDER BY c.position, c.id`;
  const below = Map.groupBy(rows, ({ parent_id }) => parent_id);
  const branch = (parent: CategoryId | null): Row[] =>
    (below.get(parent) ?? []).flatMap((row) => [row, ...branch(row.id)]);
  return branch(null).map(({ id, parent_id, ...row }) => ({
    ...row,
    id: opaqueId('ca', id),
    parent: parent_id === null ? null : opaqueId('ca', parent_id),
  }));
}

/** The categories in sight of the store, locked until COMMIT: whoever changes the tree does so alone. In the merchant's order. */
export async function lockTree({ sql, tenant }: TenantTx<StoreTenant>): Promise<OwnedCategory[]> {
  const rows = await sql<OwnedCategory[]>`
    SELECT id, parent_id AS "parentId", store_id AS "storeId", slug, name, position FROM categories
    WHERE merchant_id = ${tenant.merchantId} ORDER BY id FOR NO KEY UPDATE`;
  return rows.toSorted((a, b) => a.position - b.position || a.id - b.id);
}

/** The one of them that a request names. Refuses CATEGORY_NOT_FOUND. */
export function categoryIn(tree: readonly OwnedCategory[], named: string): OwnedCategory {
  const id = idBehind<CategoryId>('ca', named);
  const category = tree.find((each) => each.id === id);
  if (!category) throw refusal('CATEGORY_NOT_FOUND', 'There is no category with this id.');
  return category;
}

interface Below {
  /** Opaque; null for the first level. */
  readonly parent: string | null;
  /** Of the category that goes there. */
  readonly storeId: StoreId | null;
}

/** Where a category may hang. What all stores have does not hang below what one has. Refuses VALIDATION_FAILED. */
export function parentIn(tree: readonly OwnedCategory[], { parent, storeId }: Below): CategoryId | null {
  if (parent === null) return null;
  const id = idBehind<CategoryId>('ca', parent);
  const category = tree.find((each) => each.id === id);
  if (category && (category.storeId === null || category.storeId === storeId)) return category.id;
  throw refusal('VALIDATION_FAILED', 'Expected a category of the same stores as parent, received another.', {
    errors: { parent: ['must be a category of the same stores'] },
  });
}
