import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handleErrors } from '#core/http/error-handler.ts';
import { registerRoutes } from '#core/http/pipeline.ts';
import type { Route } from '#core/http/route.ts';
import { opaqueId } from '#core/values/ids.ts';
import { errorTable } from '#app/errors.ts';
import { customerCookies } from '#app/customers/customer-cookie.ts';
import { route } from '#app/route.ts';
import { KEY_SCOPES, STAFF_ABILITIES, type StaffAbility } from '#app/staff/abilities.ts';
import { staffCookies } from '#app/staff/staff-cookie.ts';
import { shopGates } from '#start/gates.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { cookiesOf, httpClient, type HttpClient } from '../support/http-client.ts';
import { expectStatus } from '../support/orders.ts';
import { addressNaming, tablesNamedBy } from '../support/names.ts';
import { declaredRoutes } from '../support/routes.ts';
import { sampleOf, type Schema } from '../support/schema-values.ts';
import { signedIn, signIn } from '../support/sign-in.ts';
import { openMerchants, PASSWORD, type Person, type TestMerchants } from '../support/merchants.ts';
import { readCatalogue } from '../walls/catalogue.ts';
import type { Household } from '../walls/rows.ts';
import { storeTables } from '../walls/tenant-tables.ts';
import { twoMerchants } from '../walls/two-merchants.ts';

/** What may be done by whom, written down once more: a slip in the table must not hide in the test. */
const EVERYTHING = [
  'orders.see',
  'orders.history',
  'orders.move',
  'orders.cancel_pending',
  'orders.cancel',
  'orders.refund',
  'products.see',
  'products.manage',
  'customers.manage',
  'promotions.manage',
  'shipping.manage',
  'loyalty.manage',
  'store.manage',
  'staff.invite',
  'staff.manage',
  'merchant.manage',
  'audit.see',
];
const MAY: readonly [Person, readonly string[]][] = [
  [
    'manager',
    EVERYTHING.filter((ability) => !['staff.manage', 'merchant.manage', 'loyalty.manage'].includes(ability)),
  ],
  ['barista', ['orders.see', 'orders.move', 'orders.cancel_pending', 'products.see']],
  ['other-owner', EVERYTHING],
];

let app: TestApp;
let shops: TestMerchants;
let doors: FastifyInstance;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  doors = await serverOfDoors(app);
});
afterAll(async () => {
  await doors.close();
  await app.close();
});

/** The real gates with nothing behind them: one address for each ability. */
async function serverOfDoors({ database }: TestApp): Promise<FastifyInstance> {
  const server = Fastify();
  const nothing = null as never;
  await server.register(cookie);
  handleErrors(server, { table: errorTable, pages: [] });
  const gates = shopGates({
    database,
    cookies: staffCookies({ secure: false }),
    customerCookies: customerCookies({ secure: false }),
    stores: nothing,
    limitKeys: null,
  });
  registerRoutes(server, STAFF_ABILITIES.map(door), gates);
  return server;
}

function door(ability: StaffAbility): Route {
  const handle = () => ({ open: ability });
  return route({ method: 'GET', path: `/${ability}`, audience: 'staff', ability, summary: '', handle });
}

/** Every route that asks for a right of the table. */
function rightedRoutes(): Route[] {
  const routes = declaredRoutes(app).filter(({ ability }) => EVERYTHING.includes(ability));
  expect(routes.length).toBeGreaterThan(15);
  return routes;
}

interface Told {
  readonly status: number;
  readonly text: string;
}

