import { PASSWORD, type Person } from './merchants.ts';
import { cookiesOf, type Answer, type HttpClient } from './http-client.ts';
import { expectStatus } from './orders.ts';
import type { TestStore } from './merchants.ts';

/** Signs a person in, at the store when there are several to choose from; answers a client that sends their cookies and token. */
export async function signIn(visitor: HttpClient, login: Person, store?: TestStore): Promise<HttpClient> {
  const answer = await visitor.post('/login', { login, password: PASSWORD });
  expectStatus(303, answer);
  const staff = signedIn(visitor, answer);
  if (store) expectStatus(303, await staff.post('/dashboard/store', { store_id: store.id }));
  return staff;
}

/** A client of whoever was signed in by this answer. */
export function signedIn(visitor: HttpClient, answer: Answer<unknown>): HttpClient {
  const cookies = cookiesOf(answer);
  const cookie = Object.entries(cookies)
    .map((pair) => pair.join('='))
    .join('; ');
  return visitor.with({ cookie, 'x-xsrf-token': cookies['XSRF-TOKEN'] ?? '' });
}
