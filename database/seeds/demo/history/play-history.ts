import { PRODUCTS_PER_PAGE_MAX, productList } from '#app/catalog/product-queries.ts';
import type { Product } from '#app/catalog/product-view.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { advanceOrder } from '#app/orders/advance-order.ts';
import { shippingLookup } from '#app/shipping/shipping-queries.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { OpenedShop } from '../open-merchant.ts';
import { checkoutOf, type Scene } from './checkout-of.ts';
import type { PlannedStep } from './journey.ts';
import type { PlannedOrder } from './plan-history.ts';

interface Action {
  readonly at: Date;
  readonly run: () => Promise<void>;
}

/** Lets customers and staff do what the history says they did, each at its time, through the code that real orders take. */
export async function playHistory(shop: OpenedShop, history: readonly PlannedOrder[]): Promise<void> {
  const scene = await shop.db.read((tx) => sceneOf(tx));
  const actions = history.flatMap((order, nth) => actionsOf(shop, scene, { order, nth }));
  for (const { run } of actions.toSorted((a, b) => a.at.getTime() - b.at.getTime())) await run();
}

async function sceneOf(tx: TenantTx<StoreTenant>): Promise<Scene> {
  const store = await storeConfig(tx);
  const { data } = await productList(tx, { currency: store.currency, limit: PRODUCTS_PER_PAGE_MAX });
  const shelf = new Map(data.map((product): [string, Product] => [product.slug, product]));
  return { store, shelf, lookup: await shippingLookup(tx) };
}

interface Numbered {
  readonly order: PlannedOrder;
  readonly nth: number;
}

function actionsOf(shop: OpenedShop, scene: Scene, { order, nth }: Numbered): Action[] {
  let placed = { publicId: '', version: 1 };
  const place = async () => {
    const { public_id: publicId } = await shop.db.write((tx) =>
      hastily(tx, placeOrder(tx, { ...checkoutOf(scene, order, nth), requestId: null, now: order.at })),
    );
    placed = { publicId, version: 1 };
  };
  const takeStep = async (step: PlannedStep) => {
    const { version } = await shop.db.write((tx) =>
      hastily(tx, advanceOrder(discreet(tx, step), { ...moveOf(shop, step), ...placed })),
    );
    placed = { ...placed, version };
  };
  return [
    { at: order.at, run: place },
    ...order.steps.map((step) => ({ at: step.at, run: () => takeStep(step) })),
  ];
}

/** Does not wait for the disk at each COMMIT: until the doors are open a crash begins the demo anew, and opening them waits for all. */
async function hastily<Result>({ sql }: TenantTx, work: Promise<Result>): Promise<Result> {
  const [result] = await Promise.all([work, sql`SET LOCAL synchronous_commit = off`]);
  return result;
}

/** Staff are told of cancellations only: thousands of steps of the past would keep the listeners busy at the first start. */
function discreet(tx: TenantTx<StoreTenant>, { status }: PlannedStep): TenantTx<StoreTenant> {
  return status === 'cancelled' ? tx : { ...tx, listenersOf: () => [] };
}

function moveOf({ staffIds }: OpenedShop, { at, status, trackingCode, reason, personChance }: PlannedStep) {
  const id = staffIds[Math.floor(personChance * staffIds.length)];
  const actor = id === undefined ? ({ kind: 'system' } as const) : ({ kind: 'staff', id } as const);
  return { status, trackingCode, reason, trackingUrl: null, actor, requestId: null, now: at };
}
