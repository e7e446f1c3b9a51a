import { randomUUID } from 'node:crypto';
import type { Call } from '../support/hostile-values.ts';
import type { HttpClient } from '../support/http-client.ts';
import { PASSWORD } from '../support/merchants.ts';

interface Callers {
  readonly visitor: () => HttpClient;
  readonly manager: () => HttpClient;
  readonly customer: () => HttpClient;
}

const DOORS = '/api/v1/customers';
const ME = `${DOORS}/me`;
const NOBODY = 'AAAAAAAAAAAAAAAAAAAAAA';
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
export function customerCalls({ visitor, customer, manager }: Callers): Record<string, Call> {
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
      others: [422, 429],
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
    [`PUT ${ME}/cart`]: {
      body: () => ({
        items: [
          { variant_id: 'va_k3JdXa0Q', quantity: 2, customizations: [{ choice_id: 'ch_x', quantity: 1 }] },
        ],
        version: 7,
      }),
      send: (body) => customer().put(`${ME}/cart?store=cafe`, body),
      others: [200, 409],
    },
    [`DELETE ${ME}`]: {
      body: () => ({ password: 'a wrong password' }),
      send: (body) => customer().delete(ME, body),
      others: [422, 429],
    },
    'PATCH /dashboard/customers/:public_id': {
      body: () => ({
        version: 1,
        first_name: 'Robin',
        last_name: 'Vale',
        email: 'robin@example.com',
        mobile: '+61 400 000 002',
        note: 'Likes it hot',
      }),
      send: (body) => manager().patch(`/dashboard/customers/${NOBODY}`, body),
      others: [404],
    },
    'POST /dashboard/customers/:public_id/merges': {
      body: () => ({ other_id: 'BBBBBBBBBBBBBBBBBBBBBB' }),
      send: (body) => manager().post(`/dashboard/customers/${NOBODY}/merges`, body),
      others: [404],
    },
  };
}
