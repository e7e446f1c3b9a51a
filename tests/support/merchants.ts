import { record } from '#core/events/record.ts';
import type { StoreTenant } from '#core/db/tenant.ts';
import { opaqueId, type ShippingMethodId } from '#core/values/ids.ts';
import { AMOUNT_MAX_CENTS, cents } from '#core/values/money.ts';
import type { ProductDraft } from '#app/catalog/product.ts';
import type { Product } from '#app/catalog/product-view.ts';
import { saveProducts } from '#app/products/save-product.ts';
import { createMerchant, nextMerchantId } from '#app/merchants/create-merchant.ts';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import type { StaffRole } from '#app/staff/abilities.ts';
import { createStaff } from '#app/staff/create-staff.ts';
import { createStore } from '#app/stores/create-store.ts';
import type { TestApp } from './app.ts';
import { quickHash } from './quick-hash.ts';
import { draft, variant } from './shelf.ts';
import { ACT } from './shop.ts';

/** Stands in every text of merchant B: where it shows in an answer to anyone else, something leaked. */
export const CANARY = 'Zebrafish';
export const PASSWORD = 'correct horse battery staple';

const PRODUCTS = ['latte', 'tee', 'voucher', 'gold'] as const;
/** Postcodes: Metro delivers in two ways, Island has no rates, the rest no zone. */
export const POSTCODE = { metro: '3000', island: '7000', nowhere: '9999' } as const;

export interface TestStore {
  readonly slug: string;
  readonly tenant: StoreTenant;
  /** Its opaque id. */
  readonly id: string;
  /** `latte` has customisations, `tee` sizes and ten pieces of each, `voucher` needs no shipping, `gold` costs the most there is. */
  readonly products: Readonly<Record<(typeof PRODUCTS)[number], Product>>;
  /** Ids of its shipping methods: express costs 1500, standard 900. */
  readonly methods: { readonly express: string; readonly standard: string };
}

export interface TestMerchants {
  /** Merchant A has two stores. */
  readonly cafe: TestStore;
  readonly roastery: TestStore;
  /** Merchant B has one. */
  readonly other: TestStore;
}

/** User names; all have `PASSWORD`. Manager and barista belong to the café, the packer to the roastery. */
const PEOPLE = [
  { username: 'owner', role: 'owner', stores: [] },
  { username: 'manager', role: 'manager', stores: ['cafe'] },
  { username: 'barista', role: 'staff', stores: ['cafe'] },
  { username: 'packer', role: 'staff', stores: ['roastery'] },
] as const;
export type Person = (typeof PEOPLE)[number]['username'] | 'other-owner';

/** What it takes to open shops: the server may run anywhere. */
type OpenApp = Pick<TestApp, 'database' | 'admin' | 'visitor'>;

/** Opens two merchants and three stores with products, shipping and staff, by the commands that open real ones. */
export async function openMerchants(app: OpenApp): Promise<TestMerchants> {
  const passwordHash = quickHash(PASSWORD);
  const [cafe, roastery] = await openMerchant(app, { name: 'Alder & Co', slugs: ['cafe', 'roastery'] });
  const [other] = await openMerchant(app, { name: `${CANARY} & Co`, slugs: ['other'] });
  if (!cafe || !roastery || !other) throw new Error('openMerchants: expected three stores');
  const tenants = { cafe: cafe.tenant, roastery: roastery.tenant };
  for (const { username, role, stores } of PEOPLE) {
    const storeIds = stores.map((name) => tenants[name].storeId);
    await hire(app, cafe.tenant, { username, name: `${username} of A`, role, storeIds, passwordHash });
  }
  const owner = { username: 'other-owner', name: `${CANARY} Owner`, role: 'owner', storeIds: [] } as const;
  await hire(app, other.tenant, { ...owner, passwordHash });
  return { cafe, roastery, other };
}

async function openMerchant(
  app: OpenApp,
  { name, slugs }: { name: string; slugs: readonly string[] },
): Promise<TestStore[]> {
  const merchantId = await nextMerchantId(app.database);
  const db = app.database.tenant({ merchantId, storeId: null });
  await db.write((tx) => createMerchant(tx, { name, act: ACT }));
  const brand = name.split(' ')[0] ?? '';
  const stores: TestStore[] = [];
  for (const slug of slugs) {
    const storeId = await db.write((tx) =>
      createStore(tx, { ...STORE, slug, name: `${brand} ${slug}`, tagline: brand }),
    );
    stores.push(await furnish(app, { slug, brand, tenant: { merchantId, storeId } }));
  }
  return stores;
}

