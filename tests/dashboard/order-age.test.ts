import { describe, expect, it } from 'vitest';
import { ageMinutes, ageText, oldestMinutes, urgencyOf } from '../../dashboard/composables/order-age.ts';
import { orderSample } from './samples.ts';

const SETTINGS = { age_amber_minutes: 5, age_red_minutes: 10, preparation_minutes: 15 };
const ONE = '2026-11-21T01:00:00.000Z';
const minutesPastOne = (minutes: number) => Date.parse(ONE) + minutes * 60_000;
const urgencyAfter = (minutes: number, order = orderSample({ placedAt: ONE })) =>
  urgencyOf(order, minutesPastOne(minutes), SETTINGS);

describe('urgency', () => {
  it('turns amber and red at the store’s thresholds', () => {
    expect([4.9, 5, 9.9, 10].map((minutes) => urgencyAfter(minutes))).toEqual([
      'calm',
      'amber',
      'amber',
      'red',
    ]);
  });

  it('of an order for later begins when its preparation must', () => {
    const forThree = orderSample({ placedAt: ONE, promisedAt: '2026-11-21T03:00:00.000Z' });
    expect(urgencyAfter(100, forThree)).toBe('calm');
    expect(urgencyAfter(110, forThree)).toBe('amber');
    expect(urgencyAfter(115, forThree)).toBe('red');
  });

  it('of an order for at once begins when it is placed', () => {
    const atOnce = orderSample({ placedAt: ONE, promisedAt: '2026-11-21T01:05:00.000Z' });
    expect(urgencyAfter(4, atOnce)).toBe('calm');
    expect(urgencyAfter(5, atOnce)).toBe('amber');
  });

  it('ends when the customer can come, and when a parcel was accepted', () => {
    expect(urgencyAfter(60, orderSample({ placedAt: ONE, status: 'ready' }))).toBe('calm');
    expect(urgencyAfter(60, orderSample({ placedAt: ONE, status: 'packing', fulfilment: 'shipping' }))).toBe(
      'calm',
    );
    expect(urgencyAfter(60, orderSample({ placedAt: ONE, fulfilment: 'shipping' }))).toBe('red');
  });
});

describe('age', () => {
  it('counts from placing while someone waits for the work, then from the last step', () => {
    const since = '2026-11-21T01:20:00.000Z';
    const working = orderSample({ placedAt: ONE, status: 'in_progress', since });
    const ready = orderSample({ placedAt: ONE, status: 'ready', since });
    expect(ageMinutes(working, minutesPastOne(30))).toBe(30);
    expect(ageMinutes(ready, minutesPastOne(30))).toBe(10);
  });

  it('is never negative, whatever the clock of the screen says', () => {
    expect(ageMinutes(orderSample({ placedAt: ONE }), minutesPastOne(-3))).toBe(0);
  });

  it('of a column is that of who waits longest; parcels count only among themselves', () => {
    const parcel = orderSample({ placedAt: ONE, status: 'accepted', fulfilment: 'shipping' });
    const coffee = orderSample({ placedAt: '2026-11-21T01:50:00.000Z', status: 'accepted' });
    expect(oldestMinutes([parcel, coffee], minutesPastOne(60))).toBe(10);
    expect(oldestMinutes([parcel], minutesPastOne(60))).toBe(60);
    expect(oldestMinutes([], minutesPastOne(60))).toBeNull();
  });

  it('is written as short as it can be read', () => {
    expect([0, 1, 59, 60, 125, 1_440, 4_000].map(ageText)).toEqual([
      'now',
      '1 min',
      '59 min',
      '1 h 00',
      '2 h 05',
      '1 d',
      '2 d',
    ]);
  });
});
