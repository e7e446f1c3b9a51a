import { Temporal } from 'temporal-polyfill';

/**
 * The moment, in milliseconds since 1970, at which clocks of the time zone show so many minutes after the midnight that begins the day
 * (`2026-03-29`); minutes past 1440 are on the next day. A time that clocks skip is as much later as they skip, and of a time that they show
 * twice it is the first, as calendars have it (RFC 5545). Throws `RangeError` for a day or a time zone that does not exist.
 */
export function momentOf(day: string, minute: number, timeZone: string): number {
  return Temporal.PlainDate.from(day)
    .toPlainDateTime()
    .add({ minutes: minute })
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** The day (`2026-03-29`) that calendars of the time zone show at a moment in milliseconds since 1970. */
export function dayOf(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: string): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** Whether the text is a day that calendars have, as `2026-03-29`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** Whether the text names a time zone, such as `Europe/Berlin`: an offset like `+01:00` knows no change of clocks, and is none. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
