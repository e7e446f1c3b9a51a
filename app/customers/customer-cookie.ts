import { sessionCookies, type SessionCookies } from '#core/security/session-cookies.ts';

const DAY_S = 86_400;
const COOKIE_AGE_MAX_S = 90 * DAY_S;

export type CustomerCookies = SessionCookies;

/** Cookies of customers' sessions: other names than those of staff, so that one person can be both in one browser. */
export function customerCookies({ secure }: { readonly secure: boolean }): CustomerCookies {
  return sessionCookies({
    name: 'storeflow_customer',
    token: { cookie: 'storeflow_customer_token', header: 'x-customer-token' },
    ageMaxS: COOKIE_AGE_MAX_S,
    secure,
  });
}
