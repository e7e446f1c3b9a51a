import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { TaxRateId } from '#core/values/ids.ts';
import { isCountry } from '#core/values/locale.ts';
import { countryCode, isStateOf, stateCode } from '#core/values/regions.ts';
import { refusal } from '../errors.ts';
import { storeUpdated } from '../stores/store-updated.ts';
import { taxRateById, type TaxRateRow } from './tax-queries.ts';
import type { TaxPlace } from './tax-rules.ts';
import type { TaxRateFields } from './tax-view.ts';

/** Rates that one store may have: enough for the states of a country and a few classes. */
const TAX_RATES_MAX = 500;

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

export interface SaveTaxRate {
  readonly fields: TaxRateFields;
  /** The one to change; null for a new one. */
  readonly id: TaxRateId | null;
  readonly act: Act;
}

/** Makes a tax rate of the store, or changes one. Refuses TAX_RATE_TAKEN for a second one of the same place, class and name. */
export async function saveTaxRate(
  tx: TenantTx<StoreTenant>,
  { fields, id, act }: SaveTaxRate,
): Promise<TaxRateRow> {
  const before = id === null ? null : await taxRateById(tx, id);
  const row = await write(tx, columnsOf(fields), id).catch((error: unknown) => {
    throw violatedConstraint(error)?.startsWith('tax_rates_merchant_id_store_id_country') ? taken() : error;
  });
  await told(tx, { before, after: row, act });
  return row;
}

/** Removes a tax rate of the store. */
export async function removeTaxRate(tx: TenantTx<StoreTenant>, id: TaxRateId, act: Act): Promise<void> {
  const { sql, tenant } = tx;
  const before = await taxRateById(tx, id);
  await sql`DELETE FROM tax_rates WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}`;
  await told(tx, { before, after: null, act });
}

/** Sets whether the store's prices include tax. */
export async function setPricesIncludeTax(
  tx: TenantTx<StoreTenant>,
  pricesIncludeTax: boolean,
  act: Act,
): Promise<void> {
  const { sql, tenant } = tx;
  const [before] = await sql<{ prices_include_tax: boolean }[]>`
    SELECT prices_include_tax FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId} FOR NO KEY UPDATE`;
  await sql`
    UPDATE stores SET prices_include_tax = ${pricesIncludeTax} WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`;
  await writeAudit(tx, {
    ...act,
    action: 'taxes.changed',
    entity: 'store',
    entityId: tenant.storeId,
    before: { ...before },
    after: { prices_include_tax: pricesIncludeTax },
  });
  await storeUpdated(tx, { changed: 'taxes', ...act });
}

type Columns = ReturnType<typeof columnsOf>;

function columnsOf({ country, state, tax_class, name, rate_millipercent, taxes_shipping }: TaxRateFields) {
  const place = { country: countryCode(country), state: stateCode(countryCode(country), state) };
  refuseNowhere(place);
  return {
    ...place,
    tax_class: tax_class ?? 'standard',
    name: name.trim(),
    rate_millipercent,
    taxes_shipping: taxes_shipping ?? true,
  };
}

/** A rate of a place that is nowhere would tax nothing, and nobody would notice. */
function refuseNowhere({ country, state }: TaxPlace): void {
  if (!isCountry(country)) throw nowhere('country', `${country} is no country`);
  if (state !== null && !isStateOf(country, state))
    throw nowhere('state', `${state} is no state of ${country}`);
}

function nowhere(field: string, message: string) {
  return refusal('VALIDATION_FAILED', `The tax rate needs a change: ${message}.`, {
    errors: { [field]: [message] },
  });
}

async function write(
  { sql, tenant }: TenantTx<StoreTenant>,
  columns: Columns,
  id: TaxRateId | null,
): Promise<TaxRateRow> {
  const { merchantId, storeId } = tenant;
  const [row] = id
    ? await sql<TaxRateRow[]>`
        UPDATE tax_rates SET ${sql(columns)} WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND id = ${id}
        RETURNING id, country, state, tax_class, name, rate_millipercent, taxes_shipping`
    : await sql<TaxRateRow[]>`
        INSERT INTO tax_rates (merchant_id, store_id, country, state, tax_class, name, rate_millipercent, taxes_shipping)
        SELECT ${merchantId}, ${storeId}, ${columns.country}, ${columns.state}, ${columns.tax_class}, ${columns.name},
          ${columns.rate_millipercent}::int, ${columns.taxes_shipping}::boolean
        WHERE ${TAX_RATES_MAX} > (SELECT count(*) FROM tax_rates WHERE merchant_id = ${merchantId} AND store_id = ${storeId})
        RETURNING id, country, state, tax_class, name, rate_millipercent, taxes_shipping`;
  if (row) return row;
  throw refusal('TAX_RATES_TOO_MANY', `Expected at most ${TAX_RATES_MAX} tax rates; the store has as many.`);
}

interface Change {
  readonly before: TaxRateRow | null;
  readonly after: TaxRateRow | null;
  readonly act: Act;
}

async function told(tx: TenantTx<StoreTenant>, { before, after, act }: Change): Promise<void> {
  await writeAudit(tx, {
    ...act,
    action: before && after ? 'tax_rate.changed' : after ? 'tax_rate.created' : 'tax_rate.removed',
    entity: 'tax_rate',
    entityId: after?.id ?? before?.id ?? null,
    before: before && { ...before },
    after: after && { ...after },
  });
  await storeUpdated(tx, { changed: 'taxes', ...act });
}

function taken() {
  return refusal('TAX_RATE_TAKEN', 'The store has a rate of this name for this place and class.', {
    errors: { name: ['is taken for this place and class'] },
  });
}
