import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventMessage } from '#client/protocol.ts';
import { ChannelCache } from '#core/cache/channel-cache.ts';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import type { RecordedEvent } from '#core/events/event.ts';
import { record } from '#core/events/record.ts';
import { inProcessHintBus, type HintBus } from '#core/realtime/hint-bus.ts';
import { Hub } from '#core/realtime/hub.ts';
import { positionOf } from '#core/realtime/position.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import {
  connect,
  startNode,
  write,
  anEvent,
  type RawClient,
  type RealtimeNode,
} from '../support/realtime.ts';

/** What the bus makes of the hints of one transaction. */
type Distortion = (events: readonly RecordedEvent[]) => readonly RecordedEvent[];

let distort: Distortion = (events) => events;
let db: TestDatabase;
let tenant: TestMerchant;
let node: RealtimeNode;
let channel = '';
let channels = 0;

beforeAll(async () => {
  const bus = inProcessHintBus();
  const distorted: HintBus = { ...bus, publish: (events) => bus.publish(distort(events)) };
  db = await testDatabase({ onCommit: distorted.publish });
  tenant = await createMerchant(db.admin);
  node = await startNode({ database: db.database, tenant, bus });
});
beforeEach(() => {
  channel = `stream.${++channels}`;
  distort = (events) => events;
});
afterAll(async () => {
  await node.close();
  await db.close();
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ n: index + 1 }));
const writeNumbers = (count: number) => write(db.database, tenant, channel, numbers(count));

async function subscribe(): Promise<RawClient> {
  const client = await connect(node);
  await client.next('welcome');
  client.say({ type: 'subscribe', channel });
  await client.next('subscribed');
  return client;
}

const seqs = (client: RawClient) =>
  client.heard.filter((message): message is EventMessage => message.type === 'event').map(({ seq }) => seq);
const away = () => Promise.reject(new Error('the database is away'));
const oneTo = (count: number) => numbers(count).map(({ n }) => n);

describe('an event whose hint', () => {
  it('was lost arrives all the same', async () => {
    const client = await subscribe();
    distort = () => [];
    await writeNumbers(3);
    await expect.poll(() => seqs(client), { timeout: 5_000 }).toEqual([1, 2, 3]);
  });

  it('was the first of its channel and was lost arrives all the same', async () => {
    const client = await subscribe();
    distort = () => [];
    await writeNumbers(1);
    await expect.poll(() => seqs(client), { timeout: 5_000 }).toEqual([1]);
  });

  it('comes repeatedly is sent once', async () => {
    const client = await subscribe();
    distort = (events) => [...events, ...events, ...events];
    await writeNumbers(10);
    await expect.poll(() => seqs(client).length).toBeGreaterThanOrEqual(10);
    expect(seqs(client)).toEqual(oneTo(10));
  });

  it('comes before that of an earlier one is sent after it', async () => {
    const client = await subscribe();
    distort = (events) => events.toReversed();
    for (let n = 0; n < 10; n++) {
      const three = Array.from({ length: 3 }, () => anEvent([channel], { n }));
      await db.database.tenant(tenant).write((tx) => record(tx, ...three));
    }
    await expect.poll(() => seqs(client).length, { timeout: 5_000 }).toBeGreaterThanOrEqual(30);
    expect(seqs(client)).toEqual(oneTo(30));
  });

  it('comes late, after the event was read from the table, is not sent again', async () => {
    const client = await subscribe();
    const late: RecordedEvent[] = [];
    distort = (events) => {
      late.push(...events);
      return [];
    };
    await writeNumbers(3);
    await expect.poll(() => seqs(client), { timeout: 5_000 }).toEqual([1, 2, 3]);
    node.bus.publish(late);
    distort = (events) => events;
    await writeNumbers(1);
    await expect.poll(() => seqs(client)).toEqual([1, 2, 3, 4]);
  });

  it('names another merchant’s channel of the same name reaches nobody here', async () => {
    const client = await subscribe();
    const foreigner = await createMerchant(db.admin);
    await write(db.database, foreigner, channel, [{ secret: 'of another merchant' }]);
    await writeNumbers(1);
    await expect.poll(() => seqs(client)).toEqual([1]);
    expect(JSON.stringify(client.heard)).not.toContain('secret');
  });
});

