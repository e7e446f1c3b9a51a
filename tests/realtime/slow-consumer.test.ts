import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventMessage } from '#client/protocol.ts';
import { inProcessHintBus } from '#core/realtime/hint-bus.ts';
import type { RealtimeLimits } from '#core/realtime/limits.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import { connect, startNode, write, type RawClient, type RealtimeNode } from '../support/realtime.ts';

const EVENT_BYTES = 64 * 1024;
/** More than the socket buffers of both ends hold. */
const EVENTS_TO_FALL_BEHIND = 200;

const bus = inProcessHintBus();
const nodes: RealtimeNode[] = [];
let db: TestDatabase;
let tenant: TestMerchant;
let channel = '';

beforeEach(() => {
  channel = `stream.${crypto.randomUUID()}`;
});
beforeAll(async () => {
  db = await testDatabase({ onCommit: bus.publish });
  tenant = await createMerchant(db.admin);
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
});
afterAll(() => db.close());

async function start(limits: Partial<RealtimeLimits>): Promise<RealtimeNode> {
  const node = await startNode({ database: db.database, tenant, bus, limits });
  nodes.push(node);
  return node;
}

async function subscribe(node: RealtimeNode): Promise<RawClient> {
  const client = await connect(node);
  await client.next('welcome');
  client.say({ type: 'subscribe', channel });
  await client.next('subscribed');
  return client;
}

const writeLarge = (count: number) =>
  write(
    db.database,
    tenant,
    channel,
    Array.from({ length: count }, () => ({ text: 'x'.repeat(EVENT_BYTES) })),
  );
const seqs = (client: RawClient) =>
  client.heard.filter((message): message is EventMessage => message.type === 'event').map(({ seq }) => seq);
const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a client that does not read', () => {
  it('is paused while others hear everything, and gets the rest in order once it reads again', async () => {
    const node = await start({
      slowAfterMs: 60_000,
      closeTimeoutMs: 50,
      slowAtBytes: Number.MAX_SAFE_INTEGER,
    });
    const slow = await subscribe(node);
    const quick = await subscribe(node);
    slow.socket.pause();
    await writeLarge(EVENTS_TO_FALL_BEHIND);
    await expect.poll(() => seqs(quick).length).toBe(EVENTS_TO_FALL_BEHIND);
    expect(seqs(slow).length).toBeLessThan(EVENTS_TO_FALL_BEHIND);
    slow.socket.resume();
    await expect.poll(() => seqs(slow).length, { timeout: 10_000 }).toBe(EVENTS_TO_FALL_BEHIND);
    expect(seqs(slow)).toEqual(oneTo(EVENTS_TO_FALL_BEHIND));
    await writeLarge(1);
    await expect.poll(() => seqs(slow).length).toBe(EVENTS_TO_FALL_BEHIND + 1);
  });

  it('is closed with 4008 when it has not read for too long, and can resume on another node', async () => {
    const node = await start({ slowAfterMs: 50, sweepIntervalMs: 10, closeTimeoutMs: 60_000 });
    const slow = await subscribe(node);
    const quick = await subscribe(node);
    slow.socket.pause();
    await writeLarge(EVENTS_TO_FALL_BEHIND);
    await expect.poll(() => seqs(quick).length).toBe(EVENTS_TO_FALL_BEHIND);
    slow.socket.resume();
    expect(await slow.closed).toBe(4008);
    const again = await connect(await start({ slowAfterMs: 60_000 }));
    await again.next('welcome');
    const last = slow.heard.findLast((message): message is EventMessage => message.type === 'event');
    again.say({ type: 'subscribe', channel, cursor: last?.cursor ?? '' });
    await again.next('subscribed');
    expect([...seqs(slow), ...seqs(again)]).toEqual(oneTo(EVENTS_TO_FALL_BEHIND));
  });

  it('does not make the node hold more than its limit for it', async () => {
    const node = await start({ slowAfterMs: 60_000, closeTimeoutMs: 50 });
    const slow = await subscribe(node);
    slow.socket.pause();
    await writeLarge(EVENTS_TO_FALL_BEHIND);
    const held = Array.from(node.sockets, (socket) => socket.writableLength);
    expect(held).toHaveLength(1);
    expect(held[0]).toBeGreaterThan(256 * 1024);
    expect(held[0]).toBeLessThan(256 * 1024 + 2 * EVENT_BYTES);
  });

  it('is cut off when it does not even read the goodbye', async () => {
    const node = await start({ slowAfterMs: 50, sweepIntervalMs: 10, closeTimeoutMs: 50 });
    const slow = await subscribe(node);
    slow.socket.pause();
    await writeLarge(EVENTS_TO_FALL_BEHIND);
    await expect.poll(() => node.gateway.connections).toBe(0);
  });
});
