import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { ChoiceId, ProductId, VariantId } from '#core/values/ids.ts';
import type { Cents } from '#core/values/money.ts';
import type { Sale } from './sale.ts';
import type { StockLevel } from './stock-level.ts';
import { visibleProduct } from './visible-product.ts';

/** What pricing, shipping and freezing an order line need of a variant. */
export interface SellableVariant extends StockLevel {
  readonly productId: ProductId;
  readonly name: string;
  readonly variantTitle: string;
  readonly sku: string | null;
  readonly priceCents: Cents;
  /** Null when there is no sale. */
  readonly sale: Sale | null;
  readonly taxClass: string;
  readonly weightGrams: number;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
  readonly shippable: boolean;
  readonly groups: readonly SellableGroup[];
}

export interface SellableGroup {
  readonly groupId: number;
  readonly name: string;
  readonly minSelect: number;
  readonly maxSelect: number;
  readonly required: boolean;
  readonly choices: readonly SellableChoice[];
}

export interface SellableChoice {
  readonly choiceId: ChoiceId;
  readonly name: string;
  readonly priceDeltaCents: Cents;
  readonly maxQuantity: number;
}

/**
 * Those of the variants that the store sells. With `lock`, their stock is locked until COMMIT in the order of their ids, and is what it
 * is after waiting for whoever held it; everything else is as it was when the statement began.
 */
export async function sellableVariants(
  tx: TenantTx<StoreTenant>,
  variantIds: readonly VariantId[],
  { lock }: { readonly lock: boolean },
): Promise<SellableVariant[]> {
  const { sql, tenant } = tx;
  const rows = await sql<SellableRow[]>`
    WITH stock AS MATERIALIZED (
      SELECT variant_id, quantity, low_threshold, backorder FROM stock_levels
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND variant_id = ANY(${variantIds}::bigint[])
      ORDER BY variant_id ${lock ? sql`FOR NO KEY UPDATE` : sql``}
    )
    SELECT v.id AS "variantId", p.id AS "productId", p.name, v.title AS "variantTitle", v.sku, v.price_cents AS "priceCents",
      v.sale_cents, v.sale_from, v.sale_until, p.tax_class AS "taxClass", v.weight_grams AS "weightGrams", p.length_mm AS "lengthMm", p.width_mm AS "widthMm", p.height_mm AS "heightMm", p.shippable,
      stock.quantity AS stock, stock.low_threshold AS "lowThreshold", coalesce(stock.backorder, false) AS backorder,
      coalesce((SELECT json_agg(json_build_object('groupId', g.id, 'name', g.name, 'minSelect', g.min_select,
          'maxSelect', g.max_select, 'required', g.required, 'choices',
          coalesce((SELECT json_agg(json_build_object('choiceId', c.id, 'name', c.name, 'priceDeltaCents', c.price_delta_cents,
              'maxQuantity', c.max_quantity) ORDER BY c.position, c.id) FROM customization_choices c
            WHERE c.merchant_id = g.merchant_id AND c.group_id = g.id AND c.active), '[]')) ORDER BY g.position, g.id)
        FROM customization_groups g WHERE g.merchant_id = p.merchant_id AND g.product_id = p.id), '[]') AS groups
    FROM variants v JOIN products p ON p.merchant_id = v.merchant_id AND p.id = v.product_id
    LEFT JOIN stock ON stock.variant_id = v.id
    WHERE v.merchant_id = ${tenant.merchantId} AND v.id = ANY(${variantIds}::bigint[]) AND v.archived_at IS NULL AND ${visibleProduct(tx)}
    ORDER BY v.id`;
  return rows.map(({ sale_cents: saleCents, sale_from: from, sale_until: until, ...variant }) => ({
    ...variant,
    sale: saleCents === null ? null : { saleCents, from, until },
  }));
}

interface SellableRow extends Omit<SellableVariant, 'sale'> {
  readonly sale_cents: Cents | null;
  readonly sale_from: Date | null;
  readonly sale_until: Date | null;
}
