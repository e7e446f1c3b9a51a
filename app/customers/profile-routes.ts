import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import { issueTicket } from '#core/realtime/tickets.ts';
import { hashPassword } from '#core/security/password.ts';
import { idBehind, opaqueId } from '#core/values/ids.ts';
import { Absent } from '#core/values/schema.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import type { CustomerDoors } from './account-doors.ts';
import { changeOwnProfile, changePassword } from './change-profile.ts';
import { mobileForm } from './contact-forms.ts';
import { customerById, customerView } from './customer-queries.ts';
import { endCustomerSession, sessionsOf } from './customer-sessions.ts';
import {
  CustomerSchema,
  FirstNameSchema,
  LastNameSchema,
  MobileSchema,
  NewPasswordSchema,
  PasswordSchema,
  SessionSchema,
} from './customer-view.ts';
import { askPassword } from './sign-in-customer.ts';

const MINUTE_MS = 60_000;
const PASSWORDS_LIMIT = { max: 20, windowMs: MINUTE_MS };
const TICKETS_LIMIT = { max: 60, windowMs: MINUTE_MS };

const Nothing = Type.Object({});

/** What signed-in customers do with their own account. */
export function profileRoutes(doors: CustomerDoors): Route[] {
  return [...ownDataRoutes(doors), ...sessionRoutes(doors)];
}

function ownDataRoutes({ database }: CustomerDoors): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/customers/me',
      audience: 'customer',
      ability: 'account.use',
      summary: 'Who is signed in',
      answers: { 200: CustomerSchema },
      handle: async ({ db, customer }) =>
        customerView(await db.read((tx) => customerById(tx, customer.customerId))),
    }),
    route({
      method: 'PATCH',
      path: '/api/v1/customers/me',
      audience: 'customer',
      ability: 'account.use',
      summary: 'Changes names and mobile number; what is absent stays',
      body: Type.Object({
        first_name: Type.Optional(FirstNameSchema),
        last_name: Type.Optional(LastNameSchema),
        mobile: Absent(MobileSchema),
      }),
      answers: { 200: CustomerSchema },
      handle: ({ db, customer, body }) =>
        db.write(async (tx) => {
          await changeOwnProfile(tx, customer.customerId, {
            firstName: body.first_name?.trim(),
            lastName: body.last_name?.trim(),
            mobile: body.mobile === undefined ? undefined : mobileForm(body.mobile),
          });
          return customerView(await customerById(tx, customer.customerId));
        }),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/customers/me/password',
      audience: 'customer',
      ability: 'account.use',
      summary: 'Changes the password and ends all other sessions',
      body: Type.Object({ current_password: PasswordSchema, password: NewPasswordSchema }),
      answers: { 200: Nothing },
      limit: PASSWORDS_LIMIT,
      errors: ['PASSWORD_WRONG', 'SIGN_IN_LOCKED'],
      handle: async ({ db, customer, body, request }) => {
        const { customerId } = customer;
        await askPassword(database, db, {
          customerId,
          password: body.current_password,
          address: request.ip,
          field: 'current_password',
        });
        const passwordHash = await hashPassword(body.password);
        await db.write((tx) => changePassword(tx, customer, passwordHash));
        return {};
      },
    }),
  ];
}

function sessionRoutes({ database, customerCookies }: CustomerDoors): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/customers/logout',
      audience: 'customer',
      ability: 'account.use',
      summary: 'Ends this session',
      answers: { 200: Nothing },
      handle: async ({ db, customer, reply }) => {
        await db.write((tx) => endCustomerSession(tx, customer));
        customerCookies.clear(reply);
        return {};
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/customers/me/realtime/ticket',
      audience: 'customer',
      ability: 'account.use',
      summary: 'A one-use ticket that opens a socket',
      answers: { 200: Type.Object({ ticket: Type.String() }) },
      limit: TICKETS_LIMIT,
      handle: async ({ customer }) => ({
        ticket: await issueTicket(database.directory, { kind: 'customer', ...customer }),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/customers/me/sessions',
      audience: 'customer',
      ability: 'account.use',
      summary: 'Where one is signed in, newest first',
      answers: { 200: Type.Object({ data: Type.Array(SessionSchema), next_cursor: Type.Null() }) },
      handle: async ({ db, customer }) => {
        const sessions = await db.read((tx) => sessionsOf(tx, customer.customerId));
        const data = sessions.map(({ id, created_at, seen_at }) => ({
          id: opaqueId('cs', id),
          current: id === customer.sessionId,
          created_at: created_at.toISOString(),
          seen_at: seen_at.toISOString(),
        }));
        return { data, next_cursor: null };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/customers/me/sessions/:session',
      audience: 'customer',
      ability: 'account.use',
      summary: 'Ends one of one’s sessions',
      params: Type.Object({ session: Type.String() }),
      answers: { 200: Nothing },
      errors: ['SESSION_NOT_FOUND'],
      handle: async ({ db, customer, params }) => {
        const sessionId = idBehind<number>('cs', params.session);
        const { customerId } = customer;
        const ended =
          sessionId !== null && (await db.write((tx) => endCustomerSession(tx, { customerId, sessionId })));
        if (!ended) throw refusal('SESSION_NOT_FOUND', 'You have no session with this id.');
        return {};
      },
    }),
  ];
}
