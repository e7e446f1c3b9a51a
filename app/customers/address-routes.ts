import { Type } from 'typebox';
import { route } from '../route.ts';
import { addAddress, addressesOf, changeAddress, removeAddress } from './addresses.ts';
import { AddressFieldsSchema, AddressSchema } from './customer-view.ts';

const AddressParams = Type.Object({ address: Type.String() });

/** The addresses that a signed-in customer keeps. */
export const addressRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/me/addresses',
    audience: 'customer',
    ability: 'account.use',
    summary: 'The addresses that one keeps, oldest first',
    answers: { 200: Type.Object({ data: Type.Array(AddressSchema), next_cursor: Type.Null() }) },
    handle: async ({ db, customer }) => ({
      data: await db.read((tx) => addressesOf(tx, customer.customerId)),
      next_cursor: null,
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customers/me/addresses',
    audience: 'customer',
    ability: 'account.use',
    summary: 'Keeps an address',
    body: AddressFieldsSchema,
    answers: { 201: AddressSchema },
    errors: ['TOO_MANY_ADDRESSES'],
    handle: async ({ db, customer, body, reply }) =>
      reply.status(201).send(await db.write((tx) => addAddress(tx, customer.customerId, body))),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/customers/me/addresses/:address',
    audience: 'customer',
    ability: 'account.use',
    summary: 'Replaces an address',
    params: AddressParams,
    body: AddressFieldsSchema,
    answers: { 200: AddressSchema },
    errors: ['ADDRESS_NOT_FOUND'],
    handle: ({ db, customer: { customerId }, params, body }) =>
      db.write((tx) => changeAddress(tx, { customerId, address: params.address }, body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/customers/me/addresses/:address',
    audience: 'customer',
    ability: 'account.use',
    summary: 'Removes an address',
    params: AddressParams,
    answers: { 200: Type.Object({}) },
    errors: ['ADDRESS_NOT_FOUND'],
    handle: async ({ db, customer: { customerId }, params }) => {
      await db.write((tx) => removeAddress(tx, { customerId, address: params.address }));
      return {};
    },
  }),
];
