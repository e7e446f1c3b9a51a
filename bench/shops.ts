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
  await fillShelves(admin, merchantId, storeId);
  return { merchantId, storeId, slug, ...(await goods(admin, merchantId)) };
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

/** As the superuser and in bulk: what counts here is what is on the shelves, not how it came there. */
async function fillShelves(admin: postgres.Sql, merchant: number, store: number): Promise<void> {
  await admin`
    WITH product AS (
      INSERT INTO products (merchant_id, slug, name, description, position)
      SELECT ${merchant}, 'product-' || n, 'Product number ' || n, '<p>Well made, and there when it is needed.</p>', n
      FROM generate_series(1, ${PRODUCTS_PER_STORE}::int) n RETURNING id
    ), option AS (
      INSERT INTO product_options (merchant_id, product_id, position, name) SELECT ${merchant}, id, 0, 'Size' FROM product RETURNING id, product_id
    ), value AS (
      INSERT INTO option_values (merchant_id, option_id, position, value)
      SELECT ${merchant}, option.id, n, 'Size ' || n FROM option, generate_series(1, ${VARIANTS_PER_PRODUCT}::int) n RETURNING id, option_id, position
    ), variant AS (
      INSERT INTO variants (merchant_id, product_id, position, title, sku, price_cents, weight_grams)
      SELECT ${merchant}, id, n, 'Size ' || n, 'SKU-' || id || '-' || n, 900 + n * 100, 250 FROM product, generate_series(1, ${VARIANTS_PER_PRODUCT}::int) n
      RETURNING id, product_id, position
    ), of_value AS (
      INSERT INTO variant_option_values (merchant_id, product_id, variant_id, option_id, value_id)
      SELECT ${merchant}, variant.product_id, variant.id, option.id, value.id
      FROM variant JOIN option USING (product_id) JOIN value ON value.option_id = option.id AND value.position = variant.position
    ), level AS (
      INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity) SELECT ${merchant}, ${store}, id, ${STOCK} FROM variant
    ), customization AS (
      INSERT INTO customization_groups (merchant_id, product_id, position, name, max_select) SELECT ${merchant}, id, 0, 'Extras', 3 FROM product RETURNING id
    )
    INSERT INTO customization_choices (merchant_id, group_id, position, name, price_delta_cents, max_quantity)
    SELECT ${merchant}, id, n, 'Extra ' || n, 50 * n, 2 FROM customization, generate_series(1, 3) n`;
}

async function goods(admin: postgres.Sql, merchant: number) {
  const rows = await admin<{ slug: string; variant: string; choice: string }[]>`
    SELECT products.slug, variants.id AS variant, customization_choices.id AS choice
    FROM products JOIN variants ON variants.product_id = products.id AND variants.position = 1
      JOIN customization_groups ON customization_groups.product_id = products.id
      JOIN customization_choices ON group_id = customization_groups.id AND customization_choices.position = 1
    WHERE products.merchant_id = ${merchant} ORDER BY products.id`;
  const [method] = await admin<
    { id: string }[]
  >`SELECT id FROM shipping_methods WHERE merchant_id = ${merchant} ORDER BY id LIMIT 1`;
  return {
    methodId: opaqueId('sm', Number(method?.id)),
    products: rows.map(({ slug, variant, choice }) => ({
      slug,
      variantId: opaqueId('va', Number(variant)),
      choiceId: opaqueId('ch', Number(choice)),
    })),
  };
}
