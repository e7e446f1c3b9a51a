import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventMessage } from '#client/protocol.ts';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import { inProcessHintBus } from '#core/realtime/hint-bus.ts';
import { cursorOf, parseCursor } from '#core/realtime/cursor.ts';
import { pollChannel } from '#core/realtime/poll.ts';
import { positionOf } from '#core/realtime/position.ts';
import { REPLAY_PAGE_EVENTS } from '#core/realtime/replay.ts';
import { record } from '#core/events/record.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import {
  anEvent,
  connect,
  startNode,
  write,
  type RawClient,
  type RealtimeNode,
} from '../support/realtime.ts';

const bus = inProcessHintBus();
let db: TestDatabase;
let tenant: TestMerchant;
let node: RealtimeNode;
let channel = '';
let channels = 0;

beforeAll(async () => {
  db = await testDatabase({ onCommit: bus.publish });
  tenant = await createMerchant(db.admin);
  node = await startNode({ database: db.database, tenant, bus });
});
beforeEach(() => {
  channel = `stream.${++channels}`;
});
afterAll(async () => {
  await node.close();
  await db.close();
  expect(node.errors).toEqual([]);
});

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ n: from + index }));
const writeNumbers = (from: number, to: number) => write(db.database, tenant, channel, numbers(from, to));
const position = () => db.database.tenant(tenant).snapshot((tx) => positionOf(tx, channel));
const poll = (cursor: string) => pollChannel({ db: db.database.tenant(tenant), channel, cursor });
const moved = (cursor: string, change: object) => cursorOf({ ...parseCursor(cursor)!, ...change });

async function subscribe(cursor?: string): Promise<RawClient> {
  const client = await connect(node);
  await client.next('welcome');
  client.say({ type: 'subscribe', channel, ...(cursor !== undefined && { cursor }) });
  return client;
}

const events = (client: RawClient) =>
  client.heard.filter((message): message is EventMessage => message.type === 'event');
const numbersOf = (messages: readonly EventMessage[]) => messages.map(({ event }) => event.payload['n']);

describe('a subscriber', () => {
  it('gets each event once, in order, with its position', async () => {
    const client = await subscribe();
    await client.next('subscribed');
    await writeNumbers(1, 20);
    await expect.poll(() => events(client).length).toBe(20);
    expect(numbersOf(events(client))).toEqual(numbers(1, 20).map(({ n }) => n));
    expect(events(client).map(({ seq }) => seq)).toEqual(numbers(1, 20).map(({ n }) => n));
  });

  it('that was away gets exactly what it missed, then is told that it is current', async () => {
    await writeNumbers(1, 3);
    const cursor = await position();
    await writeNumbers(4, 9);
    const client = await subscribe(cursor);
    const { cursor: reached } = await client.next('subscribed');
    expect(numbersOf(events(client))).toEqual([4, 5, 6, 7, 8, 9]);
    expect(client.heard.at(-1)?.type).toBe('subscribed');
    expect(reached).toBe(await position());
  });

  it('can go on from the cursor of any event', async () => {
    await writeNumbers(1, 5);
    const first = await subscribe(await moved(await position(), { seq: 0 }));
    await first.next('subscribed');
    for (const { cursor, seq } of events(first)) {
      const again = await subscribe(cursor);
      await again.next('subscribed');
      expect(numbersOf(events(again))).toEqual(numbers(seq + 1, 5).map(({ n }) => n));
    }
  });

  it('that was away for several pages gets all of them', async () => {
    const cursor = await position();
    const count = REPLAY_PAGE_EVENTS * 2 + 7;
    await db.database
      .tenant(tenant)
      .write((tx) => record(tx, ...numbers(1, count).map((payload) => anEvent([channel], payload))));
    const client = await subscribe(cursor);
    await client.next('subscribed');
    expect(events(client).map(({ seq }) => seq)).toEqual(numbers(1, count).map(({ n }) => n));
  });

  it('misses nothing that is committed while it catches up', async () => {
    await writeNumbers(1, 50);
    const cursor = moved(await position(), { seq: 0 });
    const writing = writeNumbers(51, 150);
    const clients = await Promise.all(Array.from({ length: 10 }, () => subscribe(cursor)));
    await writing;
    for (const client of clients) {
      await expect.poll(() => events(client).length).toBe(150);
      expect(numbersOf(events(client))).toEqual(numbers(1, 150).map(({ n }) => n));
    }
  });

  it.each([
    [1, 'the head'],
    [2, 'what it missed'],
  ])('misses nothing that is committed right after read %i, of %s', async (nth) => {
    const start = await position();
    await writeNumbers(1, 2);
    let reads = 0;
    const racing = await startNode({
      database: { system: db.database.system, tenant: (scope) => afterEachRead(db.database.tenant(scope)) },
      tenant,
      bus,
    });
    const client = await connect(racing);
    await client.next('welcome');
    client.say({ type: 'subscribe', channel, cursor: start });
    await client.next('subscribed');
    await writeNumbers(4, 4);
    await expect.poll(() => numbersOf(events(client))).toEqual([1, 2, 3, 4]);
    await racing.close();

    function afterEachRead<Scope extends Tenant>(real: TenantDb<Scope>): TenantDb<Scope> {
      const read: typeof real.read = async (work) => {
        const result = await real.read(work);
        if (++reads === nth) await writeNumbers(3, 3);
        return result;
      };
      return { ...real, read };
    }
  });

  it('without a cursor hears only what happens from then on', async () => {
    await writeNumbers(1, 3);
    const client = await subscribe();
    await client.next('subscribed');
    await writeNumbers(4, 4);
    expect((await client.next('event')).event.payload).toEqual({ n: 4 });
    expect(events(client)).toHaveLength(1);
  });

  it('that took its snapshot before the first event of the channel gets the first event', async () => {
    const cursor = await position();
    await writeNumbers(1, 2);
    const client = await subscribe(cursor);
    await client.next('subscribed');
    expect(numbersOf(events(client))).toEqual([1, 2]);
  });

  it('of a channel without events is current at once, and hears the first one', async () => {
    const client = await subscribe(await position());
    await client.next('subscribed');
    await writeNumbers(1, 1);
    expect((await client.next('event')).seq).toBe(1);
  });

  it('of several channels gets each at its own position', async () => {
    const other = `${channel}.other`;
    await writeNumbers(1, 2);
    const client = await subscribe(moved(await position(), { seq: 0 }));
    client.say({ type: 'subscribe', channel: other });
    await client.next('subscribed');
    await client.next('subscribed');
    await write(db.database, tenant, other, [{ n: 'other' }]);
    await expect.poll(() => events(client).length).toBe(3);
    expect(events(client).map((message) => [message.channel, message.seq])).toEqual([
      [channel, 1],
      [channel, 2],
      [other, 1],
    ]);
  });

  it('that has unsubscribed hears nothing more', async () => {
    const client = await subscribe();
    await client.next('subscribed');
    client.say({ type: 'unsubscribe', channel });
    client.say({ type: 'ping' });
    await client.next('pong');
    await writeNumbers(1, 3);
    client.say({ type: 'subscribe', channel });
    await client.next('subscribed');
    expect(events(client)).toEqual([]);
  });
});

