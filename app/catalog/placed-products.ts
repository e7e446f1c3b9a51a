import type { Fragment, Tenant, TenantTx } from '#core/db/tenant.ts';
import { placeBehind, type PlacedProduct } from './product-cursor.ts';

/** At most `limit` of a list, behind the cursor. */
export function pageOf(
  list: readonly PlacedProduct[],
  cursor: string | undefined,
  limit: number,
): PlacedProduct[] {
  if (cursor === undefined) return list.slice(0, limit);
  const last = placeBehind(cursor);
  const start = list.findIndex(
    ({ place, id }) => place > last.place || (place === last.place && id > last.id),
  );
  return start === -1 ? [] : list.slice(start, start + limit);
}

/** The same as a relation of merchant_id, id and place. */
export function placed({ sql, tenant }: TenantTx<Tenant>, page: readonly PlacedProduct[]): Fragment {
  return sql`
    SELECT ${tenant.merchantId}::bigint AS merchant_id, id, place::int
    FROM unnest(${page.map(({ id }) => id)}::bigint[], ${page.map(({ place }) => place)}::bigint[]) AS listed (id, place)`;
}
