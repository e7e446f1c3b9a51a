import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { ShippingZoneId } from '#core/values/ids.ts';
import { countryCode } from '#core/values/regions.ts';
import { refusal } from '../errors.ts';
import { changeShippingRules, type RulesChange } from './change-shipping-rules.ts';
import { ruleCounts } from './shipping-queries.ts';
import { refuseWrongZone, type ShippingSetup } from './shipping-setup.ts';
import { addRates, emptyZones, fillZones } from './zone-rows.ts';

/**
 * Makes these the shipping rules of the store, with the lookup that quotes read, in one transaction. Zones keep their ids when their names
 * stay, methods when their labels stay, because carts and orders know methods by their ids.
 */
export async function saveShipping(
  tx: TenantTx<StoreTenant>,
  setup: ShippingSetup,
  act: RulesChange['act'],
  version?: number,
): Promise<void> {
  refuseTwins(setup);
  refuseStrayRates(setup);
  refuseWrongZones(setup);
  const before = await changeShippingRules(
    tx,
    { act, ...(version !== undefined && { version }) },
    async () => {
      const counts = await ruleCounts(tx);
      await keepMethods(tx, setup);
      await addMethods(tx, setup);
      await emptyZones(tx, await keepZones(tx, setup));
      await addZones(tx, setup);
      await fillZones(tx, setup.zones);
      await addRates(tx, setup.rates);
      return counts;
    },
  );
  const { zones, methods, rates } = setup;
  await writeAudit(tx, {
    ...act,
    action: 'shipping.saved',
    entity: 'store',
    entityId: tx.tenant.storeId,
    before: { ...before },
    after: { zones: zones.length, methods: methods.length, rates: rates.length },
  });
}

function refuseTwins({ zones, methods }: ShippingSetup): void {
  const names = { zones: zones.map(({ name }) => name), methods: methods.map(({ label }) => label) };
  for (const [field, given] of Object.entries(names)) {
    const at = given.findIndex((name, place) => given.indexOf(name) !== place);
    if (at === -1) continue;
    throw refusal('VALIDATION_FAILED', `Expected each of the ${field} once, received "${given[at]}" twice.`, {
      errors: { [`${field}.${at}`]: ['has the name of another one'] },
    });
  }
}

function refuseStrayRates({ zones, rates }: ShippingSetup): void {
  const names = new Set(zones.map(({ name }) => name));
  const stray = rates.find(({ zone }) => !names.has(zone));
  if (!stray) return;
  throw refusal('VALIDATION_FAILED', `Expected rates of the given zones, received one of "${stray.zone}".`, {
    errors: { rates: [`"${stray.zone}" is none of these zones`] },
  });
}

function refuseWrongZones({ zones, methods, rates }: ShippingSetup): void {
  const labels = methods.map(({ label }) => label);
  const ratesByZone = Map.groupBy(rates, ({ zone }) => zone);
  for (const [at, zone] of zones.entries())
    refuseWrongZone(zone, ratesByZone.get(zone.name) ?? [], { methods: labels, field: `zones.${at}.` });
}

async function keepMethods(
  { sql, tenant }: TenantTx<StoreTenant>,
  { methods }: ShippingSetup,
): Promise<void> {
  await sql`
    DELETE FROM shipping_methods WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      AND label <> ALL(${methods.map(({ label }) => label)}::text[])`;
  await sql`
    UPDATE shipping_methods AS kept SET type = method.type, eta_text = method."etaText", active = method.active
    FROM jsonb_to_recordset(${sql.json(methods as never)}) AS method (label text, type text, "etaText" text, active boolean)
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND kept.label = method.label`;
}

async function addMethods({ sql, tenant }: TenantTx<StoreTenant>, { methods }: ShippingSetup): Promise<void> {
  await sql`
    INSERT INTO shipping_methods (merchant_id, store_id, label, type, eta_text, active)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, label, type, "etaText", active
    FROM ROWS FROM (jsonb_to_recordset(${sql.json(methods as never)}) AS (label text, type text, "etaText" text, active boolean))
      WITH ORDINALITY AS method (label, type, "etaText", active, nth)
    WHERE NOT EXISTS (SELECT FROM shipping_methods kept
      WHERE kept.merchant_id = ${tenant.merchantId} AND kept.store_id = ${tenant.storeId} AND kept.label = method.label)
    ORDER BY nth`;
}

/** Answers those that were there before and stay. */
async function keepZones(
  { sql, tenant }: TenantTx<StoreTenant>,
  { zones }: ShippingSetup,
): Promise<ShippingZoneId[]> {
  await sql`
    DELETE FROM shipping_zones WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      AND name <> ALL(${zones.map(({ name }) => name)}::text[])`;
  const kept = await sql<{ id: ShippingZoneId }[]>`
    UPDATE shipping_zones AS kept SET country = zone.country
    FROM jsonb_to_recordset(${sql.json(zones.map(zoneRow))}) AS zone (name text, country text)
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND kept.name = zone.name RETURNING kept.id`;
  return kept.map(({ id }) => id);
}

async function addZones({ sql, tenant }: TenantTx<StoreTenant>, { zones }: ShippingSetup): Promise<void> {
  await sql`
    INSERT INTO shipping_zones (merchant_id, store_id, name, country)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, name, country
    FROM ROWS FROM (jsonb_to_recordset(${sql.json(zones.map(zoneRow))}) AS (name text, country text))
      WITH ORDINALITY AS zone (name, country, nth)
    WHERE NOT EXISTS (SELECT FROM shipping_zones kept
      WHERE kept.merchant_id = ${tenant.merchantId} AND kept.store_id = ${tenant.storeId} AND kept.name = zone.name)
    ORDER BY nth`;
}

function zoneRow({ name, country }: ShippingSetup['zones'][number]) {
  return { name, country: countryCode(country) };
}
