import { sessionCookies, type SessionCookies } from '#core/security/session-cookies.ts';

const DAY_S = 86_400;
const COOKIE_AGE_MAX_S = 14 * DAY_S;

export type StaffCookies = SessionCookies;

/** Cookies of staff sessions. Inertia sends XSRF-TOKEN back by itself. */
export function staffCookies({ secure }: { readonly secure: boolean }): StaffCookies {
  return sessionCookies({
    name: 'storeflow_staff',
    token: { cookie: 'XSRF-TOKEN', header: 'x-xsrf-token' },
    ageMaxS: COOKIE_AGE_MAX_S,
    secure,
  });
}