async function hire(
  { database }: OpenApp,
  { merchantId }: StoreTenant,
  person: { username: string; name: string; role: StaffRole; passwordHash: string } & Pick<
    Parameters<typeof createStaff>[1],
    'storeIds'
  >,
): Promise<void> {
  const db = database.tenant({ merchantId, storeId: null });
  await db.write((tx) => createStaff(tx, { ...person, email: `${person.username}@example.com`, act: ACT }));
}

interface EmptyStore {
  readonly slug: string;
  readonly brand: string;
  readonly tenant: StoreTenant;
}

/** Ids are read where customers read them. */
async function furnish(app: OpenApp, store: EmptyStore): Promise<TestStore> {
  const db = app.database.tenant(store.tenant);
  await db.write(async (tx) => {
    const products = await saveProducts(tx, {
      products: productsOf(store),
      stockReason: 'initial',
      act: ACT,
    });
    record(tx, ...products.map(({ event }) => event));
  });
  await db.write((tx) => saveShipping(tx, shippingOf(store), ACT));
  const read = async (name: string) =>
    (await app.visitor.get<Product>(`/api/v1/stores/${store.slug}/products/${store.slug}-${name}`)).body;
  const products = await Promise.all(PRODUCTS.map(async (name) => [name, await read(name)] as const));
  const methods = await app.admin<{ id: ShippingMethodId }[]>`
    SELECT id::int FROM shipping_methods WHERE store_id = ${store.tenant.storeId} ORDER BY label`;
  const [express, standard] = methods.map(({ id }) => opaqueId('sm', id));
  return {
    slug: store.slug,
    tenant: store.tenant,
    id: opaqueId('st', store.tenant.storeId),
    products: Object.fromEntries(products) as TestStore['products'],
    methods: { express: express ?? '', standard: standard ?? '' },
  };
}

function productsOf({ slug, brand }: EmptyStore): ProductDraft[] {
  const named = (name: string, changes: Partial<ProductDraft>) =>
    draft(`${slug}-${name}`, { name: `${brand} ${name}`, description: `<p>${brand}</p>`, ...changes });
  return [
    named('latte', { groups: GROUPS }),
    named('tee', {
      options: ['Size'],
      variants: ['S', 'M', 'L'].map((size) =>
        variant({ optionValues: [size], sku: `${brand}-${size}`, priceCents: cents(3500), stock: 10 }),
      ),
    }),
    named('voucher', { shippable: false }),
    named('gold', { shippable: false, variants: [variant({ priceCents: cents(AMOUNT_MAX_CENTS) })] }),
  ];
}

const choice = (name: string, priceDelta: number, maxQuantity = 1) => ({
  name,
  priceDeltaCents: cents(priceDelta),
  maxQuantity,
});

/** Milk must be chosen; of syrups two to three, or none; extras as one likes, a shot twice. */
const GROUPS = [
  {
    name: 'Milk',
    minSelect: 1,
    maxSelect: 1,
    required: true,
    choices: [choice('Whole', 0), choice('Oat', 60)],
  },
  {
    name: 'Syrups',
    minSelect: 2,
    maxSelect: 3,
    required: false,
    choices: [choice('Vanilla', 50), choice('Caramel', 50), choice('Hazelnut', 50), choice('Rose', 70)],
  },
  {
    name: 'Extras',
    minSelect: 0,
    maxSelect: 5,
    required: false,
    choices: [choice('Shot', 80, 2), choice('Own cup', -30)],
  },
];

function shippingOf({ brand }: EmptyStore): Parameters<typeof saveShipping>[1] {
  const metro = `${brand} metro`;
  return {
    zones: [
      { name: metro, country: 'AU', states: [], postcodes: [{ kind: 'range', from: '3000', to: '3207' }] },
      { name: `${brand} island`, country: 'AU', states: [], postcodes: [{ kind: 'prefix', prefix: '70' }] },
    ],
    methods: [
      { label: `${brand} express`, type: 'flat', active: true, etaText: 'Tomorrow' },
      { label: `${brand} standard`, type: 'flat', active: true, etaText: '3 days' },
    ],
    rates: [
      { zone: metro, method: `${brand} express`, baseCents: cents(1500) },
      { zone: metro, method: `${brand} standard`, baseCents: cents(900) },
    ],
  };
}

const STORE = {
  theme: 'classic',
  accent: '#0f766e',
  currency: 'AUD',
  country: 'AU',
  locale: 'en-AU',
  timezone: 'Australia/Melbourne',
  phone: null,
  address: { line1: '1 High Street', city: 'Melbourne', state: 'VIC', postcode: '3000' },
  pickup: true,
  shipping: true,
  preparationMinutes: 10,
  act: ACT,
} as const;
