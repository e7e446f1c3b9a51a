import { randomUUID } from 'node:crypto';
import type { Call } from '../support/hostile-values.ts';
import type { HttpClient } from '../support/http-client.ts';
import { PASSWORD } from '../support/merchants.ts';

interface Callers {
  readonly visitor: () => HttpClient;
  readonly customer: () => HttpClient;
}

const DOORS = '/api/v1/customers';
const ME = `${DOORS}/me`;
const NOBODYS = 'ad_k3JdXa0Q';

const address = () => ({
  country: 'AU',
  state: 'VIC',
  postcode: '3000',
  city: 'Melbourne',
  line1: '2 Low Street',
  line2: 'Flat 3',
});

/** A call for each route of customers' accounts that takes a body. */
export function customerCalls({ visitor, customer }: Callers): Record<string, Call> {
  const knock = (door: string) => (body: unknown) => visitor().post(`${DOORS}/${door}?store=cafe`, body);
  return {
    [`POST ${DOORS}/register`]: {
      body: () => ({
        email: `${randomUUID()}@example.com`,
        password: PASSWORD,
        first_name: 'Robin',
        last_name: 'Vale',
        mobile: '+61 400 000 002',
      }),
      send: knock('register'),
      others: [202],
    },
    [`POST ${DOORS}/register/confirmation`]: {
      body: () => ({ token: 'x', password: PASSWORD }),
      send: knock('register/confirmation'),
      others: [404],
    },
    [`POST ${DOORS}/login`]: {
      body: () => ({ email: `${randomUUID()}@example.com`, password: PASSWORD }),
      send: knock('login'),
      others: [401, 429],
    },
    [`POST ${DOORS}/password-reset`]: {
      body: () => ({ email: `${randomUUID()}@example.com` }),
      send: knock('password-reset'),
      others: [202],
    },
    [`POST ${DOORS}/password-reset/confirmation`]: {
      body: () => ({ token: 'x', password: PASSWORD }),
      send: knock('password-reset/confirmation'),
      others: [404],
    },
    [`PATCH ${ME}`]: {
      body: () => ({ first_name: 'Robin', last_name: 'Vale', mobile: '+61 400 000 002' }),
      send: (body) => customer().patch(ME, body),
      others: [200],
    },
    [`PUT ${ME}/password`]: {
      body: () => ({ current_password: 'a wrong password', password: PASSWORD }),
      send: (body) => customer().put(`${ME}/password`, body),
      others: [401, 429],
    },
    [`POST ${ME}/addresses`]: {
      body: address,
      send: (body) => customer().post(`${ME}/addresses`, body),
      others: [201, 409],
    },
    [`PUT ${ME}/addresses/:address`]: {
      body: address,
      send: (body) => customer().put(`${ME}/addresses/${NOBODYS}`, body),
      others: [404],
    },
  };
}
