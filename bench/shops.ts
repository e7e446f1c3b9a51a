import type postgres from 'postgres';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import type { ShippingSetup } from '#app/shipping/shipping-setup.ts';
import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { createStore } from '#app/stores/create-store.ts';
import type { Database } from '#core/db/database.ts';
import { analyzeTables } from '#core/db/analyze.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { cents } from '#core/values/money.ts';
import { opaqueId, type MerchantId, type StoreId } from '#core/values/ids.ts';

export const PRODUCTS_PER_STORE = 500;
const VARIANTS_PER_PRODUCT = 4;
const STOCK = 1_000_000;
const ACT = { actor: SYSTEM, requestId: null, at: new Date() };

/** A store to load: its slug and what can be put into carts. */
export interface BenchShop {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly slug: string;
  readonly methodId: string;
  readonly products: readonly {
    readonly slug: string;
    readonly variantId: string;
    readonly choiceId: string;
  }[];
}

/** Opens stores of different merchants, each with 500 products of 4 variants, counted stock, choices and shipping rules. */
export async function openShops(
  database: Database,
  admin: postgres.Sql,
  { count, shipping }: { readonly count: number; readonly shipping: ShippingSetup },
): Promise<BenchShop[]> {
  const shops: BenchShop[] = [];
  for (let at = 0; at < count; at++) shops.push(await openShop(database, admin, shipping));
  await admin.unsafe('SET ROLE storeflow_owner');
  await analyzeTables(admin);
  await admin.unsafe('RESET ROLE');
  return shops;
}

async function openShop(
  database: Database,
  admin: postgres.Sql,
  shipping: ShippingSetup,
): Promise<BenchShop> {
  const merchantId = await nextMerchantId(database);
  const slug = `bench-${merchantId}`;
  const storeId = await database.tenant({ merchantId, storeId: null }).write(async (tx) => {
    await createMerchant(tx, { name: `Merchant ${merchantId}`, act: ACT });
    return createStore(tx, { ...STORE, slug, act: ACT });
  });
  await database.tenant({ merchantId, storeId }).write((tx) => saveShipping(tx, shipping, ACT));
  await fillShelves(admin, [merchantId], { products: PRODUCTS_PER_STORE, variants: VARIANTS_PER_PRODUCT });
  const products = (await goodsOf(admin, [merchantId])).get(merchantId) ?? [];
  return { merchantId, storeId, slug, methodId: await methodOf(admin, merchantId), products };
}

export const STORE = {
  name: 'Bench',
  tagline: '',
  theme: 'classic',
  accent: '#0f766e',
  currency: 'AUD',
  country: 'AU',
  locale: 'en-AU',
  timezone: 'Australia/Melbourne',
  phone: null,
  address: null,
  pickup: true,
  shipping: true,
  preparationMinutes: 15,
} as const;

export const SIMPLE_SHIPPING: ShippingSetup = {
  zones: [{ name: 'Australia', country: 'AU', states: [], postcodes: [] }],
  methods: [{ label: 'Standard', type: 'flat', active: true, etaText: '3 days' }],
  rates: [{ zone: 'Australia', method: 'Standard', baseCents: cents(900) }],
};

const ZONES = 200;
const METHODS = ['flat', 'weight', 'price', 'formula', 'weight'] as const;
const POSTCODES_PER_ZONE = 45;

export const MANY_RATES: ShippingSetup = {
  zones: Array.from({ length: ZONES }, (_, zone) => ({
    name: `Zone ${zone}`,
    country: 'AU',
    states: [],
    postcodes: [
      { kind: 'range', from: String(zone * POSTCODES_PER_ZONE), to: String((zone + 1) * POSTCODES_PER_ZONE) },
    ],
  })),
  methods: METHODS.map((type, at) => ({ label: `Method ${at}`, type, active: true, etaText: '3 days' })),
  rates: Array.from({ length: ZONES }, (_, zone) =>
    METHODS.flatMap((_type, at) => ratesOf(`Zone ${zone}`, `Method ${at}`)),
  ).flat(),
};

