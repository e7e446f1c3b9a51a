import { analyzeTables } from '#core/db/analyze.ts';
import { asOwner } from '#core/db/as-owner.ts';
import type { BenchRow } from './bench-row.ts';
import { loadHttp, loadWith, type Load } from './load.ts';
import { bareCheckouts } from './bare-checkout.ts';
import { checkoutOf, pick } from './order.ts';
import { startBenchServer, type BenchServer } from './server.ts';

const STORES = 20;
const CLIENTS = 8;
const ORDERS_PER_SECOND_MIN = 600;
const RATIO_MIN = 0.5;
const PHASE = { warmUpMs: 3_000, durationMs: 10_000 };
const HISTORY_MS = 10_000;

/** Orders a second through the API (2 lines with a choice each, shipping, counted stock), against the same SQL run bare. */
export async function benchCheckout(): Promise<BenchRow[]> {
  const server = await startBenchServer(STORES);
  try {
    await makeHistory(server);
    const ours = await placeOrders(server, PHASE);
    const bare = await bareCheckouts(server, CLIENTS);
    const theirs = await loadWith(bare.workers, PHASE);
    await bare.close();
    return rowsOf(ours, theirs);
  } finally {
    await server.close();
  }
}

/** Plans made before a shop has orders are not those that it lives with: PostgreSQL itself counts rows again within a quarter of a minute. */
async function makeHistory(server: BenchServer): Promise<void> {
  await placeOrders(server, { warmUpMs: 0, durationMs: HISTORY_MS });
  await asOwner(server.adminUrl, analyzeTables);
}

function placeOrders(server: BenchServer, phase: typeof PHASE): Promise<Load> {
  return loadHttp(server.address, 201, () => checkoutOf(pick(server.shops)), { clients: CLIENTS, ...phase });
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
