import { refusal } from '../errors.ts';
import { isAlwaysOpen, nextOpen, openTimeAt, openTimes, type OpeningRules } from './opening-hours.ts';

/** How a store takes orders: when it is open, how long it takes, how much it takes on, and whether it does now. */
export interface OrderingRules extends OpeningRules {
  readonly preparation_minutes: number;
  /** Pickup orders in a quarter of an hour; null: as many as come. */
  readonly slot_capacity: number | null;
  readonly busy_minutes: number | null;
  readonly busy_until: Date | null;
  readonly paused_since: Date | null;
  /** Null while paused: until somebody resumes. */
  readonly paused_until: Date | null;
}

/** What a customer is told. */
export interface OrderingState {
  readonly status: 'open' | 'closed' | 'paused';
  /** When a closed or paused store takes orders for at once again; null when it is open, or nobody knows. */
  readonly opens_at: string | null;
  /** When an open store closes; null when that is not in sight. */
  readonly closes_at: string | null;
  /** Minutes that preparing takes longer for the time being. */
  readonly busy_minutes: number;
  readonly busy_until: string | null;
}

const MINUTE_MS = 60_000;
export const SLOT_MS = 15 * MINUTE_MS;
/** How far ahead a pickup may be asked for. */
export const PICKUP_AHEAD_MAX_MS = 7 * 24 * 60 * MINUTE_MS;

/** How the store takes orders at the moment. */
export function orderingState(rules: OrderingRules, now: Date): OrderingState {
  const at = now.getTime();
  const isBusy = busyMinutes(rules, now) > 0;
  const busy = {
    busy_minutes: busyMinutes(rules, now),
    busy_until: isBusy ? (rules.busy_until?.toISOString() ?? null) : null,
  };
  if (isPaused(rules, now)) {
    const again = rules.paused_until && nextOpen(rules, at, rules.paused_until.getTime());
    return { status: 'paused', opens_at: told(again), closes_at: null, ...busy };
  }
  const open = openTimeAt(rules, at, at);
  if (!open) return { status: 'closed', opens_at: told(nextOpen(rules, at, at)), closes_at: null, ...busy };
  const isLast = open === openTimes(rules, at).at(-1);
  return { status: 'open', opens_at: null, closes_at: isLast ? null : told(open.to), ...busy };
}

/** Refuses STORE_PAUSED, with when orders are taken again. */
export function refuseWhilePaused(rules: OrderingRules, now: Date): void {
  if (!isPaused(rules, now)) return;
  const { opens_at } = orderingState(rules, now);
  const until = opens_at ? `It takes them again from ${opens_at}.` : 'Try again later.';
  throw refusal('STORE_PAUSED', `The store takes no orders at the moment. ${until}`, { opens_at });
}

/**
 * The earliest that something ordered now can be ready, in milliseconds since 1970: nobody prepares it before the store is open. By the time it
 * is ready, the store may be closed.
 */
export function earliestReady(rules: OrderingRules, now: Date): number {
  const at = now.getTime();
  const begins = isAlwaysOpen(rules) ? at : (nextOpen(rules, at, at) ?? at);
  return begins + (rules.preparation_minutes + busyMinutes(rules, new Date(begins))) * MINUTE_MS;
}

/** The quarter of an hour in which a moment lies: the same on clocks of all time zones. */
export function slotOf(moment: number): number {
  return Math.floor(moment / SLOT_MS) * SLOT_MS;
}

/** Beginnings of quarters of an hour at which the store is open, from one moment to before another. */
export function openSlots(rules: OrderingRules, now: Date, span: { from: number; to: number }): number[] {
  return openTimes(rules, now.getTime()).flatMap(({ from, to }) => {
    const first = Math.ceil(Math.max(from, span.from) / SLOT_MS) * SLOT_MS;
    const end = Math.min(to, span.to);
    return Array.from(
      { length: Math.max(0, Math.ceil((end - first) / SLOT_MS)) },
      (_, at) => first + at * SLOT_MS,
    );
  });
}

function isPaused({ paused_since: since, paused_until: until }: OrderingRules, now: Date): boolean {
  return since !== null && since <= now && (until === null || now < until);
}

function busyMinutes({ busy_minutes: minutes, busy_until: until }: OrderingRules, now: Date): number {
  return minutes !== null && until !== null && now < until ? minutes : 0;
}

function told(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
