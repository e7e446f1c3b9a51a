import { Type } from 'typebox';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import { PageOf, pageOf, PageQuery } from '#core/values/page.ts';
import { Absent } from '#core/values/schema.ts';
import { addressesOf } from '../customers/addresses.ts';
import { emailForm, mobileForm } from '../customers/contact-forms.ts';
import { customerByPublicId, customerView } from '../customers/customer-queries.ts';
import { EmailSchema, FirstNameSchema, LastNameSchema, MobileSchema } from '../customers/customer-view.ts';
import { route } from '../route.ts';
import {
  CustomerDetailSchema,
  CustomerExportSchema,
  CustomerInListSchema,
  type CustomerDetail,
} from './account-view.ts';
import { customerInList, customerList } from './customer-list.ts';
import { ordersOfCustomer, orderSummary } from './customer-orders.ts';
import { editCustomer } from './edit-customer.ts';
import { eraseCustomer } from './erase-customer.ts';
import { exportCustomer } from './export-customer.ts';
import { mergeCustomers } from './merge-customers.ts';

const ORDERS_SHOWN = 20;
const NOTE_LENGTH_MAX = 2000;
const TOKEN_LENGTH = 22;

const CustomerParams = Type.Object({ public_id: Type.String() });

/** The merchant's customers, for those who look after them. Orders are shown of the store that was chosen. */
const readingRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/customers.json',
    audience: 'staff',
    ability: 'customers.manage',
    summary:
      'The merchant’s customers, newest first, by part of a name, an e-mail address or a mobile number',
    query: Type.Object({
      ...PageQuery.properties,
      search: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    answers: { 200: PageOf(CustomerInListSchema) },
    handle: async ({ db, query: { cursor, limit, search } }) => {
      const rows = await db.read((tx) => customerList(tx, { search, after: cursor, limit }));
      return pageOf(rows, { limit, view: customerInList, cursorOf: ({ public_id }) => public_id });
    },
  }),
  route({
    method: 'GET',
    path: '/dashboard/customers/:public_id.json',
    audience: 'staff',
    ability: 'customers.manage',
    summary: 'A customer with addresses and the newest orders',
    params: CustomerParams,
    answers: { 200: CustomerDetailSchema },
    errors: ['CUSTOMER_NOT_FOUND'],
    handle: ({ db, params }) => detail(db, params.public_id),
  }),
  route({
    method: 'GET',
    path: '/dashboard/customers/:public_id/export.json',
    audience: 'staff_without_store',
    ability: 'customers.manage',
    summary: 'Everything that is kept about a customer, at all stores',
    params: CustomerParams,
    answers: { 200: CustomerExportSchema },
    errors: ['CUSTOMER_NOT_FOUND'],
    handle: ({ db, actor, params, request }) =>
      db.write(async (tx) => {
        const { id } = await customerByPublicId(tx, params.public_id);
        const at = new Date();
        await writeAudit(tx, {
          actor,
          action: 'customer.exported',
          entity: 'customer',
          entityId: id,
          before: null,
          after: null,
          requestId: request.id,
          at,
        });
        return exportCustomer(tx, id, at);
      }),
  }),
];

const changingRoutes = [
  route({
    method: 'PATCH',
    path: '/dashboard/customers/:public_id',
    audience: 'staff',
    ability: 'customers.manage',
    summary: 'Changes a customer’s record; what is absent stays',
    params: CustomerParams,
    body: Type.Object({
      version: Type.Integer({ minimum: 1 }),
      first_name: Type.Optional(FirstNameSchema),
      last_name: Type.Optional(LastNameSchema),
      email: Absent(EmailSchema),
      mobile: Absent(MobileSchema),
      note: Absent(Type.String({ maxLength: NOTE_LENGTH_MAX })),
    }),
    answers: { 200: CustomerDetailSchema },
    errors: ['CUSTOMER_NOT_FOUND', 'CUSTOMER_CHANGED', 'EMAIL_TAKEN', 'EMAIL_IS_PROVEN'],
    handle: async ({ db, actor, params, body, request }) => {
      const { version, email, mobile, note } = body;
      await db.write((tx) =>
        editCustomer(tx, {
          publicId: params.public_id,
          version,
          changes: {
            first_name: body.first_name?.trim(),
            last_name: body.last_name?.trim(),
            email: typeof email === 'string' ? emailForm(email) : email,
            mobile: mobile === undefined ? undefined : mobileForm(mobile),
            note: note === undefined ? undefined : note?.trim() || null,
          },
          actor,
          requestId: request.id,
          at: new Date(),
        }),
      );
      return detail(db, params.public_id);
    },
  }),
  route({
    method: 'POST',
    path: '/dashboard/customers/:public_id/merges',
    audience: 'staff_without_store',
    ability: 'customers.manage',
    summary: 'Makes one customer of two records of one person; answers which one stays',
    params: CustomerParams,
    body: Type.Object({ other_id: Type.String({ minLength: TOKEN_LENGTH, maxLength: TOKEN_LENGTH }) }),
    answers: { 200: Type.Object({ public_id: Type.String() }) },
    errors: ['CUSTOMER_NOT_FOUND', 'BOTH_HAVE_ACCOUNTS', 'ORDERS_UNDER_WAY'],
    handle: async ({ db, actor, params, body, request }) => ({
      public_id: await db.write((tx) =>
        mergeCustomers(tx, {
          publicId: params.public_id,
          otherId: body.other_id,
          actor,
          requestId: request.id,
          at: new Date(),
        }),
      ),
    }),
  }),
  route({
    method: 'POST',
    path: '/dashboard/customers/:public_id/erasures',
    audience: 'staff_without_store',
    ability: 'customers.manage',
    summary: 'Forgets a customer; what was bought stays, without a name',
    params: CustomerParams,
    answers: { 200: Type.Object({}) },
    errors: ['CUSTOMER_NOT_FOUND', 'ORDERS_UNDER_WAY'],
    handle: async ({ db, actor, params, request }) => {
      await db.write(async (tx) => {
        const { id: customerId } = await customerByPublicId(tx, params.public_id);
        await eraseCustomer(tx, { customerId, actor, requestId: request.id, at: new Date() });
      });
      return {};
    },
  }),
];

export const dashboardCustomerRoutes = [...readingRoutes, ...changingRoutes];

function detail(db: TenantDb<StoreTenant>, publicId: string): Promise<CustomerDetail> {
  return db.read(async (tx) => {
    const customer = await customerByPublicId(tx, publicId);
    const orders = await ordersOfCustomer(tx, customer.id, { after: null, limit: ORDERS_SHOWN });
    const { version, has_account, note } = customer;
    return {
      ...customerView(customer),
      version,
      has_account,
      note,
      addresses: await addressesOf(tx, customer.id),
      orders: orders.slice(0, ORDERS_SHOWN).map(orderSummary),
    };
  });
}
