import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchShop } from './shops.ts';

/** A server under load and how to end it. */
export interface BenchServer {
  readonly address: string;
  readonly adminUrl: string;
  readonly secret: string;
  readonly shops: readonly BenchShop[];
  /** Resident memory, in bytes. */
  memory(): Promise<number>;
  close(): Promise<void>;
}

/** Starts the server with so many stores on a data folder of its own; with many rates, each has 200 zones × 5 methods × 4 rates. */
export async function startBenchServer(
  stores: number,
  { manyRates = false }: { readonly manyRates?: boolean } = {},
): Promise<BenchServer> {
  return startServerProcess({ BENCH_STORES: String(stores), BENCH_MANY_RATES: String(manyRates) });
}

/** Starts the server on a database with the stores that are in it. */
export async function serveDatabase(databaseUrl: string): Promise<BenchServer> {
  return startServerProcess({ BENCH_DATABASE_URL: databaseUrl });
}

async function startServerProcess(env: Readonly<Record<string, string>>): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-bench-'));
  const child = fork(join(import.meta.dirname, 'server-process.ts'), {
    env: { ...process.env, DATA_DIR: dataDir, ...env },
  });
  const [told] = (await once(child, 'message')) as [
    Pick<BenchServer, 'address' | 'adminUrl' | 'secret' | 'shops'>,
  ];
  return {
    ...told,
    memory: async () => {
      child.send('usage');
      const [{ memory }] = (await once(child, 'message')) as [{ memory: number }];
      return memory;
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
