import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inProcessHintBus } from '#core/realtime/hint-bus.ts';
import { positionOf } from '#core/realtime/position.ts';
import type { Principal } from '#core/realtime/principal.ts';
import { issueTicket, redeemTicket } from '#core/realtime/tickets.ts';
import { createMerchant, testDatabase, type TestDatabase, type TestMerchant } from '../support/database.ts';
import {
  connect,
  startNode,
  upgradeStatus,
  write,
  type NodeOptions,
  type RealtimeNode,
} from '../support/realtime.ts';

const bus = inProcessHintBus();
const nodes: RealtimeNode[] = [];
let db: TestDatabase;
let owner: TestMerchant;
let stranger: TestMerchant;

beforeAll(async () => {
  db = await testDatabase({ onCommit: bus.publish });
  owner = await createMerchant(db.admin);
  stranger = await createMerchant(db.admin);
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close();
});
afterAll(() => db.close());

/** Staff may hear the channels that begin with their merchant's id; whoever has no ticket, those that begin with `public`. */
async function start(options: Partial<NodeOptions> = {}): Promise<RealtimeNode> {
  const node = await startNode({
    database: db.database,
    tenant: owner,
    bus,
    authenticate: async (ticket) => (ticket === null ? { kind: 'anonymous' } : staffOf(ticket)),
    authorise: async (principal, channel) => {
      if (channel.startsWith('public.')) return owner;
      if (principal.kind !== 'staff' || !channel.startsWith(`${principal.merchantId}.`)) return null;
      return { merchantId: principal.merchantId, storeId: null };
    },
    ...options,
  });
  nodes.push(node);
  return node;
}

async function staffOf(ticket: string): Promise<Principal | null> {
  const session = await redeemTicket(db.database.directory, ticket);
  if (!session) return null;
  const { staffId } = session.merchantId === owner.merchantId ? owner : stranger;
  return { ...session, kind: 'staff', staffId };
}

const ticketOf = (merchant: TestMerchant) =>
  issueTicket(db.database.directory, { kind: 'staff', ...merchant });

async function signedIn(node: RealtimeNode, merchant: TestMerchant) {
  const client = await connect(node, { ticket: await ticketOf(merchant) });
  await client.next('welcome');
  return client;
}

