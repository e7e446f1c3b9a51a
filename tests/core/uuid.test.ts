import { afterEach, expect, it, vi } from 'vitest';
import { uuidv7 } from '#core/values/uuid.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('makes version 7 ids that tell the millisecond', () => {
  const moment = Date.now() + 1_000;
  vi.useFakeTimers({ now: moment });
  const id = uuidv7();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(moment);
});

it('keeps the order in which ids were made, within a millisecond and when the clock steps back', () => {
  vi.useFakeTimers({ now: Date.now() + 2_000 });
  const within = Array.from({ length: 10_000 }, () => uuidv7());
  vi.setSystemTime(Date.now() - 60_000);
  const made = [...within, uuidv7(), uuidv7()];
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});
