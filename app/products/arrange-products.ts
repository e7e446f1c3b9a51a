import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { idBehind, type ProductId } from '#core/values/ids.ts';
import { productNotFound } from './managed-product.ts';
import { lockProduct, productChanged, type Act } from './owned-product.ts';

export interface ArrangeProducts {
  /** Opaque ids, in the order in which the products are to stand. */
  readonly products: readonly string[];
  readonly act: Act;
}

interface Standing {
  readonly id: ProductId;
  readonly position: number;
}

/** Lets the products take one another's places, so that they stand in this order. Refuses PRODUCT_NOT_FOUND. */
export async function arrangeProducts(
  tx: TenantTx<StoreTenant>,
  { products, act }: ArrangeProducts,
): Promise<void> {
  const wanted = products.map((named) => idBehind<ProductId>('pr', named));
  const standing = await lockPlaces(tx, wanted);
  const places = ascending(standing.map(({ position }) => position));
  const moved = wanted.flatMap((id, at) => {
    const product = standing.find((each) => each.id === id);
    const position = places[at];
    if (!product || position === undefined) throw productNotFound();
    return product.position === position ? [] : [{ id: product.id, position, was: product.position }];
  });
  await makeRoom(tx, standing, places);
  await place(tx, moved);
  for (const { id, position, was } of moved) {
    const product = await lockProduct(tx, id);
    const change = { product, action: 'product.moved', before: { position: was }, after: { position }, act };
    record(tx, await productChanged(tx, change));
  }
}

async function lockPlaces(
  { sql, tenant }: TenantTx<StoreTenant>,
  ids: readonly (ProductId | null)[],
): Promise<Standing[]> {
  const known = ids.filter((id) => id !== null);
  return sql<Standing[]>`
    SELECT id, position FROM products WHERE merchant_id = ${tenant.merchantId} AND id = ANY(${known}::bigint[])
    ORDER BY id FOR NO KEY UPDATE`;
}

/** The same places in order, no two alike: where two products shared one, those behind go further back. */
function ascending(positions: readonly number[]): number[] {
  const places: number[] = [];
  for (const position of positions.toSorted((a, b) => a - b))
    places.push(Math.max(position, (places.at(-1) ?? -Infinity) + 1));
  return places;
}

async function makeRoom(
  { sql, tenant }: TenantTx<StoreTenant>,
  standing: readonly Standing[],
  places: readonly number[],
): Promise<void> {
  const last = Math.max(...standing.map(({ position }) => position));
  const overhang = (places.at(-1) ?? last) - last;
  if (overhang <= 0) return;
  await sql`
    UPDATE products SET position = position + ${overhang}
    WHERE merchant_id = ${tenant.merchantId} AND position > ${last} AND id <> ALL(${standing.map(({ id }) => id)}::bigint[])`;
}

async function place({ sql, tenant }: TenantTx<StoreTenant>, moved: readonly Standing[]): Promise<void> {
  await sql`
    UPDATE products SET position = moved.position
    FROM unnest(${moved.map(({ id }) => id)}::bigint[], ${moved.map(({ position }) => position)}::bigint[]) AS moved (id, position)
    WHERE merchant_id = ${tenant.merchantId} AND products.id = moved.id`;
}
