import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BenchRow } from './bench-row.ts';
import { loadHttp, type BenchRequest, type Load } from './load.ts';
import { startBenchServer, type BenchServer } from './server.ts';

const CLIENTS = 8;
const PHASE = { clients: CLIENTS, warmUpMs: 2_000, durationMs: 5_000 };
/** The two sides take turns, so that a machine that slows down slows both. */
const TURNS = 3;

interface Work {
  readonly name: string;
  readonly request: BenchRequest;
  readonly min: number;
}

/** Reading and quoting over HTTP, each against a bare Fastify route that returns the same bytes. */
export async function benchStorefront(): Promise<BenchRow[]> {
  const server = await startBenchServer(1, { manyRates: true });
  try {
    const rows: BenchRow[] = [];
    for (const work of worksOf(server)) rows.push(await compare(server, work));
    const memory = (await server.memory()) / 2 ** 20;
    return [
      ...rows,
      {
        work: 'memory of the process after this load',
        value: memory,
        unit: 'MiB',
        target: 'told',
        holds: true,
      },
    ];
  } finally {
    await server.close();
  }
}

function worksOf({ shops }: BenchServer): Work[] {
  const [shop] = shops;
  const [product] = shop?.products ?? [];
  if (!shop || !product) throw new Error('bench: expected a store with products');
  const api = `/api/v1/stores/${shop.slug}`;
  const quote = {
    country: 'AU',
    state: 'VIC',
    postcode: '3042',
    items: [{ variant_id: product.variantId, quantity: 2 }],
  };
  return [
    {
      name: 'product list, 20 of 500 with 4 variants',
      request: { method: 'GET', path: `${api}/products` },
      min: 0.8,
    },
    {
      name: 'product page (HTML)',
      request: { method: 'GET', path: `/s/${shop.slug}/p/${product.slug}` },
      min: 0.8,
    },
    {
      name: 'shipping quote, 200 zones × 5 methods × 4 rates',
      request: {
        method: 'POST',
        path: `${api}/shipping/quote`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(quote),
      },
      min: 0.6,
    },
  ];
}

async function compare(server: BenchServer, { name, request, min }: Work): Promise<BenchRow> {
  const bare = await startBare(server.address, request);
  const [ours, theirs]: [Load[], Load[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn++) {
    ours.push(await loadHttp(server.address, 200, () => request, PHASE));
    theirs.push(await loadHttp(bare.address, 200, () => request, PHASE));
  }
  bare.close();
  const [value, baseline] = [median(ours), median(theirs)];
  const ratio = value / baseline;
  return {
    work: name,
    value,
    unit: 'requests/s',
    baseline,
    ratio,
    target: `≥ ${min} ×`,
    holds: ratio >= min,
  };
}

async function startBare(address: string, { path, method, headers, body }: BenchRequest) {
  const answer = await fetch(address + path, {
    method,
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  });
  const child = fork(join(import.meta.dirname, 'bare-server.ts'));
  child.send([{ path, method, type: answer.headers.get('content-type') ?? '', body: await answer.text() }]);
  const [bareAddress] = (await once(child, 'message')) as [string];
  return { address: bareAddress, close: () => child.disconnect() };
}

function median(loads: readonly Load[]): number {
  const sorted = loads.map(({ perSecond }) => perSecond).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
