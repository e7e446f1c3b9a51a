import { Type } from 'typebox';
import { sendCsv } from '#core/http/csv.ts';
import { route } from '../route.ts';
import { storeConfig } from '../stores/store-queries.ts';
import { exportProducts } from './export-products.ts';

export const productExportRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/products.csv',
    audience: 'staff',
    ability: 'products.manage',
    summary: 'The products of the store and of all stores as a Shopify product CSV',
    answers: { 200: Type.String() },
    handle: async ({ db, request, reply }) => {
      const { currency } = await db.read(storeConfig);
      const origin = `${request.protocol}://${request.host}`;
      return sendCsv(reply, 'products.csv', exportProducts({ db, currency, origin }));
    },
  }),
];
