import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StreamEvent } from '#client/protocol.ts';
import { createRealtimeClient, type RealtimeClient } from '#client/realtime-client.ts';
import type { TenantDb } from '#core/db/tenant.ts';
import type { RecordedEvent } from '#core/events/event.ts';
import { record } from '#core/events/record.ts';
import { inProcessHintBus, type HintBus } from '#core/realtime/hint-bus.ts';
import { pollChannel } from '#core/realtime/poll.ts';
import { positionOf } from '#core/realtime/position.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import { anEvent, startNode, type RealtimeNode } from '../support/realtime.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const CLIENTS = 6;
const RUNS = 12;

const bus = inProcessHintBus();
let deliverHints = (events: readonly RecordedEvent[]) => bus.publish(events);
let db: TestDatabase;
let tenant: TestMerchant;
let tenantDb: TenantDb;
let nodes: RealtimeNode[] = [];
let proxy: TcpProxy;
let Socket: new (url: string) => WebSocket;

beforeAll(async () => {
  db = await testDatabase({ onCommit: (events) => deliverHints(events) });
  tenant = await createMerchant(db.admin);
  tenantDb = db.database.tenant(tenant);
  const shared: HintBus = { ...bus, close: () => undefined };
  const options = { database: db.database, tenant, bus: shared, allowedOrigins: ['http://shop.example'] };
  nodes = [await startNode(options), await startNode(options)];
  proxy = await startTcpProxy(nodes.map(({ origin }) => Number(new URL(origin).port)));
  Socket = class extends globalThis.WebSocket {
    constructor(url: string) {
      super(url, { headers: { origin: 'http://shop.example' } } as never);
    }
  };
});
afterAll(async () => {
  await proxy.close();
  for (const node of nodes) await node.close();
  await db.close();
});

/** One screen: what it shows, and how it came to show it. */
interface Screen {
  readonly client: RealtimeClient;
  shown: Map<string, unknown>;
  /** Which positions were applied since the last snapshot. */
  applied: number[];
  resets: number;
}

/** The truth is the address of the store, line by line; each change is one transaction with its event. */
const LINES = ['line1', 'city', 'state', 'postcode'] as const;

async function change(channel: string, pick: number, value: string): Promise<void> {
  const line = LINES[Math.floor(pick * LINES.length)] ?? 'line1';
  await tenantDb.write(async (tx) => {
    await tx.sql`UPDATE stores SET ${tx.sql({ [line]: value })} WHERE id = ${tenant.storeId}`;
    record(tx, anEvent([channel], { line, value }));
  });
}

async function truth(): Promise<Map<string, unknown>> {
  const [row] = await db.admin<Record<string, unknown>[]>`
    SELECT line1, city, state, postcode FROM stores WHERE id = ${tenant.storeId}`;
  return new Map(Object.entries(row ?? {}));
}

async function openScreen(channel: string): Promise<Screen> {
  const snapshot = () =>
    tenantDb.snapshot(async (tx) => {
      const cursor = await positionOf(tx, channel);
      const [row] = await tx.sql<Record<string, unknown>[]>`
        SELECT line1, city, state, postcode FROM stores WHERE id = ${tenant.storeId}`;
      return { cursor, shown: new Map(Object.entries(row ?? {})) };
    });
  const { cursor, shown } = await snapshot();
  const client = createRealtimeClient({
    url: `ws://127.0.0.1:${proxy.port}/realtime`,
    WebSocket: Socket,
    fetchEvents: (name, at) => pollChannel({ db: tenantDb, channel: name, cursor: at }),
  });
  const screen: Screen = { client, shown, applied: [], resets: 0 };
  client.subscribe(channel, {
    cursor,
    onEvent: ({ payload }: StreamEvent<'ThingChanged', { line: string; value: string; n: number }>) => {
      screen.shown.set(payload.line, payload.value);
      screen.applied.push(Number(payload.value));
    },
    onReset: async () => {
      const fresh = await snapshot();
      screen.shown = fresh.shown;
      screen.applied = [];
      screen.resets += 1;
      return fresh.cursor;
    },
  });
  return screen;
}

/** What may happen, in any order and any number; `pick` chooses among what there is at that moment. */
const happening = fc.record({
  what: fc.constantFrom(
    ...(['change', 'change', 'change', 'change', 'cut one', 'cut one', 'cut all', 'lose hints'] as const),
    ...(['shuffle hints', 'repeat hints', 'heal hints', 'outage', 'prune', 'open a screen', 'wait'] as const),
  ),
  pick: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

it('every screen shows what the database holds, whatever is cut, lost, shuffled, repeated or pruned meanwhile', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 20, maxLength: 60 }), async (happenings) => {
      const channel = `run.${++runs}`;
      const screens = await Promise.all(Array.from({ length: CLIENTS }, () => openScreen(channel)));
      try {
        let changes = 0;
        for (const event of happenings) {
          await happen(event, { channel, screens, value: () => String(++changes) });
        }
        proxy.setDown(false);
        await change(channel, 0, String(++changes));
        await converged(screens);
      } finally {
        for (const { client } of screens) client.close();
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 300_000);

interface World {
  readonly channel: string;
  readonly screens: Screen[];
  readonly value: () => string;
}

async function happen({ what, pick }: Happening, { channel, screens, value }: World): Promise<void> {
  switch (what) {
    case 'change':
      return change(channel, pick, value());
    case 'cut one':
      return proxy.cutOne(pick);
    case 'cut all':
      return proxy.cutAll();
    case 'lose hints':
      deliverHints = () => undefined;
      return;
    case 'shuffle hints':
      deliverHints = (events) => void setTimeout(() => bus.publish(events), Math.random() * 30);
      return;
    case 'repeat hints':
      deliverHints = (events) => [1, 2, 3].forEach(() => bus.publish(events));
      return;
    case 'heal hints':
      deliverHints = (events) => bus.publish(events);
      return;
    case 'outage':
      return proxy.setDown(pick < 0.5);
    case 'prune':
      await db.admin`DELETE FROM stream_events AS event USING stream_heads AS head
        WHERE event.channel = ${channel} AND head.channel = event.channel AND event.seq < head.last_seq - 3`;
      return;
    case 'open a screen':
      screens.push(await openScreen(channel));
      return;
    case 'wait':
      await new Promise((resolve) => setTimeout(resolve, pick * 50));
  }
}

async function converged(screens: readonly Screen[]): Promise<void> {
  const expected = await truth();
  for (const screen of screens) {
    await expect.poll(() => screen.shown, { timeout: 20_000 }).toEqual(expected);
    // Between snapshots nothing was skipped, repeated or reordered: the values are those of consecutive changes.
    const [first = 0] = screen.applied;
    expect(screen.applied).toEqual(screen.applied.map((_, index) => first + index));
  }
}
