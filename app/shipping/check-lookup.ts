import { compareKept, type Comparison } from '#core/db/compare-kept.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { buildShippingLookup } from './shipping-lookup.ts';
import { shippingRules } from './shipping-queries.ts';

/** Holds the lookup that quotes read, by its digest, against one made anew from the store's rules. */
export async function checkLookup(tx: TenantTx<StoreTenant>): Promise<Comparison> {
  const { sql, tenant } = tx;
  const made = buildShippingLookup(await shippingRules(tx));
  const none = buildShippingLookup({ zones: [], methods: [], rates: [] });
  return compareKept(
    tx,
    sql`
      SELECT 'shipping rules' AS subject, left(md5(coalesce(rules, ${sql.json(none)}::jsonb)::text), 8) AS kept,
        left(md5(${sql.json(made as never)}::jsonb::text), 8) AS source
      FROM stores LEFT JOIN shipping_lookups ON shipping_lookups.merchant_id = stores.merchant_id AND store_id = stores.id
      WHERE stores.merchant_id = ${tenant.merchantId} AND stores.id = ${tenant.storeId}`,
  );
}