describe('a feed', () => {
  it('whose first read failed is opened all the same', async () => {
    let failures = 1;
    const failingOnce = {
      system: db.database.system,
      tenant: <Scope extends Tenant>(scope: Scope): TenantDb<Scope> => {
        const real = db.database.tenant(scope);
        return { ...real, read: (work) => (failures-- > 0 ? away() : real.read(work)) };
      },
    };
    const hub = new Hub({ database: failingOnce, bus: inProcessHintBus(), onError: () => undefined });
    const delivered: number[] = [];
    const feed = hub.feed(tenant, channel);
    feed.subscribers.add({ deliver: ({ seq }) => delivered.push(seq), reset: () => undefined });
    await expect(feed.sync()).rejects.toThrow('the database is away');
    await expect.poll(() => feed.position, { timeout: 5_000 }).not.toBeNull();
    await writeNumbers(1);
    await expect.poll(() => delivered, { timeout: 5_000 }).toEqual([1]);
    hub.close();
  });
});

describe('what is kept until its channel speaks', () => {
  it('is made anew when an event came while the channel could not be read', async () => {
    let isAway = true;
    const sometimesAway = {
      system: db.database.system,
      tenant: <Scope extends Tenant>(scope: Scope): TenantDb<Scope> => {
        const real = db.database.tenant(scope);
        return { ...real, read: (work) => (isAway ? away() : real.read(work)) };
      },
    };
    const hub = new Hub({ database: sometimesAway, bus: inProcessHintBus(), onError: () => undefined });
    let state = 'before';
    const shelf = new ChannelCache(hub).of(tenant, channel);
    const shown = () => shelf.get('state', async () => state);
    await shown();
    await expect(hub.feed(tenant, channel).sync()).rejects.toThrow('the database is away');
    expect(await shown()).toBe('before');
    state = 'after';
    await writeNumbers(1);
    isAway = false;
    await expect.poll(shown, { timeout: 5_000 }).toBe('after');
    hub.close();
  });
});

describe('a cursor', () => {
  it('from beyond what the node has heard of is honoured: it asks the database before it says reset', async () => {
    const first = await subscribe();
    distort = () => [];
    await writeNumbers(3);
    const cursor = await db.database.tenant(tenant).snapshot((tx) => positionOf(tx, channel));
    const second = await connect(node);
    await second.next('welcome');
    second.say({ type: 'subscribe', channel, cursor });
    expect((await second.next('subscribed')).cursor).toBe(cursor);
    await expect.poll(() => seqs(first)).toEqual([1, 2, 3]);
    expect(seqs(second)).toEqual([]);
  });
});

describe('subscribers are reset', () => {
  it('when the numbering of their channel starts anew', async () => {
    await writeNumbers(2);
    const client = await subscribe();
    await db.admin`UPDATE stream_heads SET epoch = gen_random_uuid() WHERE channel = ${channel}`;
    expect((await client.next('reset')).channel).toBe(channel);
  });

  it('when a hint is of another numbering', async () => {
    await writeNumbers(2);
    const client = await subscribe();
    await db.admin`UPDATE stream_heads SET epoch = gen_random_uuid() WHERE channel = ${channel}`;
    await writeNumbers(1);
    await client.next('reset');
    expect(seqs(client)).toEqual([]);
  });

  it('when the database has gone back to an earlier state', async () => {
    await writeNumbers(5);
    const client = await subscribe();
    await db.admin`UPDATE stream_heads SET last_seq = 3 WHERE channel = ${channel}`;
    await client.next('reset');
  });

  it('when what they have not got yet was pruned', async () => {
    const client = await subscribe();
    distort = () => [];
    await db.admin.begin(async (sql) => {
      await sql`INSERT INTO stream_heads (merchant_id, channel, last_seq) VALUES (${tenant.merchantId}, ${channel}, 3)`;
    });
    await client.next('reset');
  });

  it('when the history of the database changes, as after the promotion of a standby', async () => {
    await writeNumbers(2);
    const client = await subscribe();
    await db.admin.unsafe(
      `CREATE OR REPLACE FUNCTION database_timeline() RETURNS text LANGUAGE sql AS $$ SELECT '00000002' $$`,
    );
    await client.next('reset');
    client.say({ type: 'subscribe', channel });
    await client.next('subscribed');
    await writeNumbers(1);
    expect((await client.next('event')).seq).toBe(3);
  });
});

describe('a node that cannot reach the database', () => {
  it('ends its sockets with 4010 instead of pretending to be fresh, and serves again once it can', async () => {
    await writeNumbers(1);
    const client = await subscribe();
    const restore = await db.cutOff();
    expect(await client.closed).toBe(4010);
    await restore();
    await expect
      .poll(async () => (await subscribe().catch(() => null)) !== null, { timeout: 10_000 })
      .toBe(true);
  });
});
