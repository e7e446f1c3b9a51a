import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { Client } from 'undici';
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';
import type { BenchRow } from './bench-row.ts';
import { quantile, send, type BenchRequest } from './load.ts';
import { staffCookieOf } from './many-shops.ts';
import { checkoutOf, pick } from './order.ts';
import { ORDERS_PER_STORE, tokenOf } from './order-history.ts';
import { seedTenants } from './seed-tenants.ts';
import { serveDatabase, type BenchServer } from './server.ts';
import type { BenchShop } from './shops.ts';

/** Each with a hundred orders: a thousand of them, a hundred thousand, a million. */
const STORES = [10, 1_000, 10_000] as const;
const FLAT_MAX = 1.2;
/** The sides take turns, each the first in its turn, so that a machine that slows down slows all; the first turn warms up. */
const TURNS = 11;
const REQUESTS_PER_TURN = 30;
/** Three servers on one PostgreSQL. */
const CONNECTIONS_MAX = 120;
/** For writing a million orders; what is measured runs with those of a shop. */
const SEED_SETTINGS = {
  shared_buffers: '2GB',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  wal_level: 'minimal',
  max_wal_senders: '0',
  maintenance_work_mem: '256MB',
  work_mem: '64MB',
  autovacuum: 'off',
};
const DELIVERED_POLL_MS = 20;

/** So many stores with their server, all three on one PostgreSQL. */
interface Side {
  readonly stores: number;
  readonly shops: readonly BenchShop[];
  readonly server: BenchServer;
  readonly client: Client;
  readonly admin: postgres.Sql;
}

interface Work {
  readonly name: string;
  /** Where it must be flat; elsewhere it is told what it costs to read, each time, what nobody has read for long. */
  readonly isHeld: boolean;
  readonly status: number;
  readonly request: (shop: BenchShop) => BenchRequest;
}

/** Checkouts come last: where stores are few, each then has more orders open than where they are many. */
const WORKS: readonly Work[] = [
  { name: 'board', isHeld: true, status: 200, request: (shop) => asStaff(shop, '/dashboard/board.json') },
  { name: 'order list', isHeld: false, status: 200, request: (shop) => asStaff(shop, '/dashboard/orders') },
  {
    name: 'search of an order by name',
    isHeld: false,
    status: 200,
    request: (shop) => asStaff(shop, '/dashboard/orders?search=Bench%2042'),
  },
  {
    name: 'tracking of an order',
    isHeld: false,
    status: 200,
    request: ({ storeId }) => {
      const nth = Math.floor(Math.random() * ORDERS_PER_STORE);
      return { method: 'GET', path: `/api/v1/orders/${tokenOf((storeId - 1) * ORDERS_PER_STORE + nth + 1)}` };
    },
  },
  { name: 'checkout', isHeld: true, status: 201, request: checkoutOf },
];

/** What a request costs where there are 10, 1,000 and 10,000 stores with up to a million orders: one client, through HTTP, each time at another store. */
export async function benchTenants(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-bench-'));
  try {
    const shops = await seedAll(dataDir);
    const embedded = await startEmbeddedPostgres({
      dataDir,
      log: () => undefined,
      maxConnections: CONNECTIONS_MAX,
    });
    const sides = await Promise.all(
      STORES.map((stores, nth) => openSide(databaseUrl(embedded.url, stores), stores, shops[nth] ?? [])),
    );
    for (const side of sides) await visitAll(side);
    const rows: BenchRow[] = [];
    for (const work of WORKS) rows.push(...(await compare(sides, work)));
    await Promise.all(sides.map(closeSide));
    await embedded.stop();
    return rows;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** One database for each number of stores, in one cluster. */
async function seedAll(dataDir: string): Promise<BenchShop[][]> {
  const begin = performance.now();
  const told = (line: string) =>
    console.error(`  ${Math.round((performance.now() - begin) / 1_000)} s: ${line}`);
  const embedded = await startEmbeddedPostgres({
    dataDir,
    log: () => undefined,
    durable: false,
    settings: SEED_SETTINGS,
  });
  const admin = postgres(embedded.url, { max: 1 });
  const shops: BenchShop[][] = [];
  for (const stores of STORES) {
    const url = databaseUrl(embedded.url, stores);
    await admin`CREATE DATABASE ${admin(new URL(url).pathname.slice(1))}`;
    shops.push(await seedTenants(url, stores, told));
  }
  await admin.end();
  await embedded.stop();
  told('seeded');
  return shops;
}

function databaseUrl(clusterUrl: string, stores: number): string {
  const url = new URL(clusterUrl);
  url.pathname = `/stores_${stores}`;
  return url.href;
}

async function openSide(url: string, stores: number, shops: readonly BenchShop[]): Promise<Side> {
  const server = await serveDatabase(url);
  return {
    stores,
    shops,
    server,
    client: new Client(server.address, { pipelining: 1 }),
    admin: postgres(url, { max: 1, onnotice: () => undefined }),
  };
}

async function closeSide({ server, client, admin }: Side): Promise<void> {
  await client.close();
  await admin.end();
  await server.close();
}

/** A server that has run for a while has seen all of its stores. */
async function visitAll({ client, shops }: Side): Promise<void> {
  for (const { slug } of shops) await send(client, 200, { method: 'GET', path: `/api/v1/stores/${slug}` });
}

async function compare(sides: readonly Side[], work: Work): Promise<BenchRow[]> {
  const times = sides.map((): number[] => []);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const nth of sides.keys()) {
      const at = (turn + nth) % sides.length;
      const side = sides[at];
      const took = side ? await takeTurn(side, work) : [];
      if (turn > 0) times[at]?.push(...took);
    }
  }
  const [baseline = 0, ...medians] = times.map((all) =>
    quantile(
      all.toSorted((a, b) => a - b),
      0.5,
    ),
  );
  return medians.map((value, at) => rowOf(work, { stores: STORES[at + 1] ?? 0, value, baseline }));
}

/** How long each request took, in milliseconds. What follows from them ends before another side's turn. */
async function takeTurn({ client, shops, admin }: Side, { status, request }: Work): Promise<number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < REQUESTS_PER_TURN; nth++) {
    const asked = request(pick(shops));
    const begin = performance.now();
    await send(client, status, asked);
    times.push(performance.now() - begin);
  }
  await delivered(admin);
  return times;
}

async function delivered(admin: postgres.Sql): Promise<void> {
  for (;;) {
    const waiting = await admin`SELECT FROM event_deliveries WHERE state IN ('pending', 'running') LIMIT 1`;
    if (waiting.length === 0) return;
    await sleep(DELIVERED_POLL_MS);
  }
}

function asStaff(shop: BenchShop, path: string): BenchRequest {
  return { method: 'GET', path, headers: { cookie: staffCookieOf(shop) } };
}

interface Measured {
  readonly stores: number;
  /** Both in milliseconds. */
  readonly value: number;
  readonly baseline: number;
}

function rowOf({ name, isHeld }: Work, { stores, value, baseline }: Measured): BenchRow {
  const ratio = value / baseline;
  const [few] = STORES;
  return {
    work: `${name} over HTTP at ${stores} stores with ${stores * ORDERS_PER_STORE} orders, beside ${few} with ${few * ORDERS_PER_STORE}, median`,
    value,
    unit: 'ms',
    baseline,
    ratio,
    target: isHeld ? `≤ ${FLAT_MAX} ×` : 'told',
    holds: !isHeld || ratio <= FLAT_MAX,
  };
}
