import { Client } from 'undici';

/** What came out of a load: requests a second, and how long they took. */
export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface LoadOptions {
  readonly clients: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
}

export interface BenchRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Sends requests from some clients, each on a connection of its own, one after another. Any answer but `status` ends the run. */
export async function loadHttp(
  address: string,
  status: number,
  next: () => BenchRequest,
  options: LoadOptions,
): Promise<Load> {
  const clients = Array.from({ length: options.clients }, () => new Client(address, { pipelining: 1 }));
  const load = await loadWith(
    clients.map((client) => () => send(client, status, next())),
    options,
  );
  await Promise.all(clients.map((client) => client.close()));
  return load;
}

/** Runs some workers in loops and counts what they do after the warm-up. */
export async function loadWith(
  workers: readonly (() => Promise<void>)[],
  { warmUpMs, durationMs }: Omit<LoadOptions, 'clients'>,
): Promise<Load> {
  const from = performance.now() + warmUpMs;
  const until = from + durationMs;
  const times: number[] = [];
  const loop = async (work: () => Promise<void>) => {
    for (let start = performance.now(); start < until; start = performance.now()) {
      await work();
      if (start >= from) times.push(performance.now() - start);
    }
  };
  await Promise.all(workers.map(loop));
  times.sort((a, b) => a - b);
  return {
    perSecond: (times.length * 1000) / durationMs,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

/** Sends it and reads the answer, which must have that status. */
export async function send(client: Client, status: number, request: BenchRequest): Promise<void> {
  const answer = await client.request(request);
  if (answer.statusCode !== status) {
    throw new Error(
      `${request.method} ${request.path}: expected ${status}, received ${answer.statusCode} ${await answer.body.text()}`,
    );
  }
  await answer.body.dump();
}

/** Of values in order. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
