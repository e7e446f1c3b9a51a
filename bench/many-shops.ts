import type postgres from 'postgres';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import { STORE_TOPICS, storeChannel } from '#app/stores/store-channels.ts';
import { browserFingerprint } from '#core/security/browser.ts';
import { secretHash } from '#core/security/secret-token.ts';
import { opaqueId, type MerchantId, type StoreId } from '#core/values/ids.ts';
import { fillShelves, goodsOf, SIMPLE_SHIPPING, STORE, type BenchShop } from './shops.ts';

const STORES_PER_MERCHANT = 5;
const SHELVES = { products: 24, variants: 2 };
/** Variants that a merchant sells. */
export const VARIANTS_PER_MERCHANT = SHELVES.products * SHELVES.variants;
/** Merchants that one statement opens. */
const BATCH = 200;

/** Opens so many stores of a fifth as many merchants, each with a session of its owner; the database must be empty. As the superuser. */
export async function openManyShops(admin: postgres.Sql, count: number): Promise<BenchShop[]> {
  const shops: BenchShop[] = [];
  for (let first = 0; first < count; first += BATCH * STORES_PER_MERCHANT) {
    const last = Math.min(first + BATCH * STORES_PER_MERCHANT, count);
    const stores = Array.from({ length: last - first }, (_, at) => storeOf(first + at));
    const merchants = [...new Set(stores.map(({ merchant }) => merchant))];
    await insertStores(admin, stores);
    await fillShelves(admin, merchants, SHELVES);
    const goods = await goodsOf(admin, merchants);
    shops.push(...stores.map((store) => shopOf(store, goods)));
  }
  await admin`
    SELECT setval('merchants_id_seq', ${count}), setval('stores_id_seq', ${count}), setval('staff_id_seq', ${count}),
      setval('staff_sessions_id_seq', ${count}), setval('shipping_zones_id_seq', ${count}), setval('shipping_methods_id_seq', ${count})`;
  return shops;
}

/** What opens the dashboard of a store: the cookie of its session. */
export function staffCookieOf({ storeId }: BenchShop): string {
  return `storeflow_staff=${sessionSecret(storeId)}`;
}

function sessionSecret(storeId: StoreId): string {
  return `session of store ${storeId}`.replaceAll(' ', '-');
}

type StoreRow = ReturnType<typeof storeOf>;

/** Zone, method and session have the store's number, the owner has the merchant's. */
function storeOf(nth: number) {
  const id = (nth + 1) as StoreId;
  const merchant = (Math.floor(nth / STORES_PER_MERCHANT) + 1) as MerchantId;
  return {
    id,
    merchant,
    slug: `bench-${id}`,
    channels: STORE_TOPICS.map((topic) => storeChannel(id, topic)),
    rules: buildShippingLookup({
      zones: SIMPLE_SHIPPING.zones.map((zone) => ({ ...zone, id })),
      methods: SIMPLE_SHIPPING.methods.map((method) => ({ ...method, id })),
      rates: SIMPLE_SHIPPING.rates.map(({ baseCents }) => ({
        zoneId: id,
        methodId: id,
        minWeightGrams: null,
        maxWeightGrams: null,
        minTotalCents: null,
        maxTotalCents: null,
        perKgCents: null,
        baseCents,
      })),
    }),
    session: secretHash(sessionSecret(id)).toString('hex'),
  };
}

function shopOf(
  { id, merchant, slug }: StoreRow,
  goods: ReadonlyMap<MerchantId, BenchShop['products']>,
): BenchShop {
  return {
    merchantId: merchant,
    storeId: id,
    slug,
    methodId: opaqueId('sm', id),
    products: goods.get(merchant) ?? [],
  };
}

async function insertStores(admin: postgres.Sql, stores: readonly StoreRow[]): Promise<void> {
  const { name, currency, country, locale, timezone } = STORE;
  const { zones, methods, rates } = SIMPLE_SHIPPING;
  await admin`
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${admin.json(stores as never)}) AS given
        (id bigint, merchant bigint, slug text, channels text[], rules jsonb, session text)
    ), merchant AS (
      INSERT INTO merchants (id, name) SELECT DISTINCT merchant, 'Merchant ' || merchant FROM given RETURNING id
    ), owner AS (
      INSERT INTO staff (merchant_id, id, name, email, password_hash, role)
      SELECT id, id, 'Owner', 'owner-' || id || '@example.com', 'none', 'owner' FROM merchant RETURNING id, email
    ), login AS (
      INSERT INTO directory_staff (login, merchant_id, staff_id) SELECT email, id, id FROM owner
    ), store AS (
      INSERT INTO stores (merchant_id, id, slug, name, currency, country, locale, timezone, pickup, shipping)
      SELECT merchant, id, slug, ${name}, ${currency}, ${country}, ${locale}, ${timezone}, true, true FROM given
    ), listed AS (
      INSERT INTO directory_stores (slug, merchant_id, store_id) SELECT slug, merchant, id FROM given
    ), heads AS (
      INSERT INTO stream_heads (merchant_id, channel) SELECT merchant, unnest(channels) FROM given
    ), session AS (
      INSERT INTO staff_sessions (merchant_id, id, staff_id, store_id, fingerprint, expires_at)
      SELECT merchant, id, merchant, id, ${browserFingerprint({ headers: {} })}, now() + interval '14 days' FROM given
    ), secret AS (
      INSERT INTO directory_staff_sessions (token_hash, merchant_id, session_id) SELECT decode(session, 'hex'), merchant, id FROM given
    ), zone AS (
      INSERT INTO shipping_zones (merchant_id, store_id, id, name, country)
      SELECT merchant, id, id, ${zones[0]?.name ?? ''}, ${zones[0]?.country ?? ''} FROM given
    ), method AS (
      INSERT INTO shipping_methods (merchant_id, store_id, id, label, type, eta_text)
      SELECT merchant, id, id, ${methods[0]?.label ?? ''}, ${methods[0]?.type ?? ''}, ${methods[0]?.etaText ?? ''} FROM given
    ), rate AS (
      INSERT INTO shipping_rates (merchant_id, store_id, zone_id, method_id, base_cents)
      SELECT merchant, id, id, id, ${rates[0]?.baseCents ?? 0} FROM given
    )
    INSERT INTO shipping_lookups (merchant_id, store_id, rules) SELECT merchant, id, rules FROM given`;
}
