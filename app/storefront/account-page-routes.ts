import { Type } from 'typebox';
import { record } from '#core/events/record.ts';
import type { Route } from '#core/http/route.ts';
import { refuseForeignOrigin } from '#core/security/browser.ts';
import { hashPassword } from '#core/security/password.ts';
import { LINKS_LIMIT, MAILS_LIMIT, visitorOf, type CustomerDoors } from '../customers/account-doors.ts';
import { isLinkOpen, linkBehind, type AccountLink } from '../customers/account-links.ts';
import { confirmAccount } from '../customers/confirm-account.ts';
import { confirmEmail } from '../customers/confirm-email.ts';
import { emailForm } from '../customers/contact-forms.ts';
import {
  EMAIL_LENGTH_MAX,
  LinkTokenSchema,
  PASSWORD_LENGTH_MIN,
  PasswordSchema,
} from '../customers/customer-view.ts';
import { requestPasswordReset } from '../customers/request-password-reset.ts';
import { resetPassword } from '../customers/reset-password.ts';
import { route } from '../route.ts';
import { AccountPages, type AccountVisit } from './account-pages.ts';
import type { Themes } from './theme-renderer.ts';

const StoreParams = Type.Object({ store: Type.String() });
/** `token` in the link of a mail; `done` once a form was sent. */
const LinkQuery = Type.Object({ token: Type.Optional(Type.String()), done: Type.Optional(Type.String()) });
const LinkForm = Type.Object({ token: LinkTokenSchema, password: PasswordSchema });

const AT_THE_DOOR = { audience: 'storefront', ability: 'account.open', params: StoreParams } as const;

interface Needs extends CustomerDoors {
  readonly themes: Themes;
}

/** The pages that mails about accounts lead to. They work without scripts, and looking at one uses no link up. */
export function accountPageRoutes(needs: Needs): Route[] {
  return [...passwordRoutes(needs), ...confirmationRoutes(needs)];
}

function passwordRoutes({ themes, customerCookies, secret }: Needs): Route[] {
  const pages = new AccountPages(themes, 'password');
  const linkOf = ({ store }: AccountVisit, token: string) =>
    linkBehind(store.tenant, { secret, token, purposes: ['password-reset'] });
  return [
    route({
      ...AT_THE_DOOR,
      method: 'GET',
      path: '/s/:store/account/password',
      summary: 'The form for a new password, by the link of a mail; the one that asks for the mail otherwise',
      query: LinkQuery,
      handle: async ({ db, query: { token, done }, ...visit }) => {
        if (token === undefined)
          return pages.show(visit, done === 'asked' || done === 'password_chosen' ? done : 'ask');
        const link = linkOf(visit, token);
        const isOpen = link !== null && (await db.read((tx) => isLinkOpen(tx, link)));
        return isOpen ? pages.showForm(visit, { state: 'choose_password', token }) : pages.showInvalid(visit);
      },
    }),
    route({
      ...AT_THE_DOOR,
      method: 'POST',
      path: '/s/:store/account/password',
      summary: 'Gives the account its new password, and signs in',
      body: LinkForm,
      form: true,
      limit: LINKS_LIMIT,
      handle: async ({ db, body: { token, password }, ...visit }) => {
        refuseForeignOrigin(visit.request);
        const link = linkOf(visit, token);
        if (!link) return pages.showInvalid(visit);
        const form = { state: 'choose_password', token } as const;
        if ([...password].length < PASSWORD_LENGTH_MIN) return pages.showAgain(visit, form, 'password_short');
        try {
          const passwordHash = await hashPassword(password);
          const reset = { id: link.id, passwordHash, ...visitorOf(visit.request) };
          const entrance = await db.write((tx) => resetPassword(tx, reset));
          customerCookies.write(visit.reply, entrance.secret);
        } catch (error) {
          return pages.showRefused(visit, form, error);
        }
        return pages.goOn(visit, 'password_chosen');
      },
    }),
    route({
      ...AT_THE_DOOR,
      method: 'POST',
      path: '/s/:store/account/password/requests',
      summary: 'Asks for the mail with the link; the answer does not say whether there is such an account',
      // What is no address belongs to no account, and is answered like one that does not.
      body: Type.Object({ email: Type.String({ maxLength: EMAIL_LENGTH_MAX }) }),
      form: true,
      limit: MAILS_LIMIT,
      handle: async ({ db, body, ...visit }) => {
        refuseForeignOrigin(visit.request);
        const wish = { email: emailForm(body.email), at: new Date() };
        await db.write(async (tx) => record(tx, ...(await requestPasswordReset(tx, wish))));
        return pages.goOn(visit, 'asked');
      },
    }),
  ];
}

function confirmationRoutes({ themes, database, customerCookies, secret }: Needs): Route[] {
  const pages = new AccountPages(themes, 'confirm');
  const linkOf = ({ store }: AccountVisit, token: string) =>
    linkBehind(store.tenant, { secret, token, purposes: ['registration', 'email-change'] });
  return [
    route({
      ...AT_THE_DOOR,
      method: 'GET',
      path: '/s/:store/account/confirm',
      summary: 'The form that confirms an account or its new e-mail address, by the link of a mail',
      query: LinkQuery,
      handle: async ({ db, query: { token = '', done }, ...visit }) => {
        if (token === '' && done === 'confirmed') return pages.show(visit, done);
        const link = linkOf(visit, token);
        const isOpen = link !== null && (await db.read((tx) => isLinkOpen(tx, link)));
        return isOpen ? pages.showForm(visit, { state: formOf(link), token }) : pages.showInvalid(visit);
      },
    }),
    route({
      ...AT_THE_DOOR,
      method: 'POST',
      path: '/s/:store/account/confirm',
      summary: 'Opens the account, or gives it its new e-mail address, and signs in',
      body: LinkForm,
      form: true,
      limit: LINKS_LIMIT,
      handle: async ({ db, body: { token, password }, ...visit }) => {
        refuseForeignOrigin(visit.request);
        const link = linkOf(visit, token);
        if (!link) return pages.showInvalid(visit);
        const confirm = link.purpose === 'registration' ? confirmAccount : confirmEmail;
        try {
          const confirmation = { id: link.id, password, ...visitorOf(visit.request) };
          const entrance = await confirm(database, db, confirmation);
          customerCookies.write(visit.reply, entrance.secret);
        } catch (error) {
          return pages.showRefused(visit, { state: formOf(link), token }, error);
        }
        return pages.goOn(visit, 'confirmed');
      },
    }),
  ];
}

function formOf({ purpose }: AccountLink) {
  return purpose === 'registration' ? 'confirm_account' : 'confirm_email';
}