function ratesOf(zone: string, method: string): ShippingSetup['rates'][number][] {
  return [0, 1_000, 5_000, 10_000].map((minWeightGrams, at) => ({
    zone,
    method,
    minWeightGrams,
    baseCents: cents(500 + at * 100),
  }));
}

interface Shelves {
  /** Of each merchant, sold in all its stores. */
  readonly products: number;
  readonly variants: number;
}

/** As the superuser and in bulk: what counts here is what is on the shelves, not how it came there. */
export async function fillShelves(
  admin: postgres.Sql,
  merchants: readonly MerchantId[],
  { products, variants }: Shelves,
): Promise<void> {
  await admin`
    WITH product AS (
      INSERT INTO products (merchant_id, slug, name, description, position)
      SELECT merchant, 'product-' || n, 'Product number ' || n, '<p>Well made, and there when it is needed.</p>', n
      FROM unnest(${merchants}::bigint[]) merchant, generate_series(1, ${products}::int) n RETURNING merchant_id, id
    ), option AS (
      INSERT INTO product_options (merchant_id, product_id, position, name) SELECT merchant_id, id, 0, 'Size' FROM product
      RETURNING merchant_id, id, product_id
    ), value AS (
      INSERT INTO option_values (merchant_id, option_id, position, value)
      SELECT merchant_id, id, n, 'Size ' || n FROM option, generate_series(1, ${variants}::int) n RETURNING id, option_id, position
    ), variant AS (
      INSERT INTO variants (merchant_id, product_id, position, title, sku, price_cents, weight_grams)
      SELECT merchant_id, id, n, 'Size ' || n, 'SKU-' || id || '-' || n, 900 + n * 100, 250 FROM product, generate_series(1, ${variants}::int) n
      RETURNING merchant_id, id, product_id, position
    ), of_value AS (
      INSERT INTO variant_option_values (merchant_id, product_id, variant_id, option_id, value_id)
      SELECT merchant_id, product_id, variant.id, option.id, value.id
      FROM variant JOIN option USING (merchant_id, product_id) JOIN value ON value.option_id = option.id AND value.position = variant.position
    ), level AS (
      INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity)
      SELECT merchant_id, stores.id, variant.id, ${STOCK} FROM variant JOIN stores USING (merchant_id)
    ), customization AS (
      INSERT INTO customization_groups (merchant_id, product_id, position, name, max_select) SELECT merchant_id, id, 0, 'Extras', 3 FROM product
      RETURNING merchant_id, id
    )
    INSERT INTO customization_choices (merchant_id, group_id, position, name, price_delta_cents, max_quantity)
    SELECT merchant_id, id, n, 'Extra ' || n, 50 * n, 2 FROM customization, generate_series(1, 3) n`;
}

/** What can be put into carts, by merchant. */
export async function goodsOf(
  admin: postgres.Sql,
  merchants: readonly MerchantId[],
): Promise<ReadonlyMap<MerchantId, BenchShop['products']>> {
  const rows = await admin<{ merchant: string; slug: string; variant: string; choice: string }[]>`
    SELECT merchant_id AS merchant, products.slug, variants.id AS variant, customization_choices.id AS choice
    FROM products JOIN variants USING (merchant_id) JOIN customization_groups USING (merchant_id) JOIN customization_choices USING (merchant_id)
    WHERE merchant_id = ANY(${merchants}::bigint[]) AND variants.product_id = products.id AND variants.position = 1
      AND customization_groups.product_id = products.id AND group_id = customization_groups.id AND customization_choices.position = 1
    ORDER BY products.id`;
  const byMerchant = Map.groupBy(rows, ({ merchant }) => Number(merchant) as MerchantId);
  return new Map([...byMerchant].map(([merchant, all]) => [merchant, all.map(productOf)]));
}

function productOf({ slug, variant, choice }: { slug: string; variant: string; choice: string }) {
  return { slug, variantId: opaqueId('va', Number(variant)), choiceId: opaqueId('ch', Number(choice)) };
}

async function methodOf(admin: postgres.Sql, merchantId: MerchantId): Promise<string> {
  const [method] = await admin<{ id: string }[]>`
    SELECT id FROM shipping_methods WHERE merchant_id = ${merchantId} ORDER BY id LIMIT 1`;
  return opaqueId('sm', Number(method?.id));
}
