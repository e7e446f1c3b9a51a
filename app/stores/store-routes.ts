import { Type } from 'typebox';
import { dayOf, isDay } from '#core/values/local-time.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { pickupSlots } from './pickup-slots.ts';
import { publicStore } from './project-store.ts';
import { PublicStoreSchema, SlotsSchema } from './store-view.ts';

const MINUTE_MS = 60_000;
const SLOTS_PER_MINUTE_MAX = 120;

const StoreParams = Type.Object({ store: Type.String() });

export const storeRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/stores/:store',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'The public configuration of a store, with when it is open and whether it takes orders',
    params: StoreParams,
    answers: { 200: PublicStoreSchema },
    handle: ({ store }) => publicStore(store, new Date()),
  }),
  route({
    method: 'GET',
    path: '/api/v1/stores/:store/slots',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'The times of a day at which an order can be picked up: open, free and after preparing it',
    params: StoreParams,
    query: Type.Object({
      fulfilment_type: Type.Optional(Type.Literal('pickup')),
      date: Type.Optional(
        Type.String({ pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, examples: ['2026-03-29'] }),
      ),
    }),
    answers: { 200: SlotsSchema },
    limit: { max: SLOTS_PER_MINUTE_MAX, windowMs: MINUTE_MS },
    handle: ({ db, store, query }) => {
      const now = new Date();
      const date = query.date ?? dayOf(now.getTime(), store.timezone);
      if (!isDay(date)) {
        throw refusal('VALIDATION_FAILED', `Expected a day of the calendar, received ${date}.`, {
          errors: { date: ['is no day of the calendar'] },
        });
      }
      return pickupSlots(db, store, { date, now });
    },
  }),
];
