import { isDay, isTimeZone } from '#core/values/local-time.ts';
import { isLocale } from '#core/values/locale.ts';
import { refusal } from '../errors.ts';
import { readInterval, type WrittenInterval } from '../opening/day-times.ts';
import type { SettingsBody, StoreSettings } from './settings-view.ts';

/** Refuses settings that contradict each other: VALIDATION_FAILED with the fields. */
export function refuseWrongSettings(settings: StoreSettings, changes: Omit<SettingsBody, 'version'>): void {
  if (!isTimeZone(settings.timezone)) throw wrong('is no time zone', 'timezone');
  if (!isLocale(settings.locale)) throw wrong('is no locale', 'locale');
  if (!settings.pickup && !settings.shipping)
    throw wrong('a store offers pickup or shipping; pause it to take no orders', 'pickup', 'shipping');
  if (settings.age_red_minutes <= settings.age_amber_minutes)
    throw wrong('red comes after amber', 'age_red_minutes', 'age_amber_minutes');
  for (const [weekday, hours] of Map.groupBy(changes.opening_hours ?? [], (each) => each.weekday))
    refuseOverlap(hours, `opening_hours of weekday ${weekday}`, 'opening_hours');
  refuseWrongDays(changes.special_days ?? []);
}

function refuseWrongDays(days: NonNullable<SettingsBody['special_days']>): void {
  const seen = new Set<string>();
  for (const [at, { date, hours }] of days.entries()) {
    if (!isDay(date)) throw wrong('is no day of the calendar', `special_days.${at}.date`);
    if (seen.has(date)) throw wrong('is there twice', `special_days.${at}.date`);
    seen.add(date);
    refuseOverlap(hours, `hours of ${date}`, `special_days.${at}.hours`);
  }
}

function refuseOverlap(written: readonly WrittenInterval[], what: string, field: string): void {
  const intervals = written.map(readInterval).toSorted((a, b) => a.opens_minute - b.opens_minute);
  const overlaps = intervals.some(
    ({ opens_minute: opens }, at) => opens < (intervals[at - 1]?.closes_minute ?? 0),
  );
  if (overlaps) throw wrong(`${what} overlap`, field);
}

function wrong(message: string, ...fields: readonly string[]) {
  return refusal('VALIDATION_FAILED', `The settings need a change: ${message}.`, {
    errors: Object.fromEntries(fields.map((field) => [field, [message]])),
  });
}