describe('the upgrade', () => {
  it('is for pages of the same host', async () => {
    const node = await start();
    expect(await upgradeStatus(node, { origin: node.origin })).toBe(101);
    expect(await upgradeStatus(node, { origin: node.origin.replace('http', 'https') })).toBe(101);
  });

  it.each([
    'https://evil.example',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1:1',
    'null',
    'nonsense',
  ])('is refused to pages of %s', async (origin) => {
    expect(await upgradeStatus(await start(), { origin })).toBe(403);
  });

  it('is refused without an Origin', async () => {
    expect(await upgradeStatus(await start(), {})).toBe(403);
  });

  it('is open to the origins that the shop allows', async () => {
    const node = await start({ allowedOrigins: ['https://shop.example'] });
    expect(await upgradeStatus(node, { origin: 'https://shop.example' })).toBe(101);
    expect(await upgradeStatus(node, { origin: 'http://shop.example' })).toBe(403);
  });

  it('is refused at another path', async () => {
    const node = await start();
    expect(await upgradeStatus(node, { origin: node.origin }, '/elsewhere')).toBe(404);
  });

  it('is refused to an address that has too many sockets open, and open again when one leaves', async () => {
    const node = await start({ limits: { socketsPerAddressMax: 2 } });
    const first = await connect(node);
    await connect(node);
    expect(await upgradeStatus(node, { origin: node.origin })).toBe(429);
    first.socket.close();
    await expect.poll(() => upgradeStatus(node, { origin: node.origin })).toBe(101);
  });

  it('leaves plain requests to the HTTP server', async () => {
    const node = await start();
    node.server.on('request', (_request, response) => response.end('hello'));
    const status = await new Promise((resolve, reject) => {
      request(`${node.origin}/realtime`, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

describe('a hello', () => {
  it('with a ticket opens what its owner may hear', async () => {
    const client = await signedIn(await start(), owner);
    client.say({ type: 'subscribe', channel: `${owner.merchantId}.orders` });
    await client.next('subscribed');
  });

  it('with a ticket that was used before is refused with 4401', async () => {
    const node = await start();
    const ticket = await ticketOf(owner);
    await (await connect(node, { ticket })).next('welcome');
    const second = await connect(node, { ticket });
    expect(await second.closed).toBe(4401);
    expect(second.heard).toEqual([]);
  });

  it('with a ticket that has expired is refused with 4401', async () => {
    const node = await start();
    const ticket = await ticketOf(owner);
    await db.admin`UPDATE directory_realtime_tickets SET expires_at = now() - interval '1 second'`;
    expect(await (await connect(node, { ticket })).closed).toBe(4401);
  });

  it('without a ticket opens what anyone may hear, and nothing else', async () => {
    const client = await connect(await start());
    await client.next('welcome');
    client.say({ type: 'subscribe', channel: 'public.order' });
    await client.next('subscribed');
    client.say({ type: 'subscribe', channel: `${owner.merchantId}.orders` });
    expect((await client.next('refused')).code).toBe('CHANNEL_NOT_FOUND');
  });

  it('that does not come is not waited for', async () => {
    const node = await start({ limits: { helloTimeoutMs: 50, sweepIntervalMs: 10 } });
    expect(await (await connect(node, null)).closed).toBe(4401);
  });

  it('that nobody can check at the moment ends with 4010', async () => {
    const node = await start({ authenticate: () => Promise.reject(new Error('the database is away')) });
    expect(await (await connect(node)).closed).toBe(4010);
    expect(node.errors).toEqual([new Error('the database is away')]);
  });

  it('is refused with 4029 to someone who has too many sockets open', async () => {
    const node = await start({ limits: { socketsPerPrincipalMax: 1 } });
    const first = await signedIn(node, owner);
    const second = await connect(node, { ticket: await ticketOf(owner) });
    expect(await second.closed).toBe(4029);
    await signedIn(node, stranger);
    first.socket.close();
    await first.closed;
    await expect.poll(async () => (await signedIn(node, owner).catch(() => null)) !== null).toBe(true);
  });
});

describe('another merchant’s channel', () => {
  it('is refused exactly as one that does not exist', async () => {
    const client = await signedIn(await start(), stranger);
    const channel = `${owner.merchantId}.orders`;
    await write(db.database, owner, channel, [{ canary: 'of the owner' }]);
    client.say({ type: 'subscribe', channel });
    client.say({ type: 'subscribe', channel: 'no.such.channel' });
    expect(await client.next('refused')).toEqual({ type: 'refused', channel, code: 'CHANNEL_NOT_FOUND' });
    expect(await client.next('refused')).toEqual({
      type: 'refused',
      channel: 'no.such.channel',
      code: 'CHANNEL_NOT_FOUND',
    });
  });

  it('gives nothing away to a stolen cursor', async () => {
    const client = await signedIn(await start(), stranger);
    const channel = `${owner.merchantId}.orders`;
    const cursor = await db.database.tenant(owner).snapshot((tx) => positionOf(tx, channel));
    await write(db.database, owner, channel, [{ canary: 'of the owner' }]);
    client.say({ type: 'subscribe', channel, cursor });
    await client.next('refused');
    client.say({ type: 'subscribe', channel: `${stranger.merchantId}.orders`, cursor });
    await client.next('reset');
    expect(JSON.stringify(client.heard)).not.toContain('canary');
  });
});

describe('rights that are withdrawn', () => {
  it('end the stream when the change is announced, for those whom it concerns', async () => {
    const revoked = new Set<number>();
    const node = await start({
      authorise: async (principal) =>
        principal.kind === 'staff' && revoked.has(principal.staffId) ? null : owner,
    });
    const leaver = await signedIn(node, owner);
    const stayer = await signedIn(node, stranger);
    for (const client of [leaver, stayer]) {
      client.say({ type: 'subscribe', channel: 'public.orders' });
      await client.next('subscribed');
    }
    revoked.add(owner.staffId);
    await node.gateway.recheck(
      (principal) => principal.kind === 'staff' && principal.staffId === owner.staffId,
    );
    await leaver.next('refused');
    await write(db.database, owner, 'public.orders', [{ n: 1 }]);
    await stayer.next('event');
    expect(leaver.heard.filter(({ type }) => type === 'event')).toEqual([]);
  });

  it('end the stream also when nobody announced the change', async () => {
    let allowed = true;
    const node = await start({
      authorise: async () => (allowed ? owner : null),
      limits: { recheckIntervalMs: 20 },
    });
    const client = await signedIn(node, owner);
    client.say({ type: 'subscribe', channel: 'public.orders' });
    await client.next('subscribed');
    allowed = false;
    await client.next('refused');
  });

  it('end the sockets of a session with 4401, and only those', async () => {
    const node = await start();
    const leaver = await signedIn(node, owner);
    const stayer = await signedIn(node, stranger);
    node.gateway.closeSession({ kind: 'staff', ...owner });
    expect(await leaver.closed).toBe(4401);
    node.gateway.closeSession({ ...stranger, kind: 'customer' });
    stayer.say({ type: 'ping' });
    await stayer.next('pong');
  });

  it('from a subscription that was replaced meanwhile do not end the one that replaced it', async () => {
    const first = Promise.withResolvers<null>();
    const authorise = vi.fn(async (): Promise<TestMerchant | null> => owner);
    authorise.mockReturnValueOnce(first.promise);
    const client = await signedIn(await start({ authorise }), owner);
    client.say({ type: 'subscribe', channel: 'public.orders' });
    client.say({ type: 'subscribe', channel: 'public.orders' });
    await client.next('subscribed');
    first.resolve(null);
    await write(db.database, owner, 'public.orders', [{ n: 1 }]);
    await client.next('event');
    expect(client.heard.map(({ type }) => type)).toEqual(['welcome', 'subscribed', 'event']);
  });

  it('while a subscription is under way leave nothing behind', async () => {
    const asked = Promise.withResolvers<void>();
    const decided = Promise.withResolvers<null>();
    const node = await start({
      authorise: () => {
        asked.resolve();
        return decided.promise;
      },
    });
    const client = await signedIn(node, owner);
    client.say({ type: 'subscribe', channel: 'public.orders' });
    await asked.promise;
    node.gateway.closeSession({ kind: 'staff', ...owner });
    decided.resolve(null);
    expect(await client.closed).toBe(4401);
    expect(node.errors).toEqual([]);
  });
});
