import { Type } from 'typebox';
import { sendCsv } from '#core/http/csv.ts';
import { route } from '../route.ts';
import { exportCustomers } from './export-customers.ts';

export const customerExportRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/customers.csv',
    audience: 'staff',
    ability: 'customers.manage',
    summary: 'The merchant’s customers as a CSV',
    answers: { 200: Type.String() },
    handle: async ({ db, actor, request, reply }) => {
      const act = { actor, requestId: request.id, at: new Date() };
      return sendCsv(reply, 'customers.csv', await exportCustomers(db, act));
    },
  }),
];
