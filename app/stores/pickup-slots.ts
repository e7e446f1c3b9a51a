import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { addDays, momentOf } from '#core/values/local-time.ts';
import {
  earliestReady,
  openSlots,
  orderingState,
  PICKUP_AHEAD_MAX_MS,
  SLOT_MS,
  type OrderingRules,
} from '../opening/ordering.ts';
import { firstFree, isFull, slotsWanted, type TakenSlots } from '../opening/pickup-promise.ts';
import type { StoreConfig } from './store-queries.ts';
import { takenSlots } from '../opening/store-slots.ts';
import type { Slots } from './store-view.ts';

const NONE: TakenSlots = new Map();

/** The open and free times of a day; none of a store that does not offer pickup or is paused. */
export async function pickupSlots(
  db: TenantDb<StoreTenant>,
  { ordering, pickup, timezone }: StoreConfig,
  { date, now }: { readonly date: string; readonly now: Date },
): Promise<Slots> {
  const none = { date, timezone, asap_at: null, data: [], next_cursor: null };
  if (!pickup || orderingState(ordering, now).status === 'paused') return none;
  const earliest = earliestReady(ordering, now);
  const end = now.getTime() + PICKUP_AHEAD_MAX_MS;
  const wanted = slotsWanted(ordering, now);
  const taken = wanted ? await db.read((tx) => takenSlots(tx, wanted)) : NONE;
  const [asap] = firstFree(ordering, now, earliest, taken);
  return {
    ...none,
    asap_at: asap === undefined ? null : new Date(asap).toISOString(),
    data: slotsOn(ordering, now, { from: earliest, to: end, date })
      .filter((slot) => !isFull(ordering, slot, taken))
      .map((slot) => ({
        starts_at: new Date(slot).toISOString(),
        ends_at: new Date(slot + SLOT_MS).toISOString(),
      })),
  };
}

/** A day of the store's calendar is 23 hours long at one change of its clocks, and 25 at the other. */
function slotsOn(
  rules: OrderingRules,
  now: Date,
  { from, to, date }: { from: number; to: number; date: string },
): number[] {
  const begins = momentOf(date, 0, rules.timezone);
  const ends = momentOf(addDays(date, 1), 0, rules.timezone);
  return openSlots(rules, now, { from: Math.max(from, begins), to: Math.min(to, ends) });
}
