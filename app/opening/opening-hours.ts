import { addDays, dayOf, momentOf, weekdayOf } from '#core/values/local-time.ts';

/** Minutes of the store's clock after the midnight that begins the day; the end may lie on the next day, past 1440. */
export interface OpenInterval {
  readonly opens_minute: number;
  readonly closes_minute: number;
}

/** When a store is open. Without hours it always is, but for special days. */
export interface OpeningRules {
  readonly timezone: string;
  /** 1 for Monday to 7 for Sunday; several intervals a day. */
  readonly hours: readonly (OpenInterval & { readonly weekday: number })[];
  /** Days that have their own hours in place of their weekday's; none when the store is closed. */
  readonly special_days: readonly {
    readonly day: string;
    readonly name: string;
    readonly hours: readonly OpenInterval[];
  }[];
}

/** From a moment to another, in milliseconds since 1970; the end is not included. */
export interface OpenTime {
  readonly from: number;
  readonly to: number;
}

const DAY_MINUTES = 1440;
const DAY_MS = DAY_MINUTES * 60_000;
/** How far ahead the next opening is looked for: longer than any holiday. */
const AHEAD_DAYS = 62;

const WHOLE_DAY: OpenInterval = { opens_minute: 0, closes_minute: DAY_MINUTES };

interface Known {
  readonly from: number;
  readonly times: readonly OpenTime[];
}

/** By the rules they come from, which are kept as long as the store does not change. */
const known = new WeakMap<OpeningRules, Known>();

/** When the store is open, from the day before to two months ahead, without overlaps. */
export function openTimes(rules: OpeningRules, now: number): readonly OpenTime[] {
  const kept = known.get(rules);
  if (kept && now >= kept.from && now < kept.from + DAY_MS) return kept.times;
  const today = dayOf(now, rules.timezone);
  const times = isAlwaysOpen(rules) ? [throughout(rules, today)] : timesAround(rules, today);
  known.set(rules, { from: now, times });
  return times;
}

/** The time that holds the moment; undefined when the store is closed then. */
export function openTimeAt(rules: OpeningRules, now: number, moment: number): OpenTime | undefined {
  return openTimes(rules, now).find(({ from, to }) => from <= moment && moment < to);
}

/** The first moment from this one on at which the store is open; null when it is not for two months. */
export function nextOpen(rules: OpeningRules, now: number, moment: number): number | null {
  const time = openTimes(rules, now).find(({ to }) => moment < to);
  return time ? Math.max(time.from, moment) : null;
}

/** Whether the rules never close the store. */
export function isAlwaysOpen({ hours, special_days: days }: OpeningRules): boolean {
  return hours.length === 0 && days.length === 0;
}

/** From the day before to the last day in sight. */
function throughout({ timezone }: OpeningRules, today: string): OpenTime {
  return {
    from: momentOf(addDays(today, -1), 0, timezone),
    to: momentOf(addDays(today, AHEAD_DAYS), DAY_MINUTES, timezone),
  };
}

function timesAround(rules: OpeningRules, today: string): OpenTime[] {
  const days = Array.from({ length: AHEAD_DAYS + 2 }, (_, at) => addDays(today, at - 1));
  return merged(days.flatMap((day) => timesOfDay(rules, day)));
}

function timesOfDay(rules: OpeningRules, day: string): OpenTime[] {
  return intervalsOf(rules, day)
    .map(({ opens_minute: opens, closes_minute: closes }) => ({
      from: momentOf(day, opens, rules.timezone),
      to: momentOf(day, closes, rules.timezone),
    }))
    .filter(({ from, to }) => from < to);
}

function intervalsOf({ hours, special_days: days }: OpeningRules, day: string): readonly OpenInterval[] {
  const special = days.find((each) => each.day === day);
  if (special) return special.hours;
  if (hours.length === 0) return [WHOLE_DAY];
  const weekday = weekdayOf(day);
  return hours.filter((each) => each.weekday === weekday);
}

function merged(times: readonly OpenTime[]): OpenTime[] {
  const all: OpenTime[] = [];
  for (const time of times.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && time.from <= last.to)
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, time.to) };
    else all.push(time);
  }
  return all;
}