/** What the server answers, without a network in between. */
async function ask(
  client: HttpClient,
  { method, body }: Route,
  url: string,
  sent = body && (sampleOf(body as Schema) as object),
): Promise<Told> {
  const { statusCode, payload } = await app.server.inject({
    method,
    url,
    headers: { 'user-agent': 'node', 'accept-language': '*', ...client.headers },
    ...(method !== 'GET' && sent && { payload: sent }),
  });
  return { status: statusCode, text: payload.replace(/"request_id":"[^"]*"/, '') };
}

/** What goes wrong at each of the routes that are given. */
async function wrongAt(
  routes: readonly Route[],
  wrong: (route: Route) => Promise<string | null>,
): Promise<string[]> {
  const found: string[] = [];
  for (const declared of routes) {
    const what = await wrong(declared);
    if (what !== null) found.push(`${declared.method} ${declared.path} (${declared.ability}): ${what}`);
  }
  return found;
}

/** Whether it was refused for want of the right that the route asks for. */
const lacks = ({ ability }: Route, { status, text }: Told) =>
  status === 403 && text.includes(`the right ${ability}`);

const staffRoutes = () => declaredRoutes(app).filter(({ audience }) => audience.startsWith('staff'));
const forPrograms = () => staffRoutes().filter(({ audience, answers }) => audience === 'staff' && answers);

describe('the table of rights', () => {
  it.each(MAY)('lets the %s open what is theirs, and nothing else', async (person, abilities) => {
    const cookies = cookiesOf(await app.visitor.post('/login', { login: person, password: PASSWORD }));
    const headers = { 'user-agent': 'node', 'accept-language': '*' };
    for (const ability of STAFF_ABILITIES) {
      const opened = await doors.inject({ url: `/${ability}`, cookies, headers });
      const refused = { status: 403, code: 'FORBIDDEN', detail: expect.stringContaining(ability) };
      expect(opened.json()).toMatchObject(abilities.includes(ability) ? { open: ability } : refused);
    }
  });

  it.each([...MAY.slice(0, 2), ['owner', EVERYTHING] as const])(
    'lets the %s through to each route that is theirs, and to no other',
    async (person, abilities) => {
      const staff = await signIn(app.visitor, person, person === 'owner' ? shops.cafe : undefined);
      const wrong = await wrongAt(rightedRoutes(), async (declared) => {
        const told = await ask(staff, declared, addressNaming(declared, null), {});
        return lacks(declared, told) === abilities.includes(declared.ability) ? told.text : null;
      });
      expect(wrong).toEqual([]);
    },
  );

  it('gives managers the loyalty programme when the merchant allows it', async () => {
    await app.admin`UPDATE merchants SET managers_manage_loyalty = true`;
    const cookies = cookiesOf(await app.visitor.post('/login', { login: 'manager', password: PASSWORD }));
    const headers = { 'user-agent': 'node', 'accept-language': '*' };
    const opened = await doors.inject({ url: '/loyalty.manage', cookies, headers });
    expect(opened.json()).toEqual({ open: 'loyalty.manage' });
  });
});

describe('a key', () => {
  let owner: HttpClient;
  beforeAll(async () => {
    owner = await signIn(app.visitor, 'owner');
  });
  const made: string[] = [];
  const keyWith = async (scopes: readonly string[]) => {
    const body = { name: scopes.join(' ').slice(0, 100), store_id: shops.cafe.id, scopes };
    const { id, secret } = expectStatus(
      201,
      await owner.post<{ id: string; secret: string }>('/dashboard/api-keys', body),
    );
    made.push(id);
    return httpClient(app.visitor.origin, { authorization: `Bearer ${secret}` });
  };
  it('opens each route by the one scope that it declares, and by no other', async () => {
    const ways = new Map<string, { alone: HttpClient; without: HttpClient }>();
    for (const scope of KEY_SCOPES)
      ways.set(scope, {
        alone: await keyWith([scope]),
        without: await keyWith(KEY_SCOPES.filter((other) => other !== scope)),
      });
    // For what concerns more than a store there is no scope.
    const noWay = { alone: null, without: await keyWith(KEY_SCOPES) };
    const wrong = await wrongAt(forPrograms(), async (declared) => {
      const { alone, without } = ways.get(declared.ability) ?? noWay;
      const address = addressNaming(declared, null);
      const refused = await ask(without, declared, address);
      if (!lacks(declared, refused)) return `let in what lacks the scope: ${refused.text}`;
      const admitted = alone && (await ask(alone, declared, address));
      return admitted && [401, 403].includes(admitted.status) ? `refused its scope: ${admitted.text}` : null;
    });
    expect(wrong).toEqual([]);
  });

  it('opens no page, nothing that takes a person, and nothing at all once it is revoked', async () => {
    const program = await keyWith(KEY_SCOPES);
    const closed = staffRoutes().filter(({ audience, answers }) => audience !== 'staff' || !answers);
    expect(closed.length).toBeGreaterThan(20);
    const refused = (status: number) => async (declared: Route) => {
      const told = await ask(program, declared, addressNaming(declared, null));
      return told.status === status ? null : `${told.status} ${told.text}`;
    };
    expect(await wrongAt(closed, refused(403))).toEqual([]);
    expectStatus(204, await owner.delete(`/dashboard/api-keys/${made.at(-1)}`));
    expect(await wrongAt(forPrograms(), refused(401))).toEqual([]);
  });
});

const naming = () => staffRoutes().filter((declared) => tablesNamedBy(declared).length > 0);
const asIfNobodys = (client: HttpClient, household: Household) => async (declared: Route) => {
  const told = await ask(client, declared, addressNaming(declared, household));
  const nobodys = await ask(client, declared, addressNaming(declared, null));
  if (declared.method === 'GET' && told.status !== 404) return `${told.status} ${told.text}`;
  const same = told.status === nobodys.status && told.text === nobodys.text && told.status >= 400;
  return same ? null : `${told.status} ${told.text} and not ${nobodys.status}`;
};

/** Of an import, which keeps them beside the database. */
const ROWS_IN_A_FILE = '/dashboard/product-imports/:id/failed-rows.csv';

describe('names that are someone else’s', () => {
  /** A merchant with a row of everything, at one store and at another. */
  let theirs: Household;
  let atTheirOtherStore: Household;
  let storeTablesNames: ReadonlySet<string>;
  /** Whose they are. */
  let rightful: HttpClient;
  beforeAll(async () => {
    const catalogue = await readCatalogue(app.admin);
    const { a, otherStoreOfA } = await twoMerchants(app.admin, catalogue);
    [theirs, atTheirOtherStore] = [a, otherStoreOfA];
    storeTablesNames = new Set(storeTables(catalogue).map(({ name }) => name));
    const [{ id: staffId, merchant_id: merchantId } = {}] = [a.get('staff')];
    await app.admin`
      UPDATE staff SET role = 'owner', password_hash = (SELECT password_hash FROM staff WHERE username = 'owner')
      WHERE merchant_id = ${Number(merchantId)} AND id = ${Number(staffId)}`;
    const login = String(a.get('directory_staff')?.['login']);
    rightful = signedIn(app.visitor, await app.visitor.post('/login', { login, password: PASSWORD }));
    const store = { store_id: opaqueId('st', Number(a.get('stores')?.['id'])) };
    expectStatus(303, await rightful.post('/dashboard/store', store));
  });

  it('are names of nothing to an owner of another merchant, at every route', async () => {
    const stranger = await signIn(app.visitor, 'owner', shops.cafe);
    expect(await wrongAt(naming(), asIfNobodys(stranger, theirs))).toEqual([]);
  });

  it('are names of nothing to a key of another store', async () => {
    const { body } = await rightful.post<{ secret: string }>('/dashboard/api-keys', {
      name: 'Everything',
      store_id: opaqueId('st', Number(theirs.get('stores')?.['id'])),
      scopes: KEY_SCOPES,
    });
    const program = httpClient(app.visitor.origin, { authorization: `Bearer ${body.secret}` });
    const ofStores = forPrograms().filter((declared) =>
      tablesNamedBy(declared).some((table) => storeTablesNames.has(table)),
    );
    expect(ofStores.length).toBeGreaterThan(10);
    expect(await wrongAt(ofStores, asIfNobodys(program, atTheirOtherStore))).toEqual([]);
  });

  it('open what they name to whose they are', async () => {
    const reads = naming().filter(({ method, path }) => method === 'GET' && path !== ROWS_IN_A_FILE);
    expect(reads.length).toBeGreaterThan(8);
    const wrong = await wrongAt(reads, async (declared) => {
      const told = await ask(rightful, declared, addressNaming(declared, theirs));
      return told.status === 200 ? null : `${told.status} ${told.text}`;
    });
    expect(wrong).toEqual([]);
  });
});
