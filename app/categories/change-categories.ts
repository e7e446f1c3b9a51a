import { isStillReferredTo, violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { opaqueId, type CategoryId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { categoryChanged } from './category-changed.ts';
import { categoryIn, lockTree, parentIn, type OwnedCategory } from './managed-categories.ts';
import type { CategoryForm } from './managed-category-view.ts';
import type { Act } from '../products/owned-product.ts';
import { categorySlug } from '../catalog/slug.ts';

/** Adds a category behind those of its level. Refuses SLUG_TAKEN, and VALIDATION_FAILED for a parent of other stores. */
export async function createCategory(
  tx: TenantTx<StoreTenant>,
  { form, act }: { readonly form: CategoryForm; readonly act: Act },
): Promise<CategoryId> {
  const { sql, tenant } = tx;
  const tree = await lockTree(tx);
  const storeId = form.scope === 'merchant' ? null : tenant.storeId;
  const parentId = parentIn(tree, { parent: form.parent ?? null, storeId });
  const slug = form.slug ?? categorySlug(form.name);
  refuseTakenSlug(tree, slug);
  const position = Math.max(0, ...tree.map((each) => each.position)) + 1;
  const [row] = await sql<{ id: CategoryId }[]>`
    INSERT INTO categories (merchant_id, store_id, parent_id, slug, name, position)
    VALUES (${tenant.merchantId}, ${storeId}, ${parentId}, ${slug}, ${form.name}, ${position})
    ON CONFLICT DO NOTHING RETURNING id`;
  // Somebody else made it while this waited.
  if (!row) throw slugTaken(slug);
  await categoryChanged(tx, {
    category: { id: row.id, storeId },
    action: 'category.created',
    before: null,
    after: { slug, name: form.name, parent: parentName(parentId) },
    act,
  });
  return row.id;
}

export interface RenameCategory {
  /** Opaque. */
  readonly category: string;
  readonly name: string;
  /** Absent: the one it has stays. */
  readonly slug: string | null;
  readonly act: Act;
}

/** Refuses CATEGORY_NOT_FOUND and SLUG_TAKEN. */
export async function renameCategory(
  tx: TenantTx<StoreTenant>,
  { category: named, name, slug, act }: RenameCategory,
): Promise<void> {
  const { sql, tenant } = tx;
  const tree = await lockTree(tx);
  const category = categoryIn(tree, named);
  const after = { name, slug: slug ?? category.slug };
  if (after.slug !== category.slug) refuseTakenSlug(tree, after.slug);
  await sql`
    UPDATE categories SET name = ${name}, slug = ${after.slug} WHERE merchant_id = ${tenant.merchantId} AND id = ${category.id}`.catch(
    (error: unknown) => {
      throw violatedConstraint(error) === null ? error : slugTaken(after.slug);
    },
  );
  const before = { name: category.name, slug: category.slug };
  await categoryChanged(tx, { category, action: 'category.renamed', before, after, act });
}

export interface MoveCategory {
  /** Opaque, as are the others. */
  readonly category: string;
  readonly parent: string | null;
  /** The one of its new level that it will stand before. Absent: behind all of them. */
  readonly before: string | null;
  readonly act: Act;
}

/** Hangs a category with all below it somewhere else, or gives it another place in its level. Refuses CATEGORY_BELOW_ITSELF. */
export async function moveCategory(
  tx: TenantTx<StoreTenant>,
  { category: named, parent, before, act }: MoveCategory,
): Promise<void> {
  const tree = await lockTree(tx);
  const category = categoryIn(tree, named);
  const parentId = parentIn(tree, { parent, storeId: category.storeId });
  const siblings = tree.filter((each) => each.parentId === parentId && each.id !== category.id);
  const at = before === null ? siblings.length : siblings.indexOf(categoryIn(siblings, before));
  await hang(tx, category, parentId);
  await number(tx, siblings.toSpliced(at, 0, category));
  await categoryChanged(tx, {
    category,
    action: 'category.moved',
    before: { parent: parentName(category.parentId), position: category.position },
    after: { parent: parentName(parentId), before },
    act,
  });
}

async function hang(
  { sql, tenant }: TenantTx<StoreTenant>,
  { id, name }: OwnedCategory,
  parentId: CategoryId | null,
): Promise<void> {
  try {
    await sql`
      UPDATE categories SET parent_id = ${parentId} WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  } catch (error) {
    if (!['categories_are_a_tree', 'categories_check'].includes(violatedConstraint(error) ?? '')) throw error;
    throw refusal(
      'CATEGORY_BELOW_ITSELF',
      `Expected a parent that does not hang below ${name}, received one that does.`,
    );
  }
}

/** The places of a level are dealt anew among those who stand there. */
async function number(
  { sql, tenant }: TenantTx<StoreTenant>,
  level: readonly OwnedCategory[],
): Promise<void> {
  const first = Math.min(...level.map(({ position }) => position));
  await sql`
    UPDATE categories SET position = ${first} + nth - 1
    FROM unnest(${level.map(({ id }) => id)}::bigint[]) WITH ORDINALITY AS level (id, nth)
    WHERE merchant_id = ${tenant.merchantId} AND categories.id = level.id`;
}

/** Takes a category away; what lies in it or hangs below it moves up. Refuses CATEGORY_IN_USE when another store has something below it. */
export async function deleteCategory(
  tx: TenantTx<StoreTenant>,
  { category: named, act }: { readonly category: string; readonly act: Act },
): Promise<void> {
  const { sql, tenant } = tx;
  const category = categoryIn(await lockTree(tx), named);
  const { id, parentId, slug, name } = category;
  await sql`
    UPDATE categories SET parent_id = ${parentId} WHERE merchant_id = ${tenant.merchantId} AND parent_id = ${id}`;
  await sql`
    UPDATE products SET category_id = ${parentId} WHERE merchant_id = ${tenant.merchantId} AND category_id = ${id}`;
  try {
    await sql`DELETE FROM categories WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  } catch (error) {
    if (!isStillReferredTo(error)) throw error;
    throw refusal(
      'CATEGORY_IN_USE',
      `Expected nothing below ${name} any longer; another store has a category there.`,
    );
  }
  const before = { slug, name, parent: parentName(parentId) };
  await categoryChanged(tx, { category, action: 'category.deleted', before, after: null, act });
}

function refuseTakenSlug(tree: readonly OwnedCategory[], slug: string): void {
  if (tree.some((each) => each.slug === slug)) throw slugTaken(slug);
}

function slugTaken(slug: string) {
  return refusal('SLUG_TAKEN', `Expected a slug that is free, received "${slug}".`, {
    errors: { slug: ['is taken by another category'] },
  });
}

function parentName(id: CategoryId | null): string | null {
  return id === null ? null : opaqueId('ca', id);
}
