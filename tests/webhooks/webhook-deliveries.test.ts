import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX, webhookBackoffMs } from '#app/webhooks/settle-webhook.ts';
import { until } from '../support/deliveries.ts';
import type { Json } from '../support/http-client.ts';
import { expectStatus, move } from '../support/orders.ts';
import { answering } from '../support/webhook-receiver.ts';
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

describe('an event', () => {
  it('is sent to each endpoint that asked for its type, once, and logged', async () => {
    const [one, two, other] = [
      await endpoint(),
      await endpoint(),
      await endpoint({ event_types: ['StockLow'] }),
    ];
    const { public_id } = await placeOrder();
    await delivered('delivered', 2);
    for (const { calls } of [one, two]) {
      expect(calls()).toHaveLength(1);
      const [call] = calls();
      const body = JSON.parse(call?.body ?? '') as Json;
      expect(body).toMatchObject({
        type: 'OrderCreated',
        store_id: test.shops.cafe.id,
        entity: { kind: 'order', id: public_id, version: 1 },
        data: { status: 'pending' },
      });
      expect(call?.headers).toMatchObject({
        'storeflow-event': 'OrderCreated',
        'storeflow-event-id': body['id'],
      });
    }
    expect(other.calls()).toEqual([]);
    expect(await deliveries(`?endpoint_id=${one.id}`)).toEqual([
      expect.objectContaining({ state: 'delivered', attempts: 1, response_code: 204, failure: null }),
    ]);
  });

  it('tells of staff only that it was staff', async () => {
    const { calls } = await endpoint({ event_types: ['OrderStatusUpdated'] });
    const { public_id } = await placeOrder();
    expectStatus(200, await move(owner, { public_id, version: 1 }, 'accepted'));
    await delivered('delivered');
    expect(JSON.parse(calls()[0]?.body ?? '')).toMatchObject({
      actor: 'staff',
      data: { status: 'accepted' },
    });
  });

  it('carries a signature that the documented example takes, and nothing that was changed', async () => {
    const isFromStoreFlow = await documentedVerification();
    const { secret, calls } = await endpoint();
    await placeOrder();
    await delivered('delivered');
    const [call] = calls();
    const received = { headers: call?.headers ?? {}, body: call?.body ?? '', secret };
    expect(isFromStoreFlow(received)).toBe(true);
    expect(isFromStoreFlow({ ...received, body: received.body.replace('pending', 'accepted') })).toBe(false);
    expect(isFromStoreFlow({ ...received, secret: 'whsec_other' })).toBe(false);
    expect(isFromStoreFlow({ ...received, now: Date.now() + 600_000 })).toBe(false);
    expect(isFromStoreFlow({ ...received, headers: {} })).toBe(false);
  });

  it('is sent to none that is switched off', async () => {
    const { id, version } = await endpoint();
    expectStatus(200, await owner.patch(`${ENDPOINTS}/${id}`, { version, active: false }));
    const { calls } = await endpoint();
    await placeOrder();
    await delivered('delivered');
    expect(calls()).toHaveLength(1);
    expect(await deliveries(`?endpoint_id=${id}`)).toEqual([]);
  });
});

const dueNow = () => app.admin`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE state = 'pending'`;

