import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#core/http/route.ts';
import { abreast } from '../support/abreast.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import type { Answer, HttpClient } from '../support/http-client.ts';
import { visitorInProcess } from '../support/in-process.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { orderAt } from '../support/orders.ts';
import { addressOf, declaredRoutes } from '../support/routes.ts';
import { hostileValuesOf, sampleOf, takerOf, type Schema } from '../support/schema-values.ts';
import { signIn } from '../support/sign-in.ts';
import { startStripeStandIn, type StripeStandIn } from '../support/stripe-stand-in.ts';

/** To hash each takes longer than all else, and what it says does not matter then. */
const IS_HASHED = /password$/;

/** What is put into addresses, as it is sent. */
const ADDRESS_VALUES = [
  '%00',
  'a%00b',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '%27',
  '-1',
  '9'.repeat(20),
  'x'.repeat(299),
];

let stripe: StripeStandIn;
let app: TestApp;
let shops: TestMerchants;
let visitor: HttpClient;
let clients: Readonly<Record<string, HttpClient>>;
let names: Readonly<Record<string, string>>;
beforeAll(async () => {
  stripe = await startStripeStandIn();
  app = await testApp({ stripe: stripe.api });
  shops = await openMerchants(app);
  visitor = visitorInProcess(app);
  const owner = await signIn(visitor, 'owner', shops.cafe);
  const customer = await register({ ...app, visitor }, shops.cafe, { email: 'robin@example.com' });
  clients = { staff: owner, staff_without_store: owner, customer };
  const walk = { customer: visitor, staff: owner, store: shops.cafe, fulfilment: 'pickup' } as const;
  const { public_id } = await orderAt('accepted', walk);
  const { id, slug, variants } = shops.cafe.products.tee;
  names = { store: 'cafe', slug, public_id, product_id: id, variant_id: variants[0]?.id ?? '' };
});
afterAll(async () => {
  await app.close();
  await stripe.close();
});

interface Attempt {
  readonly route: Route;
  readonly address: string;
  readonly what: string;
  readonly body?: unknown;
}

const bodyOf = ({ body }: Route) => body as Schema | undefined;
const writes = () => declaredRoutes(app).filter(({ method }) => method !== 'GET');

/** What each body could be that the route does, or does not, say that it takes. */
function bodies(taken: boolean): Attempt[] {
  return writes().flatMap((route) => {
    const schema = bodyOf(route);
    if (!schema) return [];
    const takes = takerOf(schema);
    const address = addressed(route, names);
    return hostileValuesOf(schema)
      .filter(({ value, path }) => takes(value) === taken && !(taken && IS_HASHED.test(path)))
      .map(({ path, value }) => ({ route, address, what: path, body: value }));
  });
}

/** Hostile values in the addresses of writes; those of reads are tried in hostile-addresses.test.ts. */
function addresses(): Attempt[] {
  return writes().flatMap((route) => {
    const schema = bodyOf(route);
    const body = schema && sampleOf(schema);
    const inPath = [...route.path.matchAll(/:(\w+)/g)].flatMap(([, name = '']) =>
      ADDRESS_VALUES.map((value) => addressed(route, { ...names, [name]: value })),
    );
    const fields = Object.keys((route.query as Schema | undefined)?.properties ?? {});
    const inQuery = fields.flatMap((field) =>
      ADDRESS_VALUES.map((value) => `${addressOf(route, names)}?${field}=${value}`),
    );
    return [...inPath, ...inQuery].map((address) => ({ route, address, what: 'address', body }));
  });
}

/** With what the query must say. */
function addressed(route: Route, parameters: Readonly<Record<string, string>>): string {
  const fields = Object.keys((route.query as Schema | undefined)?.properties ?? {});
  const query = fields.filter((field) => field in names).map((field) => `${field}=${names[field]}`);
  return addressOf(route, parameters) + (query.length > 0 ? `?${query.join('&')}` : '');
}

/** The attempts that were answered otherwise than they should be. */
async function surprises(
  attempts: readonly Attempt[],
  isFine: (status: number) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  await abreast(attempts, async (attempt) => {
    const { status, text } = await answerTo(attempt);
    if (!isFine(status)) found.push(`${status} ${told(attempt)} → ${text.slice(0, 200)}`);
  });
  return found;
}

function answerTo({ route, address, body }: Attempt): Promise<Answer> {
  const client = clients[route.audience] ?? visitor;
  return client.send(address, {
    method: route.method,
    headers: {
      'idempotency-key': crypto.randomUUID(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function told({ route, address, what, body }: Attempt): string {
  return `${route.method} ${address.slice(0, 100)} ${what}: ${JSON.stringify(body)?.slice(0, 300)}`;
}

async function waiting(): Promise<number> {
  const [row] = await app.admin<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting FROM event_deliveries WHERE state IN ('pending', 'running')`;
  return row?.waiting ?? 0;
}

/** How many rows each table of tenants has. */
async function rows(): Promise<Readonly<Record<string, number>>> {
  const counts = await app.admin<{ name: string; rows: number }[]>`
    SELECT relname AS name,
      (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', relname), false, true, '')))[1]::text::int AS rows
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'merchant_id'
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`;
  return Object.fromEntries(counts.map(({ name, rows: n }) => [name, n]));
}

describe('each field of each route', () => {
  it('is refused with what it does not take, and nothing is written', async () => {
    await expect.poll(waiting).toBe(0);
    const before = await rows();
    const attempts = bodies(false);
    expect(attempts.length).toBeGreaterThan(500);
    expect(await surprises(attempts, (status) => status >= 400 && status < 500)).toEqual([]);
    expect(await rows()).toEqual(before);
  });

  it('takes what it says that it takes without a failure', async () => {
    expect(await surprises(bodies(true), (status) => status < 500)).toEqual([]);
    expect(await clients['staff']?.get('/dashboard/board.json')).toMatchObject({ status: 200 });
  });

  it('of a write’s address never fails the server', async () => {
    expect(await surprises(addresses(), (status) => status < 500)).toEqual([]);
  });
});
