import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { cacheLookup, cachedLookup } from './shipping-cache.ts';
import { buildShippingLookup, type ShippingLookup } from './shipping-lookup.ts';
import type { ShippingMethod, ShippingRate, ShippingRules, ShippingZone } from './shipping-rules.ts';

const NO_RULES: ShippingLookup = buildShippingLookup({ zones: [], methods: [], rates: [] });

/** The store's rules, ready for quotes. They are sent and parsed only when this process does not hold the newest version. */
export async function shippingLookup(tx: TenantTx<StoreTenant>): Promise<ShippingLookup> {
  const { column, lookupOf } = lookupColumn(tx);
  const [row] = await tx.sql<{ lookup: LookupJson | null }[]>`SELECT ${column} AS lookup`;
  return lookupOf(row?.lookup ?? null);
}

export interface LookupJson {
  readonly version: number;
  /** Null when this process held this version when it asked. */
  readonly rules: string | null;
}

/** The same as a column of another statement, and what makes the rules of what it reads. */
export function lookupColumn({ sql, tenant }: TenantTx<StoreTenant>) {
  const cached = cachedLookup(tenant);
  const column = sql`(
    SELECT jsonb_build_object('version', version, 'rules', CASE WHEN version IS DISTINCT FROM ${cached?.version ?? null}::bigint THEN rules::text END)
    FROM shipping_lookups WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId})`;
  const lookupOf = (row: LookupJson | null): ShippingLookup => {
    if (!row) return NO_RULES;
    if (row.rules === null) return cached?.lookup ?? NO_RULES;
    const lookup = JSON.parse(row.rules) as ShippingLookup;
    cacheLookup(tenant, { version: row.version, lookup, size: row.rules.length });
    return lookup;
  };
  return { column, lookupOf };
}

/** The version of the store's rules: 0 when it never had any. */
export async function rulesVersion({ sql, tenant }: TenantTx<StoreTenant>): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    SELECT version FROM shipping_lookups WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
  return row?.version ?? 0;
}

/** How many rules of each kind the store has. */
export async function ruleCounts({ sql, tenant }: TenantTx<StoreTenant>) {
  const { merchantId, storeId } = tenant;
  const [counts] = await sql<{ zones: number; methods: number; rates: number }[]>`
    SELECT (SELECT count(*)::int FROM shipping_zones WHERE merchant_id = ${merchantId} AND store_id = ${storeId}) AS zones,
      (SELECT count(*)::int FROM shipping_methods WHERE merchant_id = ${merchantId} AND store_id = ${storeId}) AS methods,
      (SELECT count(*)::int FROM shipping_rates WHERE merchant_id = ${merchantId} AND store_id = ${storeId}) AS rates`;
  return counts ?? { zones: 0, methods: 0, rates: 0 };
}

/** The store's rules as the merchant keeps them. */
export async function shippingRules(tx: TenantTx<StoreTenant>): Promise<ShippingRules> {
  const [zones, methods, rates] = await Promise.all([zonesOf(tx), methodsOf(tx), ratesOf(tx)]);
  return { zones, methods, rates };
}

async function zonesOf({ sql, tenant }: TenantTx<StoreTenant>): Promise<ShippingZone[]> {
  return sql<ShippingZone[]>`
    SELECT z.id, z.name, z.country,
      (SELECT coalesce(json_agg(s.state ORDER BY s.state), '[]') FROM shipping_zone_states s
        WHERE s.merchant_id = z.merchant_id AND s.store_id = z.store_id AND s.zone_id = z.id) AS states,
      (SELECT coalesce(json_agg(CASE WHEN c.prefix IS NULL
            THEN json_build_object('kind', 'range', 'from', c.range_from, 'to', c.range_to)
            ELSE json_build_object('kind', 'prefix', 'prefix', c.prefix) END ORDER BY c.id), '[]') FROM shipping_zone_postcodes c
        WHERE c.merchant_id = z.merchant_id AND c.store_id = z.store_id AND c.zone_id = z.id) AS postcodes
    FROM shipping_zones z WHERE z.merchant_id = ${tenant.merchantId} AND z.store_id = ${tenant.storeId} ORDER BY z.id`;
}

async function methodsOf({ sql, tenant }: TenantTx<StoreTenant>): Promise<ShippingMethod[]> {
  return sql<ShippingMethod[]>`
    SELECT id, label, type, active, eta_text AS "etaText" FROM shipping_methods
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} ORDER BY id`;
}

async function ratesOf({ sql, tenant }: TenantTx<StoreTenant>): Promise<ShippingRate[]> {
  return sql<ShippingRate[]>`
    SELECT zone_id AS "zoneId", method_id AS "methodId", min_weight_grams AS "minWeightGrams", max_weight_grams AS "maxWeightGrams",
      min_total_cents AS "minTotalCents", max_total_cents AS "maxTotalCents", base_cents AS "baseCents", per_kg_cents AS "perKgCents"
    FROM shipping_rates WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} ORDER BY id`;
}
