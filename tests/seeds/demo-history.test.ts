import { describe, expect, it } from 'vitest';
import { allowedNext, missingFor } from '#app/orders/order.ts';
import { planHistory, type PlannedOrder } from '#database/seeds/demo/history/plan-history.ts';
import { RHYTHMS } from '#database/seeds/demo/history/rhythm.ts';
import { daysBefore, momentAt } from '#database/seeds/demo/history/wall-clock.ts';
import { demoCustomers, demoMerchants } from '#database/seeds/demo/index.ts';
import type { DemoStore } from '#database/seeds/demo/shop.ts';

const NOW = new Date('2026-04-05T02:30:00Z');

function plan(store: DemoStore, now = NOW): PlannedOrder[] {
  const rhythm = RHYTHMS[store.slug];
  if (!rhythm) throw new Error(`${store.slug} has no rhythm`);
  return planHistory({
    store,
    rhythm,
    customers: demoCustomers.filter(({ stores }) => stores.includes(store.slug)),
    now,
  });
}

describe.each(demoMerchants.flatMap(({ stores }) => stores))('the history of $name', (store) => {
  it('is the same each time', () => {
    expect(plan(store)).toEqual(plan(store));
  });

  it('goes from sixty days ago to now, in order', () => {
    const moments = plan(store).map(({ at }) => at.getTime());

    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(Math.max(...moments)).toBeLessThan(NOW.getTime());
    expect(moments.length).toBeGreaterThan(80);
  });

  it('takes only steps that the table of states allows, each with what it needs', () => {
    for (const { fulfilment, steps, at } of plan(store)) {
      let status: Parameters<typeof allowedNext>[1] = 'pending';
      let before = at;
      for (const step of steps) {
        expect(allowedNext(fulfilment, status)).toContain(step.status);
        expect(missingFor(step)).toBeNull();
        expect(step.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
        expect(step.at.getTime()).toBeLessThanOrEqual(NOW.getTime());
        status = step.status;
        before = step.at;
      }
    }
  });

  it('has baskets that the shop would take', () => {
    for (const { lines, fulfilment } of plan(store)) {
      expect(lines.length).toBeGreaterThan(0);
      expect(new Set(lines.map(({ product }) => product)).size).toBe(lines.length);
      for (const { product, choices } of lines) {
        if (fulfilment === 'shipping') expect(product.shippable).toBe(true);
        for (const group of product.groups) {
          const pieces = choices
            .filter((choice) => choice.group === group.name)
            .reduce((sum, { quantity }) => sum + quantity, 0);
          if (group.required) expect(pieces).toBeGreaterThanOrEqual(group.minSelect);
          expect(pieces).toBeLessThanOrEqual(group.maxSelect);
        }
      }
    }
  });
});

describe('the clock on the wall', () => {
  const melbourne = 'Australia/Melbourne';

  it('tells the moment of a local time, before and after the clocks change', () => {
    const before = momentAt({ year: 2026, month: 4, day: 4, weekday: 5 }, 8 * 60, melbourne);
    const after = momentAt({ year: 2026, month: 4, day: 5, weekday: 6 }, 8 * 60, melbourne);

    expect([before, after].map((moment) => moment.toISOString())).toEqual([
      '2026-04-03T21:00:00.000Z',
      '2026-04-04T22:00:00.000Z',
    ]);
  });

  it('knows which day it is there', () => {
    expect(daysBefore(new Date('2026-04-05T20:00:00Z'), 0, melbourne)).toMatchObject({ day: 6, weekday: 0 });
    expect(daysBefore(new Date('2026-04-05T02:00:00Z'), 0, 'America/Denver')).toMatchObject({
      day: 4,
      weekday: 5,
    });
  });
});
