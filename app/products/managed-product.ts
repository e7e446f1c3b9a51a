import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import {
  idBehind,
  opaqueId,
  type CategoryId,
  type ImageId,
  type ProductId,
  type VariantId,
} from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { ManagedProduct } from './managed-product-view.ts';
import { mediaUrl } from '../catalog/project-product.ts';

/** The id behind what a request names. Refuses PRODUCT_NOT_FOUND for what no product can be called. */
export function productIdOf(named: string): ProductId {
  const id = idBehind<ProductId>('pr', named);
  if (id === null) throw productNotFound();
  return id;
}

export function productNotFound() {
  return refusal('PRODUCT_NOT_FOUND', 'There is no product with this id.');
}

/** A product in sight of the store, with its stock there. Refuses PRODUCT_NOT_FOUND. */
export async function managedProduct(tx: TenantTx<StoreTenant>, id: ProductId): Promise<ManagedProduct> {
  const [row] = await readProduct(tx, id);
  if (!row) throw productNotFound();
  return project(row);
}

interface Row extends Omit<
  ManagedProduct,
  'id' | 'category' | 'images' | 'variants' | 'customization_groups' | 'created_at'
> {
  readonly id: ProductId;
  readonly category: { readonly id: CategoryId; readonly slug: string; readonly name: string } | null;
  readonly images: readonly {
    readonly id: ImageId;
    readonly file: string;
    readonly alt: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly variants: readonly (Omit<ManagedProduct['variants'][number], 'id' | 'image'> & {
    readonly id: VariantId;
    readonly image_id: ImageId | null;
  })[];
  readonly groups: readonly (Omit<ManagedProduct['customization_groups'][number], 'id' | 'choices'> & {
    readonly id: number;
    readonly choices: readonly (Omit<
      ManagedProduct['customization_groups'][number]['choices'][number],
      'id'
    > & { readonly id: number })[];
  })[];
  readonly created_at: Date;
}

function readProduct({ sql, tenant }: TenantTx<StoreTenant>, id: ProductId) {
  return sql<Row[]>`
    SELECT p.id, p.version, p.slug, p.name, p.description, p.tax_class, p.shippable, p.created_at,
      CASE WHEN p.store_id IS NULL THEN 'merchant' ELSE 'store' END AS scope,
      CASE WHEN p.archived_at IS NOT NULL THEN 'archived' WHEN p.active THEN 'active' ELSE 'inactive' END AS status,
      CASE WHEN p.length_mm IS NOT NULL THEN
        json_build_object('length_mm', p.length_mm, 'width_mm', p.width_mm, 'height_mm', p.height_mm) END AS dimensions,
      (SELECT currency FROM stores WHERE merchant_id = p.merchant_id AND id = ${tenant.storeId}) AS currency,
      (SELECT json_build_object('id', c.id, 'slug', c.slug, 'name', c.name) FROM categories c
        WHERE c.merchant_id = p.merchant_id AND c.id = p.category_id) AS category,
      coalesce((SELECT json_agg(t.tag ORDER BY t.tag) FROM product_tags t
        WHERE t.merchant_id = p.merchant_id AND t.product_id = p.id), '[]') AS tags,
      coalesce((SELECT json_agg(json_build_object('id', i.id, 'file', i.file, 'alt', i.alt, 'width', i.width, 'height', i.height)
          ORDER BY i.position) FROM product_images i
        WHERE i.merchant_id = p.merchant_id AND i.product_id = p.id), '[]') AS images,
      coalesce((SELECT json_agg(json_build_object('name', o.name, 'values',
          (SELECT json_agg(l.value ORDER BY l.position, l.id) FROM option_values l
            WHERE l.merchant_id = o.merchant_id AND l.option_id = o.id)) ORDER BY o.position, o.id) FROM product_options o
        WHERE o.merchant_id = p.merchant_id AND o.product_id = p.id), '[]') AS options,
      coalesce((SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'title', v.title, 'price_cents', v.price_cents,
          'compare_at_cents', v.compare_at_cents, 'weight_grams', v.weight_grams, 'stock', s.quantity,
          'sale', CASE WHEN v.sale_cents IS NOT NULL THEN
            json_build_object('sale_cents', v.sale_cents, 'from', v.sale_from, 'until', v.sale_until) END, 'image_id', v.image_id, 'option_values',
          coalesce((SELECT json_agg(l.value ORDER BY o.position, o.id) FROM variant_option_values vl
            JOIN product_options o ON o.merchant_id = vl.merchant_id AND o.id = vl.option_id
            JOIN option_values l ON l.merchant_id = vl.merchant_id AND l.id = vl.value_id
            WHERE vl.merchant_id = v.merchant_id AND vl.variant_id = v.id), '[]')) ORDER BY v.position, v.id) FROM variants v
        LEFT JOIN stock_levels s ON s.merchant_id = v.merchant_id AND s.store_id = ${tenant.storeId} AND s.variant_id = v.id
        WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id AND v.archived_at IS NULL), '[]') AS variants,
      coalesce((SELECT json_agg(json_build_object('id', g.id, 'name', g.name, 'min_select', g.min_select, 'max_select', g.max_select,
          'required', g.required, 'choices',
          coalesce((SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'price_delta_cents', c.price_delta_cents,
              'max_quantity', c.max_quantity) ORDER BY c.position, c.id) FROM customization_choices c
            WHERE c.merchant_id = g.merchant_id AND c.group_id = g.id AND c.active), '[]')) ORDER BY g.position, g.id)
        FROM customization_groups g WHERE g.merchant_id = p.merchant_id AND g.product_id = p.id), '[]') AS groups
    FROM products p WHERE p.merchant_id = ${tenant.merchantId} AND p.id = ${id}`;
}

function project({ images, variants, groups, category, created_at, ...row }: Row): ManagedProduct {
  return {
    ...row,
    id: opaqueId('pr', row.id),
    category: category && { ...category, id: opaqueId('ca', category.id) },
    images: images.map(({ id, file, ...image }) => ({
      id: opaqueId('im', id),
      url: mediaUrl(file),
      ...image,
    })),
    variants: variants.map(({ id, image_id, sale, ...variant }) => ({
      ...variant,
      id: opaqueId('va', id),
      sale: sale && { ...sale, from: inUtc(sale.from), until: inUtc(sale.until) },
      image: image_id === null ? null : opaqueId('im', image_id),
    })),
    customization_groups: groups.map(({ id, choices, ...group }) => ({
      ...group,
      id: opaqueId('gr', id),
      choices: choices.map((choice) => ({ ...choice, id: opaqueId('ch', choice.id) })),
    })),
    created_at: created_at.toISOString(),
  };
}

/** The database writes moments into JSON in its own way. */
function inUtc(moment: string | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
