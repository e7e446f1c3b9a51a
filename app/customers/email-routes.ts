import { Type } from 'typebox';
import { record } from '#core/events/record.ts';
import type { Route } from '#core/http/route.ts';
import { refuseForeignOrigin } from '#core/security/browser.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { storeTenantBySlug } from '../stores/store-queries.ts';
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
import { confirmEmail } from './confirm-email.ts';
import { emailForm } from './contact-forms.ts';
import {
  CustomerSchema,
  EmailSchema,
  LinkTokenSchema,
  MailAskedSchema,
  PasswordSchema,
} from './customer-view.ts';
import { requestEmailChange } from './request-email-change.ts';
import { askPassword } from './sign-in-customer.ts';

/** How a customer comes to another e-mail address: the one that they sign in with. */
export function emailRoutes({ database, customerCookies, secret }: CustomerDoors): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/customers/me/email-changes',
      audience: 'customer',
      ability: 'account.use',
      summary:
        'Asks for another e-mail address; a mail with a link to confirm it goes there, word of it to the present one',
      query: StoreQuery,
      body: Type.Object({ email: EmailSchema, password: PasswordSchema }),
      answers: { 202: MailAskedSchema },
      limit: MAILS_LIMIT,
      errors: ['STORE_NOT_FOUND', 'PASSWORD_WRONG', 'SIGN_IN_LOCKED'],
      handle: async ({ db, customer: { merchantId, customerId }, query, body, request, reply }) => {
        const store = await storeTenantBySlug(database, query.store);
        if (store?.merchantId !== merchantId)
          throw refusal('STORE_NOT_FOUND', 'There is no store at this address.');
        const proof = { customerId, password: body.password, address: request.ip, field: 'password' };
        await askPassword(database, db, proof);
        const wish = { customerId, email: emailForm(body.email), at: new Date() };
        await database.tenant(store).write(async (tx) => record(tx, ...(await requestEmailChange(tx, wish))));
        return reply.status(202).send(ASKED);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/customers/email-change/confirmation',
      audience: 'storefront',
      ability: 'account.open',
      summary:
        'Gives the account the address that the link of a mail confirms, ends all sessions, and signs in',
      query: StoreQuery,
      body: Type.Object({ token: LinkTokenSchema, password: PasswordSchema }),
      answers: { 200: CustomerSchema },
      limit: LINKS_LIMIT,
      errors: ['LINK_INVALID', 'SIGN_IN_FAILED', 'SIGN_IN_LOCKED', 'EMAIL_TAKEN'],
      handle: async ({ db, body: { token, password }, request, reply }) => {
        refuseForeignOrigin(request);
        const id = rowBehind(db.tenant, { secret, token, purposes: ['email-change'] });
        const entrance = await confirmEmail(database, db, { id, password, ...visitorOf(request) });
        return enter(reply, { db, customerCookies, entrance });
      },
    }),
  ];
}
