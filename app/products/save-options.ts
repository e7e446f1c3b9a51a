import type { TenantTx } from '#core/db/tenant.ts';
import type { ProductId, VariantId } from '#core/values/ids.ts';
import type { VariantDraft } from '../catalog/product.ts';
import { knownIds, type KeptProduct } from './upsert-products.ts';

export interface VariantOfProduct {
  readonly id: VariantId;
  readonly isNew: boolean;
  readonly productId: ProductId;
  readonly draft: VariantDraft;
}

interface Option {
  readonly name: string;
  /** In the order in which variants first have them. */
  readonly values: readonly string[];
}

/** What the options of a product are, and which values its variants have. */
interface Choices {
  readonly options: readonly Option[];
  readonly links: readonly { readonly variant_id: VariantId; readonly values: readonly string[] }[];
}

/** Makes the drafts' the options of their products. They have no ids outside, so where anything has changed they are made anew. */
export async function saveOptions(
  tx: TenantTx,
  products: readonly KeptProduct[],
  variants: readonly VariantOfProduct[],
): Promise<void> {
  const known = await knownChoices(tx, knownIds(products));
  const byProduct = Map.groupBy(variants, ({ productId }) => productId);
  const wanted = products.map(
    ({ id, draft }) => [id, choicesOf(draft.options, byProduct.get(id) ?? [])] as const,
  );
  const changed = wanted.filter(([id, choices]) => !isSame(known.get(id) ?? NO_CHOICES, choices));
  if (changed.length === 0) return;
  await removeOptions(
    tx,
    changed.map(([id]) => id).filter((id) => known.has(id)),
  );
  await writeOptions(tx, changed);
}

const NO_CHOICES: Choices = { options: [], links: [] };

function choicesOf(names: readonly string[], variants: readonly VariantOfProduct[]): Choices {
  if (names.length === 0) return NO_CHOICES;
  return {
    options: names.map((name, at) => ({
      name,
      values: [...new Set(variants.map(({ draft }) => draft.optionValues[at] ?? ''))],
    })),
    links: variants
      .map(({ id, draft }) => ({ variant_id: id, values: draft.optionValues }))
      .toSorted((a, b) => a.variant_id - b.variant_id),
  };
}

function isSame(a: Choices, b: Choices): boolean {
  return JSON.stringify([a.options, a.links]) === JSON.stringify([b.options, b.links]);
}

async function knownChoices(
  { sql, tenant }: TenantTx,
  productIds: readonly ProductId[],
): Promise<ReadonlyMap<ProductId, Choices>> {
  if (productIds.length === 0) return new Map();
  const rows = await sql<(Choices & { product_id: ProductId })[]>`
    SELECT p.id AS product_id, (
        SELECT coalesce(json_agg(json_build_object('name', o.name, 'values', ARRAY(
          SELECT value FROM option_values WHERE merchant_id = o.merchant_id AND option_id = o.id ORDER BY position)) ORDER BY o.position), '[]')
        FROM product_options o WHERE o.merchant_id = p.merchant_id AND o.product_id = p.id
      ) AS options, (
        SELECT coalesce(json_agg(link ORDER BY link.variant_id), '[]') FROM (
          SELECT l.variant_id, array_agg(chosen.value ORDER BY o.position) AS values
          FROM variants v JOIN variant_option_values l ON l.merchant_id = v.merchant_id AND l.variant_id = v.id
            JOIN product_options o ON o.merchant_id = l.merchant_id AND o.id = l.option_id
            JOIN option_values chosen ON chosen.merchant_id = l.merchant_id AND chosen.id = l.value_id
          WHERE v.merchant_id = p.merchant_id AND v.product_id = p.id GROUP BY l.variant_id) AS link
      ) AS links
    FROM products p WHERE p.merchant_id = ${tenant.merchantId} AND p.id = ANY(${productIds}::bigint[])`;
  return new Map(rows.map((row) => [row.product_id, row]));
}

async function removeOptions({ sql, tenant }: TenantTx, productIds: readonly ProductId[]): Promise<void> {
  if (productIds.length === 0) return;
  await sql`
    DELETE FROM product_options WHERE merchant_id = ${tenant.merchantId} AND product_id = ANY(${productIds}::bigint[])`;
}

async function writeOptions(
  { sql, tenant }: TenantTx,
  changed: readonly (readonly [ProductId, Choices])[],
): Promise<void> {
  const { merchantId } = tenant;
  const options = changed.flatMap(([product_id, choices]) =>
    choices.options.map((option, position) => ({ product_id, position, ...option })),
  );
  const links = changed.flatMap(([product_id, choices]) =>
    choices.links.flatMap(({ variant_id, values }) =>
      values.map((value, position) => ({ product_id, variant_id, position, value })),
    ),
  );
  if (options.length === 0) return;
  await sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(options as never)}) AS option (product_id bigint, name text, position int, "values" jsonb)
    ), links AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(links as never)}) AS link (product_id bigint, variant_id bigint, position int, value text)
    ), added AS (
      INSERT INTO product_options (merchant_id, product_id, position, name)
      SELECT ${merchantId}, product_id, position, name FROM given ORDER BY product_id, position RETURNING id, product_id, position
    ), valued AS (
      INSERT INTO option_values (merchant_id, option_id, position, value)
      SELECT ${merchantId}, added.id, listed.nth - 1, listed.value
      FROM added JOIN given USING (product_id, position), jsonb_array_elements_text(given.values) WITH ORDINALITY AS listed (value, nth)
      RETURNING id, option_id, value
    )
    INSERT INTO variant_option_values (merchant_id, product_id, variant_id, option_id, value_id)
    SELECT ${merchantId}, product_id, links.variant_id, added.id, valued.id
    FROM links JOIN added USING (product_id, position) JOIN valued ON valued.option_id = added.id AND valued.value = links.value`;
}
