import { refusal } from '../errors.ts';
import { isAlwaysOpen, nextOpen, openTimeAt } from './opening-hours.ts';
import { earliestReady, openSlots, PICKUP_AHEAD_MAX_MS, slotOf, type OrderingRules } from './ordering.ts';

/** A customer who asked for "now" a moment ago is not told that now has passed. */
const PICKUP_GRACE_MS = 5 * 60_000;
/** Times that are offered in place of one that cannot be had. */
const NEXT_SLOTS = 5;

/** How many orders hold a slot, by when it begins, in milliseconds since 1970; slots that are not there hold none. */
export type TakenSlots = ReadonlyMap<number, number>;

export interface PickupPromise {
  readonly promisedAt: Date;
  /** The place that the order takes; null where the store takes as many as come. */
  readonly slot: SlotPlace | null;
}

export interface SlotPlace {
  readonly at: Date;
  /** Null for whoever is given one in any case. */
  readonly capacity: number | null;
  /** Whether it was taken before, for an order that was being paid. */
  readonly isHeld: boolean;
  /** Times that are free in its stead, ISO 8601. */
  readonly next: readonly string[];
}

interface Asked {
  /** ISO 8601; null for as soon as possible. */
  readonly pickupTime: string | null;
  readonly now: Date;
}

/**
 * When a pickup order will be ready: at the time that was asked for, or as soon as the store is open and has a place after preparing it.
 * Refuses VALIDATION_FAILED for a time that is too early or too far ahead, STORE_CLOSED and SLOT_TAKEN with the next times to be had.
 */
export function promisePickup(rules: OrderingRules, asked: Asked, taken: TakenSlots): PickupPromise {
  const { pickupTime, now } = asked;
  const earliest = earliestReady(rules, now);
  const next = (after: number) => freeSlots(rules, now, after, taken);
  if (pickupTime === null) {
    const [first] = firstFree(rules, now, earliest, taken);
    if (first === undefined) throw noTime(rules, next(earliest), 'as soon as possible');
    return promise(rules, first, next(first + 1));
  }
  const wanted = timeAsked(pickupTime, now, earliest);
  if (!isOpenAt(rules, now, wanted)) {
    throw refusal('STORE_CLOSED', `The store is closed at ${pickupTime}.`, {
      next_slots: next(wanted),
      errors: { pickup_time: ['is when the store is closed'] },
    });
  }
  if (wanted < earliest) throw wrongTime(pickupTime, earliest);
  if (isFull(rules, wanted, taken)) throw slotTaken(next(wanted));
  return promise(rules, wanted, next(wanted + 1));
}

/** The refusal of whom another has taken the last place from. */
export function slotTaken(next: readonly string[]) {
  return refusal('SLOT_TAKEN', 'This time is fully booked by now.', {
    next_slots: next,
    errors: { pickup_time: ['is fully booked'] },
  });
}

/** Beginnings of the next slots that are open and free, ISO 8601. */
export function freeSlots(rules: OrderingRules, now: Date, after: number, taken: TakenSlots): string[] {
  const from = Math.max(after, earliestReady(rules, now));
  return openSlots(rules, now, { from, to: now.getTime() + PICKUP_AHEAD_MAX_MS })
    .filter((slot) => !isFull(rules, slot, taken))
    .slice(0, NEXT_SLOTS)
    .map((slot) => new Date(slot).toISOString());
}

/** The first moment from this one on that is open and free, or none within reach. */
export function firstFree(
  rules: OrderingRules,
  now: Date,
  earliest: number,
  taken: TakenSlots,
): readonly number[] {
  const open = isAlwaysOpen(rules) ? earliest : nextOpen(rules, now.getTime(), earliest);
  const end = now.getTime() + PICKUP_AHEAD_MAX_MS;
  if (open === null || open > end) return [];
  if (!isFull(rules, open, taken)) return [open];
  return openSlots(rules, now, { from: open, to: end })
    .filter((slot) => !isFull(rules, slot, taken))
    .slice(0, 1);
}

export function isFull(
  { slot_capacity: capacity }: OrderingRules,
  moment: number,
  taken: TakenSlots,
): boolean {
  return capacity !== null && (taken.get(slotOf(moment)) ?? 0) >= capacity;
}

function isOpenAt(rules: OrderingRules, now: Date, moment: number): boolean {
  return isAlwaysOpen(rules) || openTimeAt(rules, now.getTime(), moment) !== undefined;
}

function timeAsked(pickupTime: string, now: Date, earliest: number): number {
  const wanted = Date.parse(pickupTime);
  const at = now.getTime();
  // A leap second is a date-time that no clock here has: NaN, which is in no range.
  if (!(wanted >= at - PICKUP_GRACE_MS && wanted <= at + PICKUP_AHEAD_MAX_MS))
    throw wrongTime(pickupTime, earliest);
  return wanted >= earliest - PICKUP_GRACE_MS ? Math.max(wanted, earliest) : wanted;
}

function wrongTime(pickupTime: string, earliest: number) {
  return refusal(
    'VALIDATION_FAILED',
    `Expected a pickup time from ${new Date(earliest).toISOString()} within a week, received ${pickupTime}.`,
    { errors: { pickup_time: ['is too early or more than a week ahead'] } },
  );
}

function promise(
  { slot_capacity: capacity }: OrderingRules,
  moment: number,
  next: readonly string[],
): PickupPromise {
  const slot = capacity === null ? null : { at: new Date(slotOf(moment)), capacity, isHeld: false, next };
  return { promisedAt: new Date(moment), slot };
}

function noTime({ slot_capacity: capacity }: OrderingRules, next: readonly string[], when: string) {
  const code = capacity === null ? 'STORE_CLOSED' : 'SLOT_TAKEN';
  return refusal(code, `The store has no time for a pickup ${when} within a week.`, { next_slots: next });
}

/** The slots that a promise may have to choose from; null where the store takes as many orders as come. */
export function slotsWanted(
  rules: OrderingRules,
  now: Date,
): { readonly from: Date; readonly to: Date } | null {
  if (rules.slot_capacity === null) return null;
  const from = new Date(slotOf(earliestReady(rules, now)));
  return { from, to: new Date(now.getTime() + PICKUP_AHEAD_MAX_MS) };
}