describe('a call that does not arrive', () => {
  it('is repeated under the same id until it does, later each time', async () => {
    receiver.answer = answering(500, 'out of order');
    const { calls } = await endpoint();
    await placeOrder();
    await until(async () => (await deliveries())[0]?.attempts === 1, 'the first attempt');
    await until(async () => (await deliveries())[0]?.state === 'pending', 'it is noted');
    const [failed] = await deliveries();
    expect(failed).toMatchObject({ state: 'pending', response_code: 500, failure: 'answered 500' });
    expect(Date.parse(String(failed?.['next_attempt_at']))).toBeGreaterThan(
      Date.parse(String(failed?.['attempted_at'])) + 9_000,
    );
    const detail = await owner.get(`/dashboard/webhook-deliveries/${failed?.id}.json`);
    expect(detail.body).toMatchObject({ response_body: 'out of order', body: calls()[0]?.body });
    receiver.answer = answering(200);
    await dueNow();
    await delivered('delivered');
    const ids = calls().map(({ headers }) => headers['storeflow-event-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('waits longer each time, within a day in all', () => {
    const pauses = Array.from({ length: ATTEMPTS_MAX - 1 }, (_, nth) => webhookBackoffMs(nth + 1));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses[0]).toBe(10_000);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(24 * 3_600_000);
  });

  it('has failed after the last attempt, until it is sent again', async () => {
    receiver.answer = answering(302);
    await endpoint();
    await placeOrder();
    await until(
      async () => (await deliveries())[0]?.state === 'pending' && (await deliveries())[0]?.attempts === 1,
      'one attempt',
    );
    await app.admin`UPDATE webhook_deliveries SET attempts = ${ATTEMPTS_MAX - 1}, next_attempt_at = now()`;
    const [failed] = await delivered('failed');
    expect(failed).toMatchObject({ failure: 'answered 302', next_attempt_at: null });
    receiver.answer = answering(200);
    const again = await owner.post(`/dashboard/webhook-deliveries/${failed?.id}/attempts`);
    expect(again).toMatchObject({ status: 202, body: { state: 'pending', attempts: 0 } });
    const [arrived] = await delivered('delivered');
    expect(arrived).toMatchObject({ id: failed?.id, attempts: 1 });
    expect(await app.admin`SELECT after FROM audit_log WHERE action = 'webhook.redriven'`).toHaveLength(1);
  });

  it('is sent at once instead of later when its receiver is well again', async () => {
    receiver.answer = answering(500);
    await endpoint();
    await placeOrder();
    await until(async () => (await deliveries())[0]?.attempts === 1, 'one attempt');
    await until(async () => (await deliveries())[0]?.state === 'pending', 'its answer');
    const [waiting] = await deliveries();
    await app.admin`UPDATE webhook_deliveries SET next_attempt_at = now() + interval '3 hours'`;
    receiver.answer = answering(200);
    expectStatus(202, await owner.post(`/dashboard/webhook-deliveries/${waiting?.id}/attempts`));
    expect(await delivered('delivered')).toMatchObject([{ id: waiting?.id, attempts: 1 }]);
  });

  it('cannot be sent again while a call is under way, nor where nothing is taken', async () => {
    const calls: (() => void)[] = [];
    receiver.answer = (response) => calls.push(() => response.writeHead(500).end());
    const { id, version } = await endpoint();
    await placeOrder();
    await until(() => calls.length === 1, 'a call');
    const [waiting] = await deliveries();
    const again = () => owner.post(`/dashboard/webhook-deliveries/${waiting?.id}/attempts`);
    expect((await again()).body).toMatchObject({ code: 'WEBHOOK_IN_PROGRESS', status: 409 });
    receiver.answer = answering(500);
    calls[0]?.();
    await until(async () => (await deliveries())[0]?.state === 'pending', 'its answer');
    expectStatus(200, await owner.patch(`${ENDPOINTS}/${id}`, { version, active: false }));
    expect((await again()).body).toMatchObject({ code: 'WEBHOOK_PAUSED', status: 409 });
    await dueNow();
    expect(await delivered('failed')).toMatchObject([{ failure: 'the endpoint is switched off' }]);
  });

  it('is taken up by another process when its own dies over it', async () => {
    receiver.answer = answering(500);
    const { calls } = await endpoint();
    await placeOrder();
    await until(async () => (await deliveries())[0]?.attempts === 1, 'one attempt');
    await until(async () => (await deliveries())[0]?.state === 'pending', 'it is noted');
    receiver.answer = answering(200);
    await app.admin`
      UPDATE webhook_deliveries SET state = 'running', next_attempt_at = now(), lease_token = gen_random_uuid(),
        lease_until = now() - interval '1 second'`;
    expect(await delivered('delivered')).toMatchObject([{ attempts: 2 }]);
    expect(calls()).toHaveLength(2);
  });

  it('pauses an endpoint after three days, and staff are told without the address', async () => {
    receiver.answer = answering(500);
    const { id } = await endpoint();
    await app.admin`UPDATE webhook_endpoints SET failing_since = now() - interval '4 days'`;
    await placeOrder();
    await until(
      async () => (await app.admin`SELECT FROM webhook_endpoints WHERE paused_at IS NOT NULL`).length === 1,
      'the pause',
    );
    expect(await deliveries()).toMatchObject([{ state: 'failed', failure: 'the endpoint was paused' }]);
    const [notice] = await app.admin<{ title: string; body: string }[]>`
      SELECT title, body FROM notifications WHERE kind = 'webhook_paused'`;
    expect(notice?.title).toBe('A webhook endpoint was paused');
    expect(notice?.body).not.toContain('/hook');
    const { version } = (await owner.get<List<Endpoint>>(`${ENDPOINTS}.json`)).body.data[0] ?? { version: 0 };
    const resumed = await owner.patch(`${ENDPOINTS}/${id}`, { version, active: true });
    expect(resumed.body).toMatchObject({ active: true, paused_at: null, failing_since: null });
  });

  it('makes its endpoint rest from the third on, until somebody sends an event again and it arrives', async () => {
    receiver.answer = answering(500);
    await endpoint();
    await placeOrder();
    const attempted = (count: number) =>
      until(async () => {
        const [last] = await deliveries();
        return last?.attempts === count && last.state === 'pending';
      }, `attempt ${count}`);
    const rests = async () =>
      (await app.admin`SELECT rests_until > now() + interval '5 seconds' AS rests FROM webhook_endpoints`)[0];
    for (const count of [1, 2]) {
      await attempted(count);
      expect(await rests()).toEqual({ rests: null });
      await dueNow();
    }
    await attempted(3);
    expect(await rests()).toEqual({ rests: true });
    await dueNow();
    receiver.answer = answering(204);
    await app.admin`UPDATE webhook_deliveries SET state = 'failed'`;
    await placeOrder();
    await until(async () => (await deliveries()).length === 2, 'the other event');
    expect((await deliveries())[0]).toMatchObject({ state: 'pending', attempts: 0 });
    const [, failed] = await deliveries();
    expectStatus(202, await owner.post(`/dashboard/webhook-deliveries/${failed?.id}/attempts`));
    await delivered('delivered', 2);
    expect(await rests()).toEqual({ rests: null });
  });

  it('does not hold up other endpoints', async () => {
    const hanging = Promise.withResolvers<void>();
    const slow = await endpoint();
    receiver.answer = (response, { path }) => {
      if (new URL(slow.url).pathname !== path) return void response.writeHead(204).end();
      void hanging.promise.then(() => response.writeHead(204).end());
    };
    const { calls } = await endpoint();
    await placeOrder();
    await placeOrder();
    await until(() => calls().length === 2, 'the other got both');
    expect(slow.calls()).toHaveLength(1);
    hanging.resolve();
    await delivered('delivered', 4);
  });
});
