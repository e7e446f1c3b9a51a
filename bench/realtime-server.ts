import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from './program.ts';
import { serveBare } from './realtime-bare.ts';
import { serveStoreflow } from './realtime-storeflow.ts';

export type ServerRequests = {
  where: { ask: null; answer: { url: string; origin: string } };
  /** Sends so many events, paced or as fast as it can; answers how many seconds that took. */
  send: { ask: { events: number; channel: string; perSecond: number | null }; answer: number };
  /** Microseconds of CPU so far. */
  cpu: { ask: null; answer: number };
  /** Resident bytes after garbage collection. */
  memory: { ask: null; answer: number };
};

/** Sends one event to all sockets; resolves once it is on its way. */
export type SendEvent = (channel: string, payload: Record<string, unknown>) => Promise<void>;

/** Time for buffers of connections just opened to be given back. */
const SETTLE_MS = 1_500;
/** The next transaction begins while the last event is being sent, as with more than one person at work. */
const WRITERS = 2;
const PACED_WRITERS = 4;

const server = createServer();
const send = await (process.env['KIND'] === 'bare' ? serveBare(server) : serveStoreflow(server));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

answer<ServerRequests>({
  where: async () => addressOf(server),
  send: async ({ events, channel, perSecond }) => {
    const startedAt = performance.now();
    if (perSecond === null) await sendAtOnce(events, channel);
    else await sendPaced(events, channel, perSecond);
    return (performance.now() - startedAt) / 1000;
  },
  cpu: async () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: async () => {
    await sleep(SETTLE_MS);
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    return process.memoryUsage.rss();
  },
});

async function sendAtOnce(events: number, channel: string): Promise<void> {
  let left = events;
  const write = async () => {
    while (left-- > 0) await send(channel, payload());
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

/** Several write in turns, so that one slow commit delays none but its own. */
async function sendPaced(events: number, channel: string, perSecond: number): Promise<void> {
  const startedAt = performance.now();
  const write = async (first: number) => {
    for (let n = first; n < events; n += PACED_WRITERS) {
      await sleep(Math.max(0, startedAt + (n * 1000) / perSecond - performance.now()));
      await send(channel, payload());
    }
  };
  await Promise.all(Array.from({ length: PACED_WRITERS }, (_, first) => write(first)));
}

/** The size of an order's change of status; `at` is on the clock that all processes of the machine share. */
function payload(): Record<string, unknown> {
  return {
    at: Number(process.hrtime.bigint()) / 1e6,
    order_number: '#1042',
    status: 'in_progress',
    fulfilment_type: 'pickup',
    items: 3,
    total_cents: 4250,
    currency: 'AUD',
  };
}

function addressOf(listening: Server): { url: string; origin: string } {
  const { port } = listening.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/realtime`, origin: `http://127.0.0.1:${port}` };
}
