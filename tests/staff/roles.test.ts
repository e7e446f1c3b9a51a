import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handleErrors } from '#core/http/error-handler.ts';
import { registerRoutes } from '#core/http/pipeline.ts';
import type { Route } from '#core/http/route.ts';
import { errorTable } from '#app/errors.ts';
import { customerCookies } from '#app/customers/customer-cookie.ts';
import { route } from '#app/route.ts';
import { STAFF_ABILITIES, type StaffAbility } from '#app/staff/abilities.ts';
import { staffCookies } from '#app/staff/staff-cookie.ts';
import { shopGates } from '#start/gates.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { cookiesOf } from '../support/http-client.ts';
import { addressOf, declaredRoutes } from '../support/routes.ts';
import { signIn } from '../support/sign-in.ts';
import { openMerchants, PASSWORD, type Person } from '../support/merchants.ts';

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
let doors: FastifyInstance;
beforeAll(async () => {
  app = await testApp();
  await openMerchants(app);
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

  it.each(MAY.slice(0, 2))(
    'lets the %s through to each route that is theirs, and to no other',
    async (person, abilities) => {
      const staff = await signIn(app.visitor, person);
      const wrong: string[] = [];
      for (const declared of rightedRoutes()) {
        const { status, body } = await staff.send(addressOf(declared, {}), {
          method: declared.method,
          ...(declared.method !== 'GET' && { headers: { 'content-type': 'application/json' }, body: '{}' }),
        });
        const isRefused =
          status === 403 && String(body?.['detail']).includes(`the right ${declared.ability}`);
        if (isRefused === abilities.includes(declared.ability))
          wrong.push(`${person} ${declared.method} ${declared.path} (${declared.ability}): ${status}`);
      }
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
