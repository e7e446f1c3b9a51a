import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../support/http-client.ts';
import { expectStatus } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';
import {
  documentedVerification,
  ENDPOINTS,
  openWebhookTest,
  type Endpoint,
  type List,
  type WebhookTest,
} from '../support/webhooks.ts';

let test: WebhookTest;
let app: WebhookTest['app'];
let owner: WebhookTest['owner'];
let receiver: WebhookTest['receiver'];
let endpoint: WebhookTest['endpoint'];
let placeOrder: WebhookTest['placeOrder'];
let deliveries: WebhookTest['deliveries'];
let delivered: WebhookTest['delivered'];
beforeAll(async () => {
  test = await openWebhookTest();
  ({ app, owner, receiver, endpoint, placeOrder, deliveries, delivered } = test);
});
afterAll(() => test.close());
beforeEach(() => test.reset());

describe('an owner', () => {
  it('is shown the secret when it is made, and never again', async () => {
    const made = await endpoint({ description: 'The till' });
    expect(made.secret).toMatch(/^whsec_[\w-]{43}$/);
    const list = await owner.get<List<Endpoint>>(`${ENDPOINTS}.json`);
    expect(list.body.data).toMatchObject([{ id: made.id, description: 'The till', active: true }]);
    expect(list.text).not.toContain('whsec_');
    const [row] = await app.admin<
      { row: string }[]
    >`SELECT to_jsonb(webhook_endpoints)::text AS row FROM webhook_endpoints`;
    expect(row?.row).not.toContain(made.secret);
    const audit = await app.admin`SELECT before, after FROM audit_log WHERE action = 'webhook.created'`;
    expect(JSON.stringify(audit)).not.toContain('whsec_');
  });

  it('rotates the secret, and for a day calls are signed with both', async () => {
    const isFromStoreFlow = await documentedVerification();
    const { id, secret, calls } = await endpoint();
    const rotated = expectStatus(201, await owner.post<Endpoint>(`${ENDPOINTS}/${id}/secrets`));
    expect(rotated.secret).not.toBe(secret);
    await placeOrder();
    await delivered('delivered');
    const call = () => ({ headers: calls().at(-1)?.headers ?? {}, body: calls().at(-1)?.body ?? '' });
    for (const each of [secret, rotated.secret])
      expect(isFromStoreFlow({ ...call(), secret: each })).toBe(true);
    await app.admin`UPDATE webhook_endpoints SET secret_rotated_at = now() - interval '25 hours'`;
    await placeOrder();
    await delivered('delivered', 2);
    expect(isFromStoreFlow({ ...call(), secret })).toBe(false);
    expect(isFromStoreFlow({ ...call(), secret: rotated.secret })).toBe(true);
  });

  it('changes an endpoint from the version that they saw', async () => {
    const { id, version } = await endpoint();
    const change = (changes: Json) => owner.patch(`${ENDPOINTS}/${id}`, changes);
    expect((await change({ version, description: 'One' })).body).toMatchObject({
      version: 2,
      description: 'One',
    });
    expect(await change({ version, description: 'Two' })).toMatchObject({
      status: 409,
      body: { code: 'WEBHOOK_ENDPOINT_CHANGED', endpoint: { description: 'One' } },
    });
    const both = await Promise.all([1, 2].map(() => change({ version: 2, active: false })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('deletes an endpoint with its log', async () => {
    const { id } = await endpoint();
    await placeOrder();
    await delivered('delivered');
    expect((await owner.send(`${ENDPOINTS}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await deliveries()).toEqual([]);
    expect((await owner.patch(`${ENDPOINTS}/${id}`, { version: 1 })).status).toBe(404);
  });

  it('has ten endpoints at most, also when adding them at once', async () => {
    const body = { url: receiver.url, event_types: ['OrderCreated'] };
    const answers = await Promise.all(Array.from({ length: 12 }, () => owner.post(ENDPOINTS, body)));
    const codes = answers.map(({ status }) => status);
    expect(codes.filter((code) => code === 201)).toHaveLength(10);
    expect(codes.filter((code) => code === 409)).toHaveLength(2);
    const first = await owner.get<List<Endpoint>>(`${ENDPOINTS}.json?limit=6`);
    const rest = await owner.get<List<Endpoint>>(
      `${ENDPOINTS}.json?limit=6&cursor=${first.body.next_cursor}`,
    );
    expect([first, rest].flatMap((page) => page.body.data.map(({ id }) => id))).toHaveLength(10);
    expect(rest.body.next_cursor).toBeNull();
  });

  it.each([
    { url: 'ftp://shop.example/' },
    { url: 'not an address' },
    { url: 'http://user:secret@127.0.0.1/' },
    { url: `https://shop.example/${'x'.repeat(2_000)}` },
    { event_types: [] },
    { event_types: ['PasswordResetRequested'] },
    { event_types: ['OrderCreated', 'OrderCreated'] },
    { secret: 'whsec_mine' },
    { description: 'x'.repeat(201) },
  ])('cannot add %j', async (changes) => {
    const answer = await owner.post(ENDPOINTS, {
      url: receiver.url,
      event_types: ['OrderCreated'],
      ...changes,
    });
    expect(answer.status).toBe(422);
    expect(await app.admin`SELECT FROM webhook_endpoints`).toEqual([]);
  });
});

describe('others', () => {
  it('of the merchant have no part in it', async () => {
    const { id } = await endpoint();
    const manager = await signIn(app.visitor, 'manager');
    for (const answer of [
      await manager.get(`${ENDPOINTS}.json`),
      await manager.post(ENDPOINTS, { url: receiver.url, event_types: ['OrderCreated'] }),
      await manager.post(`${ENDPOINTS}/${id}/secrets`),
      await manager.get('/dashboard/webhook-deliveries.json'),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('of another merchant find nothing, and hear nothing', async () => {
    const { id, version } = await endpoint();
    await placeOrder();
    const [sent] = await delivered('delivered');
    const stranger = await signIn(app.visitor, 'other-owner');
    expect((await stranger.get<List<Endpoint>>(`${ENDPOINTS}.json`)).body.data).toEqual([]);
    for (const answer of [
      await stranger.patch(`${ENDPOINTS}/${id}`, { version, active: false }),
      await stranger.send(`${ENDPOINTS}/${id}`, { method: 'DELETE' }),
      await stranger.post(`${ENDPOINTS}/${id}/secrets`),
      await stranger.get(`/dashboard/webhook-deliveries.json?endpoint_id=${id}`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'WEBHOOK_ENDPOINT_NOT_FOUND' } });
    for (const answer of [
      await stranger.get(`/dashboard/webhook-deliveries/${sent?.id}.json`),
      await stranger.post(`/dashboard/webhook-deliveries/${sent?.id}/attempts`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'WEBHOOK_DELIVERY_NOT_FOUND' } });
  });
});
