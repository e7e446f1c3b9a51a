import type { OpenInterval } from './opening-hours.ts';

const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** An interval as people write it; an end that is not after the beginning is on the next day. */
export interface WrittenInterval {
  /** `09:30`. */
  readonly opens: string;
  /** `17:00`, `02:00`, `24:00`. */
  readonly closes: string;
}

/** The minutes that the texts say. */
export function readInterval({ opens, closes }: WrittenInterval): OpenInterval {
  const [from, to] = [minutesOf(opens), minutesOf(closes)];
  return { opens_minute: from, closes_minute: to > from ? to : to + DAY_MINUTES };
}

/** Texts for the minutes. */
export function writeInterval({ opens_minute: opens, closes_minute: closes }: OpenInterval): WrittenInterval {
  return { opens: textOf(opens), closes: textOf(closes > DAY_MINUTES ? closes - DAY_MINUTES : closes) };
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * HOUR_MINUTES + minutes;
}

function textOf(minute: number): string {
  return [Math.floor(minute / HOUR_MINUTES), minute % HOUR_MINUTES]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
