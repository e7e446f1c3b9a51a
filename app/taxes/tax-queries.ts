import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';

/** A column: the store's tax rates of its own country (`s` stands for the store's row) and of another, as JSON, or null for none. */
export function taxRatesColumn({ sql, tenant }: TenantTx<StoreTenant>, country: string | null) {
  return sql`(
    SELECT jsonb_agg(jsonb_build_object('country', t.country, 'state', t.state, 'taxClass', t.tax_class, 'name', t.name,
      'rateMillipercent', t.rate_millipercent, 'taxesShipping', t.taxes_shipping) ORDER BY t.id)
    FROM tax_rates t WHERE t.merchant_id = ${tenant.merchantId} AND t.store_id = ${tenant.storeId}
      AND (t.country = s.country OR t.country = ${country}))`;
}