describe('a position that cannot be honoured', () => {
  /** Each case: what is wrong with it, and how such a cursor comes about. */
  const cases: readonly (readonly [string, (cursor: string) => string | Promise<string>])[] = [
    ['garbage', () => 'garbage'],
    ['empty', () => ''],
    ['of another numbering', (cursor) => moved(cursor, { epoch: crypto.randomUUID() })],
    ['of another history of the database', (cursor) => moved(cursor, { timeline: '0000ABCD' })],
    ['beyond the end', (cursor) => moved(cursor, { seq: 99 })],
    ['of another channel', foreignCursor],
    ['older than the log', prunedCursor],
    ['older than a hole in the log', cursorBeforeAHole],
  ];

  it.each(cases)('because it is %s gets reset, and no event at all', async (_, cursorFor) => {
    await writeNumbers(1, 5);
    const cursor = await cursorFor(await position());
    const client = await subscribe(cursor);
    expect((await client.next('reset')).channel).toBe(channel);
    expect(events(client)).toEqual([]);
    expect(await poll(cursor)).toEqual({ reset: true });
  });

  it('leads back through a snapshot: its cursor is honoured', async () => {
    await writeNumbers(1, 5);
    const client = await subscribe('garbage');
    await client.next('reset');
    client.say({ type: 'subscribe', channel, cursor: await position() });
    await client.next('subscribed');
    await writeNumbers(6, 6);
    expect((await client.next('event')).seq).toBe(6);
  });
});

describe('a snapshot', () => {
  it('and its position are of one moment, whatever commits in between', async () => {
    await writeNumbers(1, 2);
    const seen = await db.database.tenant(tenant).snapshot(async (tx) => {
      const cursor = await positionOf(tx, channel);
      await writeNumbers(3, 4);
      const [row] = await tx.sql<{ count: number }[]>`
        SELECT count(*)::int AS count FROM stream_events WHERE channel = ${channel}`;
      return { cursor, count: row?.count };
    });
    expect(parseCursor(seen.cursor)?.seq).toBe(2);
    expect(seen.count).toBe(2);
  });
});

describe('polling', () => {
  it('answers the same events as the socket, and where to go on', async () => {
    await writeNumbers(1, 4);
    const start = moved(await position(), { seq: 1 });
    const client = await subscribe(start);
    await client.next('subscribed');
    expect(await poll(start)).toEqual({ events: events(client), cursor: await position() });
  });

  it('answers nothing new with the same place', async () => {
    await writeNumbers(1, 1);
    const cursor = await position();
    expect(await poll(cursor)).toEqual({ events: [], cursor });
  });

  it('answers a long absence in pages', async () => {
    const start = await position();
    const count = REPLAY_PAGE_EVENTS + 3;
    await db.database
      .tenant(tenant)
      .write((tx) => record(tx, ...numbers(1, count).map((payload) => anEvent([channel], payload))));
    const first = await poll(start);
    if ('reset' in first) throw new Error('expected events, received reset');
    const second = await poll(first.cursor);
    if ('reset' in second) throw new Error('expected events, received reset');
    expect([first.events.length, second.events.length]).toEqual([REPLAY_PAGE_EVENTS, 3]);
    expect(second.cursor).toBe(await position());
  });
});

async function foreignCursor(): Promise<string> {
  const foreigner = await createMerchant(db.admin);
  await write(db.database, foreigner, channel, numbers(1, 3));
  return db.database.tenant(foreigner).snapshot((tx) => positionOf(tx, channel));
}

async function prunedCursor(cursor: string): Promise<string> {
  await db.admin`DELETE FROM stream_events WHERE channel = ${channel} AND seq <= 3`;
  return moved(cursor, { seq: 2 });
}

async function cursorBeforeAHole(cursor: string): Promise<string> {
  await db.admin`DELETE FROM stream_events WHERE channel = ${channel} AND seq = 4`;
  return moved(cursor, { seq: 2 });
}
