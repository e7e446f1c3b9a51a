import type { TenantTx } from '#core/db/tenant.ts';
import type { ProductId } from '#core/values/ids.ts';
import type { ProductDraft } from '../catalog/product.ts';

/** Makes these the customisation groups of the product. Groups and choices keep their ids while they keep their names: carts hold them. */
export async function saveGroups(
  { sql, tenant }: TenantTx,
  productId: ProductId,
  { groups }: ProductDraft,
): Promise<void> {
  if (!groups) return;
  const { merchantId } = tenant;
  await sql`
    DELETE FROM customization_groups WHERE merchant_id = ${merchantId} AND product_id = ${productId}
      AND name <> ALL(${groups.map(({ name }) => name)}::text[])`;
  await sql`
    WITH given AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset(${sql.json(groups as never)}) AS (name text, "minSelect" int, "maxSelect" int, required boolean,
        choices jsonb)) WITH ORDINALITY AS g (name, min_select, max_select, required, choices, nth)
    ), kept AS (
      INSERT INTO customization_groups (merchant_id, product_id, position, name, min_select, max_select, required)
      SELECT ${merchantId}::bigint, ${productId}::bigint, nth - 1, name, min_select, max_select, required FROM given ORDER BY nth
      ON CONFLICT (merchant_id, product_id, name) DO UPDATE SET position = excluded.position, min_select = excluded.min_select,
        max_select = excluded.max_select, required = excluded.required
      RETURNING id, name
    ), choices AS MATERIALIZED (
      SELECT kept.id AS group_id, choice.* FROM kept JOIN given USING (name), ROWS FROM (jsonb_to_recordset(given.choices) AS
        (name text, "priceDeltaCents" bigint, "maxQuantity" int)) WITH ORDINALITY AS choice (name, price_delta_cents, max_quantity, nth)
    ), gone AS (
      DELETE FROM customization_choices AS c USING kept WHERE c.merchant_id = ${merchantId} AND c.group_id = kept.id
        AND NOT EXISTS (SELECT FROM choices WHERE choices.group_id = c.group_id AND choices.name = c.name)
    )
    INSERT INTO customization_choices (merchant_id, group_id, position, name, price_delta_cents, max_quantity)
    SELECT ${merchantId}, group_id, nth - 1, name, price_delta_cents, max_quantity FROM choices ORDER BY group_id, nth
    ON CONFLICT (merchant_id, group_id, name) DO UPDATE SET position = excluded.position, price_delta_cents = excluded.price_delta_cents,
      max_quantity = excluded.max_quantity, active = true`;
}
