import { inject } from 'vitest';
import type { Customer } from '#app/customers/customer-view.ts';
import { signedToken } from '#core/security/signed-token.ts';
import type { TestApp } from './app.ts';
import { cookiesOf, type Answer, type HttpClient, type Json } from './http-client.ts';
import { PASSWORD, type TestStore } from './merchants.ts';
import { expectStatus } from './orders.ts';

type Purpose = 'registration' | 'password-reset' | 'email-change';

const TABLES = {
  registration: 'customer_registrations',
  'password-reset': 'customer_password_resets',
  'email-change': 'customer_email_changes',
};

/** The address of a door at a store. */
export function door(name: string, { slug }: Pick<TestStore, 'slug'>): string {
  return `/api/v1/customers/${name}?store=${slug}`;
}

/** The token in the newest mail for this purpose, as its reader would find it. */
export async function newestLink(
  { admin }: TestApp,
  purpose: Purpose,
  { tenant }: TestStore,
): Promise<string> {
  const [row] = await admin<{ id: number }[]>`
    SELECT id::int FROM ${admin(TABLES[purpose])} WHERE merchant_id = ${tenant.merchantId} ORDER BY id DESC LIMIT 1`;
  return link(purpose, tenant.merchantId, row?.id ?? 0);
}

export function link(purpose: Purpose, merchantId: TestStore['tenant']['merchantId'], id: number): string {
  return signedToken(inject('testServer').secret, purpose, { merchantId, id });
}

/** A client of the customer who was let in by this answer. */
export function customerOf(visitor: HttpClient, answer: Answer<unknown>): HttpClient {
  const cookies = cookiesOf(answer);
  const cookie = Object.entries(cookies)
    .map((pair) => pair.join('='))
    .join('; ');
  return visitor.with({ cookie, 'x-customer-token': cookies['storeflow_customer_token'] ?? '' });
}

/** Registers and confirms by the link of the mail; answers the signed-in customer's client. */
export async function register(
  app: TestApp,
  store: TestStore,
  person: { email: string; first_name?: string; mobile?: string },
): Promise<HttpClient> {
  const wish = { first_name: 'Robin', last_name: 'Vale', password: PASSWORD, ...person };
  expectStatus(202, await app.visitor.post<Json>(door('register', store), wish));
  const token = await newestLink(app, 'registration', store);
  const answer = await app.visitor.post<Customer>(door('register/confirmation', store), {
    token,
    password: PASSWORD,
  });
  expectStatus(200, answer);
  return customerOf(app.visitor, answer);
}
