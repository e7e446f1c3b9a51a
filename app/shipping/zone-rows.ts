import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { ShippingZoneId } from '#core/values/ids.ts';
import { normalisePostcode, type PostcodeRule } from './postcode.ts';
import { stateCodes } from './shipping-rules.ts';
import type { RateSetup, ZoneSetup } from './shipping-setup.ts';

/** Removes what stands within zones, to be written anew. */
export async function emptyZones(
  { sql, tenant }: TenantTx<StoreTenant>,
  ids: readonly ShippingZoneId[],
): Promise<void> {
  const ofZones = sql`merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND zone_id = ANY(${ids}::bigint[])`;
  await sql`DELETE FROM shipping_zone_states WHERE ${ofZones}`;
  await sql`DELETE FROM shipping_zone_postcodes WHERE ${ofZones}`;
  await sql`DELETE FROM shipping_rates WHERE ${ofZones}`;
}

/** Writes the states and postcodes of zones, which are found by their names. */
export async function fillZones(
  { sql, tenant }: TenantTx<StoreTenant>,
  zones: readonly ZoneSetup[],
): Promise<void> {
  const { merchantId, storeId } = tenant;
  await sql`
    WITH given AS (
      SELECT zone.id, states, postcodes
      FROM jsonb_to_recordset(${sql.json(zones.map(within) as never)}) AS row (name text, states jsonb, postcodes jsonb)
      JOIN shipping_zones AS zone ON zone.merchant_id = ${merchantId} AND zone.store_id = ${storeId} AND zone.name = row.name
    ), stated AS (
      INSERT INTO shipping_zone_states (merchant_id, store_id, zone_id, state)
      SELECT DISTINCT ${merchantId}::bigint, ${storeId}::bigint, id, state FROM given, jsonb_array_elements_text(states) AS state
    )
    INSERT INTO shipping_zone_postcodes (merchant_id, store_id, zone_id, range_from, range_to, prefix)
    SELECT ${merchantId}, ${storeId}, id, "from", "to", prefix
    FROM given, jsonb_to_recordset(postcodes) AS postcode ("from" text, "to" text, prefix text)`;
}

function within(zone: ZoneSetup) {
  return { name: zone.name, states: stateCodes(zone), postcodes: zone.postcodes.map(normaliseRule) };
}

function normaliseRule(rule: PostcodeRule): PostcodeRule {
  if (rule.kind === 'prefix') return { kind: 'prefix', prefix: normalisePostcode(rule.prefix) };
  return { kind: 'range', from: normalisePostcode(rule.from), to: normalisePostcode(rule.to) };
}

/** Writes rates; zones and methods are found by their names. */
export async function addRates(
  { sql, tenant }: TenantTx<StoreTenant>,
  rates: readonly RateSetup[],
): Promise<void> {
  await sql`
    INSERT INTO shipping_rates (merchant_id, store_id, zone_id, method_id, min_weight_grams, max_weight_grams, min_total_cents, max_total_cents,
      base_cents, per_kg_cents)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, z.id, m.id, "minWeightGrams", "maxWeightGrams", "minTotalCents", "maxTotalCents",
      "baseCents", "perKgCents"
    FROM ROWS FROM (jsonb_to_recordset(${sql.json(rates.map(closed) as never)}) AS (zone text, method text, "minWeightGrams" int,
        "maxWeightGrams" int, "minTotalCents" bigint, "maxTotalCents" bigint, "baseCents" bigint, "perKgCents" bigint))
      WITH ORDINALITY AS rate (zone, method, "minWeightGrams", "maxWeightGrams", "minTotalCents", "maxTotalCents", "baseCents", "perKgCents", nth)
    JOIN shipping_zones z ON z.merchant_id = ${tenant.merchantId} AND z.store_id = ${tenant.storeId} AND z.name = rate.zone
    JOIN shipping_methods m ON m.merchant_id = ${tenant.merchantId} AND m.store_id = ${tenant.storeId} AND m.label = rate.method
    ORDER BY nth`;
}

/** "Up to 500 g" begins at nothing. Left open, the range would count as infinitely wide, and so as the least specific. */
function closed(rate: RateSetup): RateSetup {
  return {
    ...rate,
    minWeightGrams: rate.minWeightGrams ?? (isSet(rate.maxWeightGrams) ? 0 : null),
    minTotalCents: rate.minTotalCents ?? (isSet(rate.maxTotalCents) ? (0 as RateSetup['baseCents']) : null),
  };
}

function isSet(bound: number | null | undefined): boolean {
  return bound !== null && bound !== undefined;
}
