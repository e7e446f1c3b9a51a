import type { Database } from '#core/db/database.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { opaqueId, type MerchantId, type StoreId } from '#core/values/ids.ts';
import { townLine } from '#core/values/town-line.ts';
import type { OrderingRules } from '../opening/ordering.ts';
import type { Store } from './store-view.ts';

/** A store as the server needs it: the public view, and what stays inside. */
export interface StoreConfig extends Store {
  readonly tenant: StoreTenant;
  readonly age_amber_minutes: number;
  readonly age_red_minutes: number;
  readonly ordering: OrderingRules;
}

interface StoreRow
  extends Omit<Store, 'id' | 'address'>, Omit<OrderingRules, 'timezone' | 'preparation_minutes'> {
  id: StoreId;
  line1: string | null;
  city: string | null;
  state: string | null;
  postcode: string | null;
  age_amber_minutes: number;
  age_red_minutes: number;
}

/** Finds whose store a slug names, before any tenant is bound. Null when there is none. */
export async function storeTenantBySlug({ directory }: Database, slug: string): Promise<StoreTenant | null> {
  const [row] = await directory<{ merchant_id: MerchantId; store_id: StoreId }[]>`
    SELECT merchant_id, store_id FROM directory_stores WHERE slug = ${slug}`;
  return row ? { merchantId: row.merchant_id, storeId: row.store_id } : null;
}

/** The configuration of the store that the transaction is bound to. */
export async function storeConfig(tx: TenantTx<StoreTenant>): Promise<StoreConfig> {
  const { sql, tenant } = tx;
  const [row] = await sql<StoreRow[]>`
    SELECT id, slug, name, tagline, theme, accent, currency, country, locale, timezone, phone, line1, city, state, postcode,
      pickup, shipping, preparation_minutes, age_amber_minutes, age_red_minutes,
      (SELECT coalesce(jsonb_agg(DISTINCT country ORDER BY country), '[]') FROM shipping_zones
        WHERE merchant_id = stores.merchant_id AND store_id = stores.id) AS shipping_countries,
      ${orderingColumns(tx)}
    FROM stores WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`;
  if (!row) throw new Error(`store ${tenant.storeId} is in the directory and not in its merchant`);
  const { id, line1, city, state, postcode, ...others } = row;
  const {
    hours,
    special_days,
    slot_capacity,
    busy_minutes,
    busy_until,
    paused_since,
    paused_until,
    ...rest
  } = others;
  const town = townLine({ country: row.country, postcode, city, state });
  return {
    ...rest,
    tenant,
    id: opaqueId('st', id),
    address: [line1, town].filter(Boolean).join(', ') || null,
    ordering: {
      timezone: row.timezone,
      preparation_minutes: row.preparation_minutes,
      hours,
      special_days,
      slot_capacity,
      busy_minutes,
      busy_until,
      paused_since,
      paused_until,
    },
  };
}

/** How a store takes orders, as columns of `stores`. Special days that are over are left out. */
export function orderingColumns({ sql }: TenantTx) {
  const interval = sql`jsonb_build_object('opens_minute', opens_minute, 'closes_minute', closes_minute)`;
  return sql`slot_capacity, busy_minutes, busy_until, paused_since, paused_until,
    (SELECT coalesce(jsonb_agg(${interval} || jsonb_build_object('weekday', weekday) ORDER BY weekday, opens_minute), '[]')
      FROM store_hours WHERE merchant_id = stores.merchant_id AND store_id = stores.id) AS hours,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'name', name, 'hours', (
        SELECT coalesce(jsonb_agg(${interval} ORDER BY opens_minute), '[]') FROM store_special_hours AS special
        WHERE special.merchant_id = d.merchant_id AND special.store_id = d.store_id AND special.day = d.day)) ORDER BY day), '[]')
      FROM store_special_days AS d WHERE d.merchant_id = stores.merchant_id AND d.store_id = stores.id
        AND day >= current_date - 2) AS special_days`;
}
