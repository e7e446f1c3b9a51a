import { Type } from 'typebox';
import { FilledLine } from '#core/values/schema.ts';
import type { Database } from '#core/db/database.ts';
import { browserOf, refuseForeignOrigin } from '#core/security/browser.ts';
import { route } from '../route.ts';
import type { StaffCookies } from '../staff/staff-cookie.ts';
import { NEW_STORE, refuseUnknownPlace } from './new-store-view.ts';
import { refuseUsedLink } from './setup-link.ts';
import { setUpShop } from './set-up-shop.ts';

const MINUTE_MS = 60_000;
const ATTEMPTS_PER_MINUTE_MAX = 10;
const PASSWORD_LENGTH_MIN = 12;

const Params = Type.Object({ token: Type.String({ maxLength: 100 }) });
const Name = FilledLine(120);

const SetupSchema = Type.Object({
  merchant_name: Name,
  store_name: Name,
  ...NEW_STORE,
  owner_name: Name,
  email: Type.String({ format: 'email', maxLength: 254 }),
  password: Type.String({ minLength: PASSWORD_LENGTH_MIN, maxLength: 1000 }),
});

interface Doors {
  readonly database: Database;
  readonly cookies: StaffCookies;
}

/** The first page of an empty production system, behind its one-time link. */
export const setupRoutes = ({ database, cookies }: Doors) => [
  route({
    method: 'GET',
    path: '/setup/:token',
    audience: 'anyone',
    ability: 'system.set_up',
    summary: 'The one-time setup page',
    params: Params,
    limit: {
      max: ATTEMPTS_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    handle: async ({ params, reply }) => {
      await refuseUsedLink(database, params.token);
      return reply.inertia('merchants/Setup', { token: params.token });
    },
  }),
  route({
    method: 'POST',
    path: '/setup/:token',
    audience: 'anyone',
    ability: 'system.set_up',
    summary: 'Creates the first merchant, store and owner',
    params: Params,
    body: SetupSchema,
    limit: {
      max: ATTEMPTS_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    handle: async ({ params, body, request, reply }) => {
      refuseForeignOrigin(request);
      const { store_name: name, slug, currency, country, timezone } = body;
      refuseUnknownPlace(body);
      const session = await setUpShop(database, {
        secret: params.token,
        merchantName: body.merchant_name,
        store: {
          name,
          slug,
          currency,
          country,
          timezone,
          locale: `en-${country}`,
        },
        owner: {
          name: body.owner_name,
          email: body.email,
          password: body.password,
        },
        browser: browserOf(request),
        requestId: request.id,
      });
      cookies.write(reply, session);
      return reply.redirect('/dashboard', 303);
    },
  }),
];
