import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { StreamEvent } from '#client/protocol.ts';
import { inProcessHintBus } from '#core/realtime/hint-bus.ts';
import { positionOf } from '#core/realtime/position.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import { startNode, write, type RealtimeNode } from '../support/realtime.ts';

const CHANNEL = 'documented';

interface DocumentedClient {
  connect(
    channels: readonly string[],
    handlers: {
      snapshot: (channel: string) => Promise<string>;
      apply: (event: StreamEvent) => void;
      ticket: () => Promise<string | undefined>;
    },
  ): void;
}

const bus = inProcessHintBus();
let db: TestDatabase;
let tenant: TestMerchant;
let node: RealtimeNode;

beforeAll(async () => {
  db = await testDatabase({ onCommit: bus.publish });
  tenant = await createMerchant(db.admin);
  node = await startNode({ database: db.database, tenant, bus });
});
afterAll(async () => {
  await node.close();
  await db.close();
  vi.unstubAllGlobals();
});

it('the client in docs/realtime.md follows a stream over a lost connection', async () => {
  const sockets: WebSocket[] = [];
  vi.stubGlobal('WebSocket', originSocket(node.origin, sockets));
  const { connect } = await documentedClient(node.url);
  const seen: unknown[] = [];
  let snapshots = 0;
  connect([CHANNEL], {
    snapshot: async () => {
      const cursor = await db.database.tenant(tenant).snapshot((tx) => positionOf(tx, CHANNEL));
      snapshots += 1;
      return cursor;
    },
    apply: ({ payload }) => seen.push(payload['n']),
    ticket: async () => undefined,
  });
  // What is written before the snapshot is in it, and is no event.
  await expect.poll(() => snapshots).toBe(1);
  await write(db.database, tenant, CHANNEL, [{ n: 1 }, { n: 2 }]);
  await expect.poll(() => seen).toEqual([1, 2]);
  for (const socket of node.sockets) socket.resetAndDestroy();
  await write(db.database, tenant, CHANNEL, [{ n: 3 }, { n: 4 }]);
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual([1, 2, 3, 4]);
  // The example never stops by itself; being told that it is wrong ends it.
  sockets.at(-1)?.send('nonsense');
  await expect.poll(() => node.gateway.connections).toBe(0);
});

async function documentedClient(url: string): Promise<DocumentedClient> {
  const page = await readFile(new URL('../../docs/realtime.md', import.meta.url), 'utf8');
  const code = /```js\n(.*?)```/s.exec(page)?.[1]?.replace('wss://shop.example/realtime', url);
  return import(`data:text/javascript,${encodeURIComponent(`${code}\nexport { connect };`)}`);
}

/** The platform's WebSocket, on a page of that origin. */
function originSocket(origin: string, sockets: WebSocket[]): unknown {
  const Platform = globalThis.WebSocket;
  return class extends Platform {
    constructor(url: string) {
      super(url, { headers: { origin } } as never);
      sockets.push(this);
    }
  };
}
