import { Type } from 'typebox';
import { route } from '../route.ts';
import { StoreSchema } from './store-view.ts';

export const storeRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/stores/:store',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'The public configuration of a store',
    params: Type.Object({ store: Type.String() }),
    answers: { 200: StoreSchema },
    handle: ({ store }) => store,
  }),
];
