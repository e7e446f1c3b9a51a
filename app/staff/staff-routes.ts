import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '#core/db/database.ts';
import { browserOf, refuseForeignOrigin } from '#core/security/browser.ts';
import type { Route } from '#core/http/route.ts';
import { issueTicket } from '#core/realtime/tickets.ts';
import { idBehind, opaqueId, type StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { signInStaff } from './sign-in.ts';
import type { StaffCookies } from './staff-cookie.ts';
import { chooseStore, endSessionBehind, endStaffSession } from './staff-sessions.ts';

const MINUTE_MS = 60_000;
const SIGN_INS_PER_MINUTE_MAX = 20;
const TICKETS_PER_MINUTE_MAX = 60;

const CredentialsSchema = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: 1000 }),
});

interface Doors {
  readonly database: Database;
  readonly cookies: StaffCookies;
  /** Ends the sockets of a session. */
  readonly closeSockets: (session: { readonly merchantId: number; readonly sessionId: number }) => void;
}

/** The doors of the dashboard: signing in and out, choosing a store, a ticket for a socket. */
export function staffRoutes(doors: Doors): Route[] {
  return [...signInRoutes(doors), ...sessionRoutes(doors)];
}

function signInRoutes({ database, cookies, closeSockets }: Doors): Route[] {
  /** Whoever was signed in at this browser is not any more. */
  const endFormer = async (request: FastifyRequest) => {
    const secret = cookies.read(request);
    const ended = secret && (await endSessionBehind(database, secret));
    if (ended) closeSockets(ended);
  };
  return [
    route({
      method: 'GET',
      path: '/login',
      audience: 'anyone',
      ability: 'staff.sign_in',
      summary: 'The sign-in page',
      handle: ({ reply }) => reply.inertia('staff/SignIn', {}),
    }),
    route({
      method: 'POST',
      path: '/login',
      audience: 'anyone',
      ability: 'staff.sign_in',
      summary: 'Signs staff in',
      body: CredentialsSchema,
      limit: { max: SIGN_INS_PER_MINUTE_MAX, windowMs: MINUTE_MS },
      handle: async ({ body, request, reply }) => {
        refuseForeignOrigin(request);
        const secret = await signInStaff(database, {
          login: body.login.trim(),
          password: body.password,
          address: request.ip,
          browser: browserOf(request),
          requestId: request.id,
        });
        await endFormer(request);
        cookies.write(reply, secret);
        return reply.redirect('/dashboard', 303);
      },
    }),
  ];
}

function sessionRoutes({ database, cookies, closeSockets }: Doors): Route[] {
  return [
    route({
      method: 'POST',
      path: '/logout',
      audience: 'staff_without_store',
      ability: 'session.end',
      summary: 'Signs staff out',
      handle: async ({ db, staff, reply }) => {
        await db.write((tx) => endStaffSession(tx, staff.sessionId));
        closeSockets(staff);
        cookies.clear(reply);
        return reply.redirect('/login', 303);
      },
    }),
    route({
      method: 'POST',
      path: '/dashboard/store',
      audience: 'staff_without_store',
      ability: 'stores.choose',
      summary: 'Enters a store',
      body: Type.Object({ store_id: Type.String({ maxLength: 40 }) }),
      handle: async ({ db, staff, body, reply }) => {
        const storeId = idBehind<StoreId>('st', body.store_id);
        const store = staff.stores.find(({ id }) => id === storeId);
        if (!store) throw refusal('STORE_NOT_FOUND', 'You have no store with this id.');
        await db.write((tx) => chooseStore(tx, staff.sessionId, store.id));
        closeSockets(staff);
        return reply.redirect('/dashboard', 303);
      },
    }),
    route({
      method: 'POST',
      path: '/dashboard/realtime/ticket',
      audience: 'staff_without_store',
      ability: 'orders.see',
      summary: 'A one-use ticket that opens a socket',
      answers: { 200: Type.Object({ ticket: Type.String() }) },
      limit: { max: TICKETS_PER_MINUTE_MAX, windowMs: MINUTE_MS },
      handle: async ({ staff }) => ({
        ticket: await issueTicket(database.directory, { kind: 'staff', ...staff }),
      }),
    }),
  ];
}

/** A store as the dashboard names it. */
export function storeChoice({ id, slug, name }: { id: StoreId; slug: string; name: string }) {
  return { id: opaqueId('st', id), slug, name };
}
