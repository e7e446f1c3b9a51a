import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { changeShippingRules } from './change-shipping-rules.ts';
import {
  normalisePostcode,
  normaliseRegion,
  type PostcodeRule,
  type ShippingMethod,
  type ShippingRate,
  type ShippingZone,
} from './shipping-rules.ts';

/** All shipping rules of a store. Zones go by their names, methods by their labels, each once. */
export interface ShippingSetup {
  readonly zones: readonly Omit<ShippingZone, 'id'>[];
  readonly methods: readonly Omit<ShippingMethod, 'id'>[];
  readonly rates: readonly RateSetup[];
}

export interface RateSetup extends Partial<Omit<ShippingRate, 'zoneId' | 'methodId' | 'baseCents'>> {
  /** Name of a zone. */
  readonly zone: string;
  /** Label of a method. */
  readonly method: string;
  readonly baseCents: ShippingRate['baseCents'];
}

/**
 * Makes these the shipping rules of the store, with the lookup that quotes read, in one transaction. Methods keep their ids when their
 * labels stay, because carts and orders know them by their ids.
 */
export async function saveShipping(
  tx: TenantTx<StoreTenant>,
  setup: ShippingSetup,
  act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>,
): Promise<void> {
  refuseStrayRates(setup);
  await changeShippingRules(tx, async () => {
    await removeZones(tx);
    await keepMethods(tx, setup);
    await addMethods(tx, setup);
    await addZones(tx, setup);
    await addRates(tx, setup);
  });
  const { zones, methods, rates } = setup;
  await writeAudit(tx, {
    ...act,
    action: 'shipping.saved',
    entity: 'store',
    entityId: tx.tenant.storeId,
    before: null,
    after: { zones: zones.length, methods: methods.length, rates: rates.length },
  });
}

function refuseStrayRates({ zones, methods, rates }: ShippingSetup): void {
  const known = new Set(zones.flatMap(({ name }) => methods.map(({ label }) => `${name}\n${label}`)));
  const stray = rates.find(({ zone, method }) => !known.has(`${zone}\n${method}`));
  if (!stray) return;
  const received = `"${stray.zone}" × "${stray.method}"`;
  throw refusal('VALIDATION_FAILED', `Expected rates of the given zones and methods, received ${received}.`, {
    errors: { rates: [`${received} is not a zone and a method of these`] },
  });
}

async function removeZones({ sql, tenant }: TenantTx<StoreTenant>): Promise<void> {
  await sql`DELETE FROM shipping_zones WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
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

async function addZones({ sql, tenant }: TenantTx<StoreTenant>, { zones }: ShippingSetup): Promise<void> {
  const { merchantId, storeId } = tenant;
  await sql`
    WITH given AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset(${sql.json(zones.map(zoneRow) as never)}) AS
        (name text, country text, states jsonb, postcodes jsonb)) WITH ORDINALITY AS zone (name, country, states, postcodes, nth)
    ), added AS (
      INSERT INTO shipping_zones (merchant_id, store_id, name, country)
      SELECT ${merchantId}, ${storeId}, name, country FROM given ORDER BY nth RETURNING id, name
    ), stated AS (
      INSERT INTO shipping_zone_states (merchant_id, store_id, zone_id, state)
      SELECT DISTINCT ${merchantId}::bigint, ${storeId}::bigint, id, state
      FROM added JOIN given USING (name), jsonb_array_elements_text(states) AS state
    )
    INSERT INTO shipping_zone_postcodes (merchant_id, store_id, zone_id, range_from, range_to, prefix)
    SELECT ${merchantId}, ${storeId}, id, "from", "to", prefix FROM added JOIN given USING (name),
      jsonb_to_recordset(postcodes) AS postcode ("from" bigint, "to" bigint, prefix text)`;
}

function zoneRow({ name, country, states, postcodes }: ShippingSetup['zones'][number]) {
  return {
    name,
    country: normaliseRegion(country),
    states: states.map(normaliseRegion),
    postcodes: postcodes.map(normaliseRule),
  };
}

function normaliseRule(rule: PostcodeRule): PostcodeRule {
  return rule.kind === 'prefix' ? { kind: 'prefix', prefix: normalisePostcode(rule.prefix) } : rule;
}

async function addRates({ sql, tenant }: TenantTx<StoreTenant>, setup: ShippingSetup): Promise<void> {
  await sql`
    INSERT INTO shipping_rates (merchant_id, store_id, zone_id, method_id, min_weight_grams, max_weight_grams, min_total_cents, max_total_cents,
      base_cents, per_kg_cents)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, z.id, m.id, "minWeightGrams", "maxWeightGrams", "minTotalCents", "maxTotalCents",
      "baseCents", "perKgCents"
    FROM jsonb_to_recordset(${sql.json(setup.rates.map(closed) as never)}) AS rate (zone text, method text, "minWeightGrams" int,
      "maxWeightGrams" int, "minTotalCents" bigint, "maxTotalCents" bigint, "baseCents" bigint, "perKgCents" bigint)
    JOIN shipping_zones z ON z.merchant_id = ${tenant.merchantId} AND z.store_id = ${tenant.storeId} AND z.name = rate.zone
    JOIN shipping_methods m ON m.merchant_id = ${tenant.merchantId} AND m.store_id = ${tenant.storeId} AND m.label = rate.method`;
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
