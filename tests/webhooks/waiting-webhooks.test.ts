import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimWebhooks } from '#core/webhooks/claim-webhooks.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

/** Two merchants, and no worker that would take what waits. */
const [BUSY, CALM] = [1, 2];
const LEASE_MS = 30_000;

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
  await test.admin`INSERT INTO merchants (id, name) VALUES (${BUSY}, 'Busy'), (${CALM}, 'Calm')`;
});
afterAll(() => test.close());

interface Waiting {
  readonly endpoints: number;
  readonly each: number;
  readonly hours: number;
}

/** Events of so many endpoints, due for so long. */
async function wait(merchantId: number, { endpoints, each, hours }: Waiting): Promise<void> {
  await test.admin`
    WITH made AS (
      INSERT INTO webhook_endpoints (merchant_id, url, event_types)
      SELECT ${merchantId}, 'https://hook.example/', ARRAY['OrderCreated'] FROM generate_series(1, ${endpoints}) RETURNING merchant_id, id
    )
    INSERT INTO webhook_deliveries (merchant_id, endpoint_id, event_id, event_type, body, next_attempt_at)
    SELECT merchant_id, id, gen_random_uuid(), 'OrderCreated', '{}', now() - make_interval(hours => ${hours}, secs => nth)
    FROM made, generate_series(1, ${each}) AS nth`;
}

/** Whose events are claimed. */
async function claimed(limit: number): Promise<number[]> {
  const claims = await claimWebhooks(test.database.system, { limit, leaseMs: LEASE_MS });
  return claims.map(({ merchantId }) => merchantId).toSorted();
}

it('are taken from each merchant in turn, however many of another’s have waited for longer', async () => {
  await wait(BUSY, { endpoints: 5, each: 200, hours: 5 });
  await wait(CALM, { endpoints: 2, each: 1, hours: 0 });
  expect(await claimed(4)).toEqual([BUSY, BUSY, CALM, CALM]);
  // One call at a time for each endpoint: three of the busy one’s are left.
  expect(await claimed(4)).toEqual([BUSY, BUSY, BUSY]);
  expect(await claimed(4)).toEqual([]);
});

it('are taken again from whoever died over them, but not from an endpoint that rests', async () => {
  await test.admin`UPDATE webhook_deliveries SET lease_until = now() - interval '1 second' WHERE state = 'running'`;
  await test.admin`UPDATE webhook_endpoints SET rests_until = now() + interval '1 minute' WHERE merchant_id = ${BUSY}`;
  expect(await claimed(10)).toEqual([CALM, CALM]);
  await test.admin`UPDATE webhook_endpoints SET rests_until = now() - interval '1 second' WHERE merchant_id = ${BUSY}`;
  expect(await claimed(10)).toEqual([BUSY, BUSY, BUSY, BUSY, BUSY]);
});
