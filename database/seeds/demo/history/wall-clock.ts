const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A day as people in a place call it. */
export interface LocalDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 is Monday. */
  readonly weekday: number;
}

/** The day that it was in the place, so many days before the moment. */
export function daysBefore(moment: Date, days: number, timezone: string): LocalDay {
  const { year, month, day } = localParts(new Date(moment.getTime() - days * DAY_MS), timezone);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return { year, month, day, weekday };
}

/** The moment at which clocks in the place show so many minutes after midnight of the day. */
export function momentAt({ year, month, day }: LocalDay, minutes: number, timezone: string): Date {
  const shown = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS;
  // Twice, because the first guess may lie on the other side of a change of the clocks.
  const guess = shown - offsetMs(new Date(shown), timezone);
  return new Date(shown - offsetMs(new Date(guess), timezone));
}

function offsetMs(moment: Date, timezone: string): number {
  const { year, month, day, hour, minute } = localParts(moment, timezone);
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  return shown - Math.floor(moment.getTime() / MINUTE_MS) * MINUTE_MS;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localParts(moment: Date, timezone: string) {
  const format = formats.get(timezone) ?? newFormat(timezone);
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

function newFormat(timezone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
  });
  formats.set(timezone, format);
  return format;
}
