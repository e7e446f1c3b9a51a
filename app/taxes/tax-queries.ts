import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { opaqueId, type TaxRateId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type { TaxRateView, TaxSettings } from './tax-view.ts';

/** A column: the store's tax rates of its own country (`s` stands for the store's row) and of another, as JSON, or null for none. */
export function taxRatesColumn({ sql, tenant }: TenantTx<StoreTenant>, country: string | null) {
  return sql`(
    SELECT jsonb_agg(jsonb_build_object('country', t.country, 'state', t.state, 'taxClass', t.tax_class, 'name', t.name,
      'rateMillipercent', t.rate_millipercent, 'taxesShipping', t.taxes_shipping) ORDER BY t.id)
    FROM tax_rates t WHERE t.merchant_id = ${tenant.merchantId} AND t.store_id = ${tenant.storeId}
      AND (t.country = s.country OR t.country = ${country}))`;
}

export interface TaxRateRow {
  readonly id: TaxRateId;
  readonly country: string;
  readonly state: string | null;
  readonly tax_class: string;
  readonly name: string;
  readonly rate_millipercent: number;
  readonly taxes_shipping: boolean;
}

/** How the store taxes: all its rates, by place and class. */
export async function taxSettings({ sql, tenant }: TenantTx<StoreTenant>): Promise<TaxSettings> {
  const [stores, rates] = await Promise.all([
    sql<{ prices_include_tax: boolean }[]>`
      SELECT prices_include_tax FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`,
    sql<TaxRateRow[]>`
      SELECT id, country, state, tax_class, name, rate_millipercent, taxes_shipping FROM tax_rates
      WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      ORDER BY country, state NULLS FIRST, tax_class, name, id`,
  ]);
  return { prices_include_tax: stores[0]?.prices_include_tax ?? true, rates: rates.map(taxRateView) };
}

/** One rate of the store. Locked until COMMIT. Refuses TAX_RATE_NOT_FOUND. */
export async function taxRateById(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: TaxRateId | null,
): Promise<TaxRateRow> {
  const [row] = await sql<TaxRateRow[]>`
    SELECT id, country, state, tax_class, name, rate_millipercent, taxes_shipping FROM tax_rates
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} FOR UPDATE`;
  if (!row) throw refusal('TAX_RATE_NOT_FOUND', 'There is no tax rate with this id at this store.');
  return row;
}

export function taxRateView({ id, ...row }: TaxRateRow): TaxRateView {
  return { id: opaqueId('ta', id), ...row };
}
