import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { ShippingZoneId } from '#core/values/ids.ts';
import { countryCode } from '#core/values/regions.ts';
import { refusal } from '../errors.ts';
import { changeShippingRules, type RulesChange } from './change-shipping-rules.ts';
import { shippingRules } from './shipping-queries.ts';
import type { ShippingRules } from './shipping-rules.ts';
import { refuseWrongZone, type RateSetup, type ZoneSetup } from './shipping-setup.ts';
import { addRates, emptyZones, fillZones } from './zone-rows.ts';

export interface SaveZone extends RulesChange {
  /** Null makes a new zone. */
  readonly id: ShippingZoneId | null;
  readonly zone: ZoneSetup;
  /** All rates in the zone, by the labels of their methods. */
  readonly rates: readonly Omit<RateSetup, 'zone'>[];
}

/** The end of the zone's sentence in the audit. */
type Act = 'saved' | 'removed';

/** Makes a shipping zone, or changes one into this, with its postcodes and rates. Refuses SHIPPING_NAME_TAKEN and SHIPPING_ZONE_NOT_FOUND. */
export async function saveZone(
  tx: TenantTx<StoreTenant>,
  { id, zone, rates, ...change }: SaveZone,
): Promise<void> {
  const named = rates.map((rate) => ({ ...rate, zone: zone.name }));
  await changeShippingRules(tx, change, async () => {
    const rules = await shippingRules(tx);
    const before = id && zoneAsKept(rules, id);
    const methods = rules.methods.map(({ label }) => label);
    refuseWrongZone(zone, rates, { methods, field: '' });
    const kept = await writeZone(tx, id, zone);
    await emptyZones(tx, [kept]);
    await fillZones(tx, [zone]);
    await addRates(tx, named);
    const after = { ...zone, rates: rates.length };
    await writeAudit(tx, { ...change.act, ...zoneAct('saved', kept), before: before || null, after });
  });
}

/** Removes a shipping zone with its rates. Refuses SHIPPING_ZONE_NOT_FOUND. */
export async function removeZone(
  tx: TenantTx<StoreTenant>,
  { id, ...change }: RulesChange & { readonly id: ShippingZoneId },
): Promise<void> {
  const { sql, tenant } = tx;
  await changeShippingRules(tx, change, async () => {
    const before = zoneAsKept(await shippingRules(tx), id);
    await sql`
      DELETE FROM shipping_zones WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}`;
    await writeAudit(tx, { ...change.act, ...zoneAct('removed', id), before, after: null });
  });
}

function zoneAsKept({ zones, rates }: ShippingRules, id: ShippingZoneId) {
  const zone = zones.find((each) => each.id === id);
  if (!zone) throw zoneNotFound();
  return { ...zone, rates: rates.filter(({ zoneId }) => zoneId === id).length };
}

async function writeZone(
  { sql, tenant }: TenantTx<StoreTenant>,
  id: ShippingZoneId | null,
  { name, country }: ZoneSetup,
): Promise<ShippingZoneId> {
  const region = countryCode(country);
  const writing =
    id === null
      ? sql<{ id: ShippingZoneId }[]>`
          INSERT INTO shipping_zones (merchant_id, store_id, name, country)
          VALUES (${tenant.merchantId}, ${tenant.storeId}, ${name}, ${region}) RETURNING id`
      : sql<{ id: ShippingZoneId }[]>`
          UPDATE shipping_zones SET name = ${name}, country = ${region}
          WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id} RETURNING id`;
  const [row] = await writing.catch((error: unknown) => {
    throw violatedConstraint(error) === 'shipping_zones_merchant_id_store_id_name_key'
      ? refusal('SHIPPING_NAME_TAKEN', `There is a shipping zone "${name}" already.`, {
          errors: { name: ['is taken'] },
        })
      : error;
  });
  if (!row) throw zoneNotFound();
  return row.id;
}

function zoneNotFound() {
  return refusal('SHIPPING_ZONE_NOT_FOUND', 'There is no such shipping zone at this store.');
}

function zoneAct(act: Act, id: ShippingZoneId) {
  return { action: `shipping_zone.${act}`, entity: 'shipping_zone', entityId: id };
}
