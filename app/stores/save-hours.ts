import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { readInterval } from '../opening/day-times.ts';
import type { SettingsBody } from './settings-view.ts';

/** Makes these the opening hours of the store. */
export async function saveOpeningHours(
  { sql, tenant }: TenantTx<StoreTenant>,
  hours: NonNullable<SettingsBody['opening_hours']>,
): Promise<void> {
  const rows = hours.map(({ weekday, ...interval }) => ({ weekday, ...readInterval(interval) }));
  await sql`DELETE FROM store_hours WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
  await sql`
    INSERT INTO store_hours (merchant_id, store_id, weekday, opens_minute, closes_minute)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, weekday, opens_minute, closes_minute
    FROM jsonb_to_recordset(${sql.json(rows)}) AS row (weekday int, opens_minute int, closes_minute int)`;
}

/** Makes these the days on which the store has other hours than on their weekday. */
export async function saveSpecialDays(
  { sql, tenant }: TenantTx<StoreTenant>,
  days: NonNullable<SettingsBody['special_days']>,
): Promise<void> {
  const rows = days.map(({ date, name, hours }) => ({ day: date, name, hours: hours.map(readInterval) }));
  await sql`DELETE FROM store_special_days WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${sql.json(rows as never)}) AS row (day date, name text, hours jsonb)
    ), special AS (
      INSERT INTO store_special_days (merchant_id, store_id, day, name)
      SELECT ${tenant.merchantId}, ${tenant.storeId}, day, name FROM given
    )
    INSERT INTO store_special_hours (merchant_id, store_id, day, opens_minute, closes_minute)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, day, opens_minute, closes_minute
    FROM given, jsonb_to_recordset(hours) AS own (opens_minute int, closes_minute int)`;
}
