import { Type } from 'typebox';
import { record } from '#core/events/record.ts';
import type { Route } from '#core/http/route.ts';
import { refuseForeignOrigin } from '#core/security/browser.ts';
import { hashPassword } from '#core/security/password.ts';
import { Absent } from '#core/values/schema.ts';
import { route } from '../route.ts';
import {
  ASKED,
  enter,
  LINKS_LIMIT,
  MAILS_LIMIT,
  StoreQuery,
  visitorOf,
  type CustomerDoors,
} from './account-doors.ts';
import { rowBehind } from './account-links.ts';
import { confirmAccount } from './confirm-account.ts';
import { emailForm, mobileForm } from './contact-forms.ts';
import {
  CustomerSchema,
  EmailSchema,
  FirstNameSchema,
  LastNameSchema,
  LinkTokenSchema,
  MailAskedSchema,
  MobileSchema,
  NewPasswordSchema,
  PasswordSchema,
} from './customer-view.ts';
import { requestAccount } from './request-account.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resetPassword } from './reset-password.ts';
import { signInCustomer } from './sign-in-customer.ts';

/** Of one address, whatever accounts it asks for. */
const SIGN_INS_LIMIT = { max: 20, windowMs: 60_000 };

/** The doors of customers' accounts. Whoever is not signed in says in the address at which store they stand: `?store=`. */
export function accountDoorRoutes(doors: CustomerDoors): Route[] {
  return [...registrationRoutes(doors), signInRoute(doors), ...passwordResetRoutes(doors)];
}

function registrationRoutes({ database, customerCookies, secret }: CustomerDoors): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/customers/register',
      audience: 'storefront',
      ability: 'account.open',
      summary: 'Asks for an account; a mail with a link to confirm it goes to its address',
      query: StoreQuery,
      body: Type.Object({
        email: EmailSchema,
        password: NewPasswordSchema,
        first_name: FirstNameSchema,
        last_name: Absent(LastNameSchema),
        mobile: Absent(MobileSchema),
      }),
      answers: { 202: MailAskedSchema },
      limit: MAILS_LIMIT,
      handle: async ({ db, body, request, reply }) => {
        refuseForeignOrigin(request);
        const wish = {
          email: emailForm(body.email),
          firstName: body.first_name.trim(),
          lastName: body.last_name?.trim() ?? '',
          mobile: mobileForm(body.mobile),
          passwordHash: await hashPassword(body.password),
          at: new Date(),
        };
        await db.write(async (tx) => record(tx, ...(await requestAccount(tx, wish))));
        return reply.status(202).send(ASKED);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/customers/register/confirmation',
      audience: 'storefront',
      ability: 'account.open',
      summary: 'Opens the account that the link of a mail confirms, and signs in',
      query: StoreQuery,
      body: Type.Object({ token: LinkTokenSchema, password: PasswordSchema }),
      answers: { 200: CustomerSchema },
      limit: LINKS_LIMIT,
      errors: ['LINK_INVALID', 'SIGN_IN_FAILED', 'SIGN_IN_LOCKED'],
      handle: async ({ db, body, request, reply }) => {
        refuseForeignOrigin(request);
        const entrance = await confirmAccount(database, db, {
          id: rowBehind(db.tenant, { secret, token: body.token, purposes: ['registration'] }),
          password: body.password,
          ...visitorOf(request),
        });
        return enter(reply, { db, customerCookies, entrance });
      },
    }),
  ];
}

function signInRoute({ database, customerCookies }: CustomerDoors): Route {
  return route({
    method: 'POST',
    path: '/api/v1/customers/login',
    audience: 'storefront',
    ability: 'account.open',
    summary: 'Signs a customer in',
    query: StoreQuery,
    body: Type.Object({ email: EmailSchema, password: PasswordSchema }),
    answers: { 200: CustomerSchema },
    limit: SIGN_INS_LIMIT,
    errors: ['SIGN_IN_FAILED', 'SIGN_IN_LOCKED'],
    handle: async ({ db, body, request, reply }) => {
      refuseForeignOrigin(request);
      const { email, password } = body;
      const entrance = await signInCustomer(database, db, {
        email: emailForm(email),
        password,
        ...visitorOf(request),
      });
      return enter(reply, { db, customerCookies, entrance });
    },
  });
}

function passwordResetRoutes({ customerCookies, secret }: CustomerDoors): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/customers/password-reset',
      audience: 'storefront',
      ability: 'account.open',
      summary: 'Asks for a mail with a link to choose a new password',
      query: StoreQuery,
      body: Type.Object({ email: EmailSchema }),
      answers: { 202: MailAskedSchema },
      limit: MAILS_LIMIT,
      handle: async ({ db, body, request, reply }) => {
        refuseForeignOrigin(request);
        const wish = { email: emailForm(body.email), at: new Date() };
        await db.write(async (tx) => record(tx, ...(await requestPasswordReset(tx, wish))));
        return reply.status(202).send(ASKED);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/customers/password-reset/confirmation',
      audience: 'storefront',
      ability: 'account.open',
      summary: 'Chooses the new password, ends all sessions, and signs in',
      query: StoreQuery,
      body: Type.Object({ token: LinkTokenSchema, password: NewPasswordSchema }),
      answers: { 200: CustomerSchema },
      limit: LINKS_LIMIT,
      errors: ['LINK_INVALID'],
      handle: async ({ db, body, request, reply }) => {
        refuseForeignOrigin(request);
        const id = rowBehind(db.tenant, { secret, token: body.token, purposes: ['password-reset'] });
        const passwordHash = await hashPassword(body.password);
        const entrance = await db.write((tx) =>
          resetPassword(tx, { id, passwordHash, ...visitorOf(request) }),
        );
        return enter(reply, { db, customerCookies, entrance });
      },
    }),
  ];
}
