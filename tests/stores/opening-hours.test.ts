import { describe, expect, it } from 'vitest';
import { nextOpen, openTimes, type OpeningRules } from '#app/opening/opening-hours.ts';
import { openSlots, orderingState, SLOT_MS, type OrderingRules } from '#app/opening/ordering.ts';
import { momentOf } from '#core/values/local-time.ts';

const HOUR_MS = 3_600_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

const rules = (timezone: string, changes: Partial<OrderingRules> = {}): OrderingRules => ({
  timezone,
  hours: [],
  special_days: [],
  preparation_minutes: 15,
  slot_capacity: null,
  busy_minutes: null,
  busy_until: null,
  paused_since: null,
  paused_until: null,
  ...changes,
});
const daily = (opens: number, closes: number): OpeningRules['hours'] =>
  EVERY_DAY.map((weekday) => ({ weekday, opens_minute: opens * 60, closes_minute: closes * 60 }));
const at = (iso: string) => Date.parse(iso);
const timesOn = (which: OpeningRules, now: string) =>
  openTimes(which, at(now)).map(({ from, to }) => [new Date(from).toISOString(), new Date(to).toISOString()]);

/** The days on which clocks change: forward and back, and how long each of them is. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['America/New_York', '2026-03-08', 23],
  ['America/New_York', '2026-11-01', 25],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
] as const;

describe('opening hours', () => {
  it.each(CHANGES)('in %s keep to the clock on %s, when clocks change', (timezone, day, hours) => {
    const store = rules(timezone, { hours: daily(9, 17) });
    const noon = momentOf(day, 12 * 60, timezone);
    const time = openTimes(store, noon).find(({ from, to }) => from <= noon && noon < to);
    const clock = (ms: number) =>
      new Date(ms).toLocaleTimeString('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
    expect(time && [clock(time.from), clock(time.to)]).toEqual(['09:00', '17:00']);
    expect(time && (time.to - time.from) / HOUR_MS).toBe(8);
    const evening = momentOf(day, -7 * 60, timezone);
    const morning = openTimes(store, noon).find(({ from }) => from > evening);
    expect(morning && (morning.from - evening) / HOUR_MS).toBe(hours - 8);
  });

  it.each(CHANGES)('round the clock in %s last as long as %s does', (timezone, day, hours) => {
    const from = momentOf(day, 0, timezone);
    const to = momentOf(day, 24 * 60, timezone);
    expect(to - from).toBe(hours * HOUR_MS);
    const slots = openSlots(rules(timezone), new Date(from), { from, to });
    expect(slots).toHaveLength((hours * HOUR_MS) / SLOT_MS);
    expect(new Set(slots).size).toBe(slots.length);
  });

  it('that begin in the hour that clocks skip begin as much later', () => {
    const store = rules('Europe/Berlin', {
      hours: [{ weekday: 7, opens_minute: 150, closes_minute: 300 }],
    });
    expect(timesOn(store, '2026-03-28T12:00:00Z')[0]).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T03:00:00.000Z',
    ]);
  });

  it('that end in the hour that clocks show twice end at the first', () => {
    const store = rules('America/New_York', {
      hours: [{ weekday: 6, opens_minute: 20 * 60, closes_minute: 25 * 60 + 30 }],
    });
    expect(timesOn(store, '2026-10-31T12:00:00Z')[0]).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-11-01T05:30:00.000Z',
    ]);
  });

  it('past midnight go on into the next day, and into its own hours', () => {
    const store = rules('Europe/Berlin', {
      hours: [
        { weekday: 5, opens_minute: 18 * 60, closes_minute: 26 * 60 },
        { weekday: 6, opens_minute: 2 * 60, closes_minute: 4 * 60 },
        { weekday: 6, opens_minute: 10 * 60, closes_minute: 12 * 60 },
      ],
    });
    expect(timesOn(store, '2026-01-09T12:00:00Z').slice(0, 2)).toEqual([
      ['2026-01-09T17:00:00.000Z', '2026-01-10T03:00:00.000Z'],
      ['2026-01-10T09:00:00.000Z', '2026-01-10T11:00:00.000Z'],
    ]);
  });

  it('give way to special days, closed or with other hours', () => {
    const store = rules('Europe/Berlin', {
      hours: daily(9, 17),
      special_days: [
        { day: '2026-12-25', name: 'Christmas', hours: [] },
        { day: '2026-12-26', name: '', hours: [{ opens_minute: 600, closes_minute: 720 }] },
      ],
    });
    const closed = at('2026-12-24T17:00:00Z');
    expect(nextOpen(store, closed, closed)).toBe(at('2026-12-26T09:00:00Z'));
    expect(nextOpen(store, closed, at('2026-12-26T11:00:00Z'))).toBe(at('2026-12-27T08:00:00Z'));
  });

  it('are all hours when there are none, but for special days', () => {
    const store = rules('Europe/Berlin', { special_days: [{ day: '2026-01-01', name: '', hours: [] }] });
    const newYear = at('2026-01-01T10:00:00Z');
    expect(nextOpen(store, newYear, newYear)).toBe(at('2026-01-01T23:00:00Z'));
  });
});

describe('what customers are told of a store', () => {
  const hours = daily(9, 17);
  const now = new Date('2026-01-05T12:00:00Z');

  it('is open until it closes', () => {
    expect(orderingState(rules('Europe/Berlin', { hours }), now)).toMatchObject({
      status: 'open',
      opens_at: null,
      closes_at: '2026-01-05T16:00:00.000Z',
    });
  });

  it('is open without an end when it never closes', () => {
    expect(orderingState(rules('Europe/Berlin'), now)).toMatchObject({ status: 'open', closes_at: null });
  });

  it('is closed until it opens', () => {
    const night = new Date('2026-01-05T20:00:00Z');
    expect(orderingState(rules('Europe/Berlin', { hours }), night)).toMatchObject({
      status: 'closed',
      opens_at: '2026-01-06T08:00:00.000Z',
    });
  });

  it('is paused until the pause ends and the store is open', () => {
    const paused_since = new Date('2026-01-05T11:00:00Z');
    const paused = (until: string | null) =>
      orderingState(
        rules('Europe/Berlin', {
          hours,
          paused_since,
          paused_until: until === null ? null : new Date(until),
        }),
        now,
      );
    expect(paused('2026-01-05T13:00:00Z')).toMatchObject({
      status: 'paused',
      opens_at: '2026-01-05T13:00:00.000Z',
    });
    expect(paused('2026-01-05T17:00:00Z')).toMatchObject({ opens_at: '2026-01-06T08:00:00.000Z' });
    expect(paused(null)).toMatchObject({ status: 'paused', opens_at: null });
    expect(paused('2026-01-05T11:30:00Z')).toMatchObject({ status: 'open' });
  });

  it('is busy until that ends by itself', () => {
    const busy = { busy_minutes: 20, busy_until: new Date('2026-01-05T12:30:00Z') };
    expect(orderingState(rules('Europe/Berlin', busy), now)).toMatchObject({
      busy_minutes: 20,
      busy_until: '2026-01-05T12:30:00.000Z',
    });
    expect(orderingState(rules('Europe/Berlin', busy), new Date('2026-01-05T12:30:00Z'))).toMatchObject({
      busy_minutes: 0,
      busy_until: null,
    });
  });
});
