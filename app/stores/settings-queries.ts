import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { opaqueId, type StoreId } from '#core/values/ids.ts';
import type { OrderingRules } from '../opening/ordering.ts';
import { orderingState } from '../opening/ordering.ts';
import { writtenHours } from './project-store.ts';
import { orderingColumns } from './store-queries.ts';
import type { StoreSettings } from './settings-view.ts';

interface SettingsRow
  extends
    Omit<StoreSettings, 'id' | 'address' | 'ordering' | 'opening_hours' | 'special_days'>,
    Omit<OrderingRules, 'timezone' | 'preparation_minutes' | 'slot_capacity'> {
  id: StoreId;
  line1: string | null;
  city: string | null;
  state: string | null;
  postcode: string | null;
}

/** The settings of the store, and how it takes orders at the moment. */
export async function storeSettings(tx: TenantTx<StoreTenant>, now: Date): Promise<StoreSettings> {
  const { sql, tenant } = tx;
  const [row] = await sql<SettingsRow[]>`
    SELECT settings_version AS version, id, slug, name, tagline, theme, accent, currency, country, locale, timezone, phone, line1, city, state,
      postcode, pickup, shipping, preparation_minutes, age_amber_minutes, age_red_minutes, ${orderingColumns(tx)}
    FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`;
  if (!row) throw new Error(`store ${tenant.storeId} is not in its merchant`);
  const { id, line1, city, state, postcode, hours, special_days, ...others } = row;
  const { busy_minutes, busy_until, paused_since, paused_until, ...settings } = others;
  const ordering = { ...row, busy_minutes, busy_until, paused_since, paused_until };
  return {
    ...settings,
    id: opaqueId('st', id),
    address: line1 === null ? null : { line1, city: city ?? '', state, postcode: postcode ?? '' },
    ...writtenHours({ timezone: row.timezone, hours, special_days }),
    ordering: orderingState(ordering, now),
  };
}
