import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productUpdated, type ChangedProduct } from '#app/catalog/product-events.ts';
import type { CartLine } from '#app/cart/cart.ts';
import { tellOfMissingRate } from '#app/shipping/missing-rate.ts';
import type { TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { CANARY, openMerchants, POSTCODE, type TestMerchants, type TestStore } from '../support/merchants.ts';
import { until } from '../support/deliveries.ts';
import { checkOut, checkoutOf, choiceId, line } from '../support/orders.ts';

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

const LATTE = { choices: { Whole: 1 } };

/** Changes a product as a save does: with the event by which the shop forgets what it kept of the shelf. */
async function changeProduct(
  store: TestStore,
  slug: string,
  how: (tx: TenantTx) => Promise<unknown>,
): Promise<void> {
  await app.database.tenant(store.tenant).write(async (tx) => {
    await how(tx);
    const [product] = await tx.sql<ChangedProduct[]>`
      UPDATE products SET version = version + 1 WHERE slug = ${slug} RETURNING id, slug, name, active, version`;
    if (!product) throw new Error(`expected a product ${slug}`);
    const occasion = { storeIds: [store.tenant.storeId], actor: SYSTEM, at: new Date() };
    record(tx, productUpdated(product, occasion));
  });
}

/** The three calls that take a cart. All must refuse the same cart alike. */
async function refusals(items: CartLine[], store: TestStore = shops.cafe) {
  const path = `/api/v1/stores/${store.slug}`;
  const answers = [
    await app.visitor.post(`${path}/cart/price`, { items }),
    await app.visitor.post(`${path}/shipping/quote`, { country: 'AU', postcode: POSTCODE.metro, items }),
    await checkOut(app.visitor, store, checkoutOf(store, 'pickup', { items })),
    await checkOut(app.visitor, store, checkoutOf(store, 'shipping', { items })),
  ];
  for (const { text } of answers) expect(text).not.toContain(CANARY);
  const told = answers.map(({ status, body }) => ({
    status,
    code: body['code'],
    fields: Object.keys((body['errors'] as object | undefined) ?? {}),
  }));
  for (const each of told) expect(each).toEqual(told[0]);
  return told[0];
}

const withChoices = (choices: Record<string, number>) => [line(shops.cafe.products.latte, { choices })];

const second = (variant_id: string) => [
  line(shops.cafe.products.latte, LATTE),
  { variant_id, quantity: 1, customizations: [] },
];

const ofTee = ({ products }: TestStore) => products.tee.variants[0]?.id ?? '';

const quoteOf = (items: CartLine[], postcode: string = POSTCODE.metro) =>
  app.visitor.post('/api/v1/stores/cafe/shipping/quote', { country: 'AU', postcode, items });

const quote = (postcode: string) => quoteOf([line(shops.cafe.products.tee, { variant: 'S' })], postcode);

function shipTo(postcode: string, changes = {}) {
  const checkout = checkoutOf(shops.cafe, 'shipping', changes);
  const shipping_address = { ...checkout.shipping_address, postcode };
  return checkOut(app.visitor, shops.cafe, { ...checkout, shipping_address });
}

describe('choices', () => {
  const refused = { status: 422, code: 'CART_INVALID', fields: ['items.0.customizations'] };

  it.each<[string, Record<string, number>]>([
    ['none of a group that must be chosen from', {}],
    ['two of a group of one', { Whole: 1, Oat: 1 }],
    ['the same one twice where one may be had', { Oat: 2 }],
    ['one of a group of at least two', { Whole: 1, Vanilla: 1 }],
    ['four of a group of at most three', { Whole: 1, Vanilla: 1, Caramel: 1, Hazelnut: 1, Rose: 1 }],
    ['one more often than it may be had', { Whole: 1, Shot: 3 }],
  ])('are refused: %s', async (_, choices) => {
    expect(await refusals(withChoices(choices))).toEqual(refused);
  });

  it('are counted together when one choice is named in two entries', async () => {
    const { latte } = shops.cafe.products;
    const twice = line(latte, { choices: { Whole: 1, Shot: 2 } });
    const more = {
      ...twice,
      customizations: [...(twice.customizations ?? []), { choice_id: choiceId(latte, 'Shot'), quantity: 1 }],
    };
    expect(await refusals([more])).toEqual(refused);
  });

  it.each<[string, Record<string, number>]>([
    ['the least', { Whole: 1 }],
    ['the most', { Oat: 1, Vanilla: 1, Caramel: 1, Rose: 1, Shot: 2, 'Own cup': 1 }],
  ])('are taken: %s', async (_, choices) => {
    const answer = await app.visitor.post('/api/v1/stores/cafe/cart/price', { items: withChoices(choices) });
    expect(answer).toMatchObject({ status: 200 });
  });

  it('of another product are refused, of the same store, another and another merchant alike', async () => {
    const { cafe, roastery, other } = shops;
    for (const { products } of [roastery, other]) {
      const foreign = { ...line(cafe.products.latte, LATTE) };
      foreign.customizations = [{ choice_id: choiceId(products.latte, 'Whole'), quantity: 1 }];
      expect(await refusals([foreign])).toMatchObject({ fields: ['items.0.customizations.0.choice_id'] });
    }
    const tee = { ...line(cafe.products.tee, { variant: 'S' }) };
    tee.customizations = [{ choice_id: choiceId(cafe.products.latte, 'Whole'), quantity: 1 }];
    expect(await refusals([tee])).toEqual({ ...refused, fields: ['items.0.customizations.0.choice_id'] });
  });

  it('that the merchant took away are refused', async () => {
    const { cafe } = shops;
    const offerRose = (active: boolean) =>
      changeProduct(
        cafe,
        cafe.products.latte.slug,
        ({ sql }) => sql`UPDATE customization_choices SET active = ${active} WHERE name = 'Rose'`,
      );
    const withRose = withChoices({ Whole: 1, Rose: 1, Vanilla: 1 });
    expect(await quoteOf(withRose)).toMatchObject({ status: 200 });
    await offerRose(false);
    await expect.poll(() => quoteOf(withRose)).toMatchObject({ status: 422 });
    expect(await refusals(withRose)).toMatchObject({ status: 422 });
    await offerRose(true);
  });
});

describe('a variant', () => {
  const notSold = { status: 422, code: 'ITEM_NOT_FOUND', fields: ['items.1.variant_id'] };

  it.each([
    ['of another store of the merchant', () => ofTee(shops.roastery)],
    ['of another merchant', () => ofTee(shops.other)],
    ['that does not exist', () => 'va_k3JdXa0Q'],
    ['whose id is one of another kind', () => shops.cafe.products.tee.id],
    ['whose id is a database’s', () => '1'],
  ])('%s is refused as any that is not sold here', async (_, id) => {
    expect(await refusals(second(id()))).toEqual(notSold);
  });

  it.each(['active = false', 'archived_at = now()'])('of a product with %s is refused', async (change) => {
    const { tee } = shops.roastery.products;
    await app.admin.unsafe(`UPDATE products SET ${change} WHERE slug = $1`, [tee.slug]);
    const answer = await refusals([line(tee, { variant: 'S' })], shops.roastery);
    expect(answer).toMatchObject({ status: 422, code: 'ITEM_NOT_FOUND' });
    await app.admin`UPDATE products SET active = true, archived_at = NULL WHERE slug = ${tee.slug}`;
  });
});

describe('shipping', () => {
  it('is quoted by price, with opaque ids', async () => {
    const { methods } = shops.cafe;
    expect(await quote(POSTCODE.metro)).toMatchObject({
      status: 200,
      body: {
        options: [
          { method_id: methods.standard, label: 'Alder standard', price_cents: 900, eta_text: '3 days' },
          { method_id: methods.express, label: 'Alder express', price_cents: 1500 },
        ],
      },
    });
  });

  it.each([
    ['where no zone is', POSTCODE.nowhere, 'DELIVERY_NOT_AVAILABLE_FOR_POSTCODE'],
    ['where a zone has no rate', POSTCODE.island, 'NO_SHIPPING_RATE'],
  ])('is refused %s', async (_, postcode, code) => {
    expect(await quote(postcode)).toMatchObject({ status: 409, body: { code } });
    expect(await shipTo(postcode)).toMatchObject({ status: 409, body: { code } });
  });

  it('without a rate is told to the merchant, once an hour at most', async () => {
    const { tenant } = shops.cafe;
    const db = app.database.tenant(tenant);
    const told = () => app.admin<{ title: string; body: string }[]>`
      SELECT title, body FROM notifications WHERE kind = 'shipping_rate_missing' AND store_id = ${tenant.storeId} ORDER BY id`;
    await Promise.all([1, 2, 3].map(() => quote(POSTCODE.island)));
    await shipTo(POSTCODE.island);
    await until(async () => (await told()).length > 0, 'the merchant is told');
    expect((await told())[0]).toEqual({
      title: `No shipping rate: ${POSTCODE.island} AU`,
      body: expect.stringMatching(/ kg for A\$35\.00 /),
    });
    const missing = { country: 'AU', state: null, postcode: '7001', weight_grams: 1, total_cents: 1 };
    const [before] = await app.admin<{ at: Date }[]>`
      SELECT rate_missed_at AS at FROM shipping_lookups WHERE store_id = ${tenant.storeId}`;
    for (const minutes of [59, 60, 61])
      await db.write((tx) =>
        tellOfMissingRate(tx, missing, new Date((before?.at.getTime() ?? 0) + minutes * 60_000)),
      );
    await until(async () => (await told()).length === 2, 'the merchant is told an hour later');
  });

  it.each([
    ['of another store of the merchant', () => shops.roastery.methods.standard],
    ['of another merchant', () => shops.other.methods.standard],
    ['that does not exist', () => 'sm_k3JdXa0Q'],
    ['that is not named', () => null],
  ])('by a method %s is refused', async (_, method) => {
    const answer = await shipTo(POSTCODE.metro, { shipping_method_id: method() });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'SHIPPING_METHOD_UNAVAILABLE', errors: { shipping_method_id: [expect.any(String)] } },
    });
    expect(answer.text).not.toContain(CANARY);
  });

  it('without an address is refused', async () => {
    const answer = await checkOut(
      app.visitor,
      shops.cafe,
      checkoutOf(shops.cafe, 'shipping', { shipping_address: null }),
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'ADDRESS_REQUIRED', errors: { shipping_address: ['is required'] } },
    });
  });

  it('is refused by a store that does not ship, and pickup by one that is not visited', async () => {
    await app.admin`UPDATE stores SET shipping = false, pickup = false WHERE id = ${shops.roastery.tenant.storeId}`;
    await app.restart().then((restarted) => (app = restarted));
    for (const fulfilment of ['shipping', 'pickup'] as const) {
      const answer = await checkOut(app.visitor, shops.roastery, checkoutOf(shops.roastery, fulfilment));
      expect(answer).toMatchObject({ status: 422, body: { code: 'FULFILMENT_NOT_OFFERED' } });
    }
  });
});
