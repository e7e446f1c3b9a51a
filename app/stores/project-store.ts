import { writeInterval } from '../opening/day-times.ts';
import type { OpeningRules } from '../opening/opening-hours.ts';
import { orderingState } from '../opening/ordering.ts';
import type { StoreConfig } from './store-queries.ts';
import type { PublicStore } from './store-view.ts';

/** The store as everyone may see it, at the moment. What is not in the answer's schema is not sent. */
export function publicStore({ ordering, ...store }: StoreConfig, now: Date): PublicStore {
  return { ...store, ordering: orderingState(ordering, now), ...writtenHours(ordering) };
}

/** When a store is open, as people write it. */
export function writtenHours({
  hours,
  special_days: days,
}: OpeningRules): Pick<PublicStore, 'opening_hours' | 'special_days'> {
  return {
    opening_hours: hours.map(({ weekday, ...interval }) => ({ weekday, ...writeInterval(interval) })),
    special_days: days.map(({ day, name, hours: own }) => ({
      date: day,
      name,
      hours: own.map(writeInterval),
    })),
  };
}
