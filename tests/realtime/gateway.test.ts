import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { RealtimeLimits } from '#core/realtime/limits.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import { connect, startNode, upgradeStatus, type RealtimeNode } from '../support/realtime.ts';

const nodes: RealtimeNode[] = [];
let db: TestDatabase;
let tenant: TestMerchant;

beforeAll(async () => {
  db = await testDatabase();
  tenant = await createMerchant(db.admin);
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
});
afterAll(() => db.close());

async function start(limits: Partial<RealtimeLimits> = {}): Promise<RealtimeNode> {
  const node = await startNode({ database: db.database, tenant, limits });
  nodes.push(node);
  return node;
}

describe('a client that does not keep to the protocol', () => {
  const wrong: readonly (readonly [string, readonly (string | Buffer)[]])[] = [
    ['no JSON', ['{"type":']],
    ['no object', ['null']],
    ['an unknown type', ['{"type":"shout"}']],
    ['an unknown field', ['{"type":"hello","name":"x"}']],
    ['a channel that is no name', ['{"type":"hello"}', '{"type":"subscribe","channel":"a b"}']],
    ['a cursor that is no text', ['{"type":"hello"}', '{"type":"subscribe","channel":"a","cursor":1}']],
    ['something before hello', ['{"type":"subscribe","channel":"public.a"}']],
    ['hello twice', ['{"type":"hello"}', '{"type":"hello"}']],
    ['a binary frame', [Buffer.from('{"type":"hello"}')]],
  ];

  it.each(wrong)('by sending %s is told so and closed with 4400', async (_, frames) => {
    const client = await connect(await start(), null);
    for (const frame of frames) {
      client.socket.send(frame);
      if (frame === '{"type":"hello"}' && frame !== frames.at(-1)) await client.next('welcome');
    }
    expect((await client.next('error')).code).toBe('MALFORMED');
    expect(await client.closed).toBe(4400);
  });

  it('by sending more than a frame may hold is closed with 1009', async () => {
    const client = await connect(await start(), null);
    client.socket.send('x'.repeat(16 * 1024 + 1));
    expect(await client.closed).toBe(1009);
  });

  it('by sending too many messages is closed with 4029', async () => {
    const client = await connect(await start());
    await client.next('welcome');
    for (let n = 0; n < 60; n++) client.say({ type: 'ping' });
    expect(await client.closed).toBe(4029);
  });

  it('by pinging too much on the level of the WebSocket protocol is closed with 4029', async () => {
    const client = await connect(await start(), null);
    for (let n = 0; n <= 60; n++) client.socket.ping();
    expect(await client.closed).toBe(4029);
  });

  it('by asking for too many channels is refused those beyond the limit', async () => {
    const client = await connect(await start({ channelsPerSocketMax: 2 }));
    await client.next('welcome');
    for (const channel of ['public.a', 'public.b', 'public.c']) client.say({ type: 'subscribe', channel });
    expect(await client.next('refused')).toEqual({
      type: 'refused',
      channel: 'public.c',
      code: 'TOO_MANY_CHANNELS',
    });
    await client.next('subscribed');
    await client.next('subscribed');
    client.say({ type: 'unsubscribe', channel: 'public.a' });
    client.say({ type: 'subscribe', channel: 'public.c' });
    expect((await client.next('subscribed')).channel).toBe('public.c');
  });
});

describe('a quiet connection', () => {
  it('is pinged, and kept as long as it answers', async () => {
    const node = await start({ pingIntervalMs: 20, silenceMaxMs: 500, sweepIntervalMs: 10 });
    const client = await connect(node);
    expect((await client.next('welcome')).ping_interval_ms).toBe(20);
    for (let n = 0; n < 5; n++) {
      await client.next('ping');
      client.say({ type: 'pong' });
    }
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('that does not answer is closed with 4009', async () => {
    const node = await start({ pingIntervalMs: 20, silenceMaxMs: 60, sweepIntervalMs: 10 });
    expect(await (await connect(node)).closed).toBe(4009);
  });

  it('gets its own pings answered', async () => {
    const client = await connect(await start());
    await client.next('welcome');
    client.say({ type: 'ping' });
    await client.next('pong');
  });
});

describe('a server that stops', () => {
  it('asks its clients to move, takes no new ones, and ends those that stay', async () => {
    const node = await start();
    const mover = await connect(node);
    const stayer = await connect(node);
    await Promise.all([mover.next('welcome'), stayer.next('welcome')]);
    const closed = node.gateway.close({ spreadMs: 300 });
    expect((await mover.next('drain')).spread_ms).toBe(300);
    expect(await upgradeStatus(node, { origin: node.origin })).toBe(503);
    mover.socket.close();
    expect(await stayer.closed).toBe(1001);
    await closed;
    expect(node.gateway.connections).toBe(0);
  });

  it('does not wait when everybody has left', async () => {
    const node = await start();
    const client = await connect(node);
    await client.next('welcome');
    const closed = node.gateway.close({ spreadMs: 1_000_000 });
    client.socket.close();
    await closed;
  });
});
