import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PollAnswer } from '#client/protocol.ts';
import { idBehind } from '#core/values/ids.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { customerOf, door, register } from '../support/customers.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, PASSWORD, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { connect, upgradeStatus } from '../support/realtime.ts';
import { signIn } from '../support/sign-in.ts';

const ME = '/api/v1/customers/me';

let app: TestApp;
let shops: TestMerchants;
let robin: HttpClient;
/** A customer of the other merchant, and of the same one. */
let stranger: HttpClient;
let neighbour: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  robin = await register(app, shops.cafe, { email: 'robin@example.com' });
  neighbour = await register(app, shops.roastery, { email: 'kim@example.com' });
  stranger = await register(app, shops.other, { email: 'robin@example.com' });
});
afterAll(() => app.close());

const TICKET = `${ME}/realtime/ticket`;
const node = () => ({
  origin: app.visitor.origin,
  url: `${app.visitor.origin.replace('http', 'ws')}/realtime`,
});
const ticketOf = async (customer: HttpClient) =>
  expectStatus(200, await customer.post<{ ticket: string }>(TICKET)).ticket;
const publicIdOf = async (customer: HttpClient) =>
  expectStatus(200, await customer.get<{ public_id: string }>(ME)).public_id;
const channelOf = async (customer: HttpClient) => `customer.${await publicIdOf(customer)}.loyalty`;
const give = async (customer: HttpClient, delta: number) => {
  const owner = await signIn(app.visitor, 'owner', shops.cafe);
  const points = `/dashboard/customers/${await publicIdOf(customer)}/points`;
  expectStatus(201, await owner.post(points, { delta, reason: 'Good will' }));
};
const enter = async (ticket?: string) => {
  const socket = await connect(node(), ticket === undefined ? {} : { ticket });
  await socket.next('welcome');
  return socket;
};
const listening = async (customer: HttpClient, cursor?: string) => {
  const socket = await enter(await ticketOf(customer));
  const channel = await channelOf(customer);
  socket.say({ type: 'subscribe', channel, ...(cursor && { cursor }) });
  await socket.next('subscribed');
  return socket;
};
const signedInAgain = async () =>
  customerOf(
    app.visitor,
    await app.visitor.post(door('login', shops.cafe), { email: 'robin@example.com', password: PASSWORD }),
  );
const refused = async (ticket: string | undefined, channel: string) => {
  const socket = await enter(ticket);
  socket.say({ type: 'subscribe', channel });
  return (await socket.next('refused')).code;
};

describe('the channel of one’s points', () => {
  it('tells whose they are of each change after the snapshot, over a socket and when asked', async () => {
    const snapshot = await robin.get<{ points: number; version: number }>(`${ME}/points`);
    const cursor = snapshot.headers.get('stream-cursor') ?? '';
    await give(robin, 30);
    const socket = await listening(robin, cursor);
    const told = (await socket.next('event')).event;
    expect(told).toMatchObject({
      type: 'LoyaltyPointsUpdated',
      entity_version: snapshot.body.version + 1,
      payload: { points: snapshot.body.points + 30 },
    });
    await give(robin, 5);
    expect((await socket.next('event')).event.payload).toEqual({ points: snapshot.body.points + 35 });
    const asked = await robin.get<PollAnswer>(`${ME}/points/events?cursor=${cursor}`);
    expect(asked.body).toMatchObject({
      events: [{ event: told }, { event: { type: 'LoyaltyPointsUpdated' } }],
    });
    expect((await robin.get(`${ME}/points/events?cursor=lost`)).body).toEqual({ reset: true });
    expect((await robin.get(`${ME}/points`)).body).toEqual({
      points: snapshot.body.points + 35,
      version: snapshot.body.version + 2,
    });
  });

  it('is refused to every other customer and to guests, as is everything of staff to its owner', async () => {
    const own = await channelOf(robin);
    for (const other of [neighbour, stranger])
      expect(await refused(await ticketOf(other), own)).toBe('CHANNEL_NOT_FOUND');
    expect(await refused(undefined, own)).toBe('CHANNEL_NOT_FOUND');
    for (const channel of [
      `store.${shops.cafe.id}.orders`,
      `store.${shops.cafe.id}.catalog`,
      `merchant.${shops.cafe.tenant.merchantId}.notifications`,
    ])
      expect(await refused(await ticketOf(robin), channel)).toBe('CHANNEL_NOT_FOUND');
    const staff = await signIn(app.visitor, 'owner');
    const { ticket } = expectStatus(200, await staff.post<{ ticket: string }>('/dashboard/realtime/ticket'));
    expect(await refused(ticket, own)).toBe('CHANNEL_NOT_FOUND');
    expect(await robin.post('/dashboard/realtime/ticket')).toMatchObject({ status: 401 });
    expect(await app.visitor.get(`${ME}/points/events?cursor=x`)).toMatchObject({ status: 401 });
  });

  it('needs a ticket that is fresh, unused, and of our own pages', async () => {
    const used = await ticketOf(robin);
    await enter(used);
    expect(await (await connect(node(), { ticket: used })).closed).toBe(4401);
    const old = await ticketOf(robin);
    await app.admin`UPDATE directory_realtime_tickets SET expires_at = now() - interval '1 second'`;
    expect(await (await connect(node(), { ticket: old })).closed).toBe(4401);
    expect(await upgradeStatus(node(), { origin: 'https://evil.example' })).toBe(403);
    expect(await robin.with({ origin: 'https://evil.example' }).post(TICKET)).toMatchObject({ status: 403 });
    expect(await robin.with({ 'x-customer-token': '' }).post(TICKET)).toMatchObject({ status: 419 });
    expect(await app.visitor.post(TICKET)).toMatchObject({ status: 401 });
  });

  it('closes when its owner signs out, with the tickets not used yet, and for nobody else', async () => {
    const leaving = await signedInAgain();
    const [socket, stays, ticket] = [
      await listening(leaving),
      await listening(robin),
      await ticketOf(leaving),
    ];
    expectStatus(200, await leaving.post('/api/v1/customers/logout'));
    expect(await socket.closed).toBe(4401);
    expect(await (await connect(node(), { ticket })).closed).toBe(4401);
    stays.say({ type: 'ping' });
    await stays.next('pong');
  });

  it('closes when its owner is erased, and ends with a session whose time is over', async () => {
    const [aged, gone] = [
      await signedInAgain(),
      await register(app, shops.cafe, { email: 'gone@example.com' }),
    ];
    const [ending, closing] = [await listening(aged), await listening(gone)];
    const { data } = (await aged.get<{ data: { id: string; current: boolean }[] }>(`${ME}/sessions`)).body;
    const id = idBehind('cs', data.find(({ current }) => current)?.id ?? '');
    await app.admin`UPDATE customer_sessions SET expires_at = now() - interval '1 second' WHERE id = ${id}`;
    const owner = await signIn(app.visitor, 'owner', shops.cafe);
    expectStatus(200, await owner.post(`/dashboard/customers/${await publicIdOf(gone)}/erasures`));
    expect(await closing.closed).toBe(4401);
    await ending.next('refused');
  });
});
