import { randomUUID } from 'node:crypto';
import type { BenchRow } from './bench-row.ts';
import { loadHttp, loadWith, type BenchRequest, type Load } from './load.ts';
import { bareCheckouts } from './bare-checkout.ts';
import { startBenchServer } from './server.ts';
import type { BenchShop } from './shops.ts';

const STORES = 20;
const CLIENTS = 8;
const ORDERS_PER_SECOND_MIN = 600;
const RATIO_MIN = 0.5;
const PHASE = { warmUpMs: 3_000, durationMs: 10_000 };

/** Orders a second through the API (2 lines with a choice each, shipping, counted stock), against the same SQL run bare. */
export async function benchCheckout(): Promise<BenchRow[]> {
  const server = await startBenchServer(STORES);
  try {
    const ours = await loadHttp(server.address, 201, () => checkoutOf(pick(server.shops)), {
      clients: CLIENTS,
      ...PHASE,
    });
    const bare = await bareCheckouts(server, CLIENTS);
    const theirs = await loadWith(bare.workers, PHASE);
    await bare.close();
    return rowsOf(ours, theirs);
  } finally {
    await server.close();
  }
}

function rowsOf(ours: Load, theirs: Load): BenchRow[] {
  const ratio = ours.perSecond / theirs.perSecond;
  const work = `checkout over HTTP, ${CLIENTS} clients, ${STORES} stores`;
  return [
    {
      work,
      value: ours.perSecond,
      unit: 'orders/s',
      target: `≥ ${ORDERS_PER_SECOND_MIN}`,
      holds: ours.perSecond >= ORDERS_PER_SECOND_MIN,
    },
    {
      work: `${work}, against the same SQL run bare`,
      value: ours.perSecond,
      unit: 'orders/s',
      baseline: theirs.perSecond,
      ratio,
      target: `≥ ${RATIO_MIN} ×`,
      holds: ratio >= RATIO_MIN,
    },
    {
      work: `${work}, p99`,
      value: ours.p99Ms,
      unit: 'ms',
      baseline: theirs.p99Ms,
      target: 'told',
      holds: true,
    },
  ];
}

/** An order for two random products, shipped. */
export function checkoutOf({ slug, methodId, products }: BenchShop): BenchRequest {
  const line = () => {
    const { variantId, choiceId } = pick(products);
    return { variant_id: variantId, quantity: 1, customizations: [{ choice_id: choiceId, quantity: 1 }] };
  };
  return {
    method: 'POST',
    path: `/api/v1/stores/${slug}/checkout`,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      fulfilment_type: 'shipping',
      contact: {
        first_name: 'Ada',
        last_name: 'Bench',
        email: `customer-${Math.floor(Math.random() * CUSTOMERS)}@example.com`,
      },
      shipping_address: {
        country: 'AU',
        state: 'VIC',
        postcode: '3000',
        city: 'Melbourne',
        line1: '1 High Street',
      },
      shipping_method_id: methodId,
      items: [line(), line()],
    }),
  };
}

const CUSTOMERS = 5_000;

function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('bench: expected at least one item to pick from');
  return item;
}
