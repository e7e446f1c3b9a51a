import type { ShippingRate } from './shipping-rules.ts';

/** Shipments by weight and total. */
export interface RateArea {
  /** Grams. */
  readonly weight: Interval;
  /** Cents. */
  readonly total: Interval;
}

/** Both ends included; no end where it is open. */
export interface Interval {
  readonly from: number;
  readonly to: number | null;
}

/** What two of the rates both take. One without any bounds is meant for whatever the others leave, and is not counted. */
export function rateOverlaps(rates: readonly ShippingRate[]): RateArea[] {
  const areas = rates.map(areaOf).filter((area) => !isEverything(area));
  return areas.flatMap((area, at) =>
    areas.slice(at + 1).flatMap((other) => {
      const weight = sharedBy(area.weight, other.weight);
      const total = sharedBy(area.total, other.total);
      return weight && total ? [{ weight, total }] : [];
    }),
  );
}

/** What no rate takes although, at the same total, some take less and some more weight, or the other way about. */
export function rateGaps(rates: readonly ShippingRate[]): RateArea[] {
  const areas = rates.map(areaOf);
  const weights = stepsOf(areas.map(({ weight }) => weight));
  const totals = stepsOf(areas.map(({ total }) => total));
  const isTaken = (weight: Interval, total: Interval) =>
    areas.some((area) => sharedBy(area.weight, weight) && sharedBy(area.total, total));
  const byWeight = totals.flatMap((total) =>
    holesIn(weights, (weight) => isTaken(weight, total)).map((weight) => ({ weight, total })),
  );
  const byTotal = weights.flatMap((weight) =>
    holesIn(totals, (total) => isTaken(weight, total)).map((total) => ({ weight, total })),
  );
  return [...joined(byWeight, 'total'), ...joined(byTotal, 'weight')].filter(
    (area, at, all) => all.findIndex((other) => isSame(area, other)) === at,
  );
}

function areaOf(rate: ShippingRate): RateArea {
  return {
    weight: { from: rate.minWeightGrams ?? 0, to: rate.maxWeightGrams },
    total: { from: rate.minTotalCents ?? 0, to: rate.maxTotalCents },
  };
}

function isEverything({ weight, total }: RateArea): boolean {
  return weight.from === 0 && weight.to === null && total.from === 0 && total.to === null;
}

function sharedBy(a: Interval, b: Interval): Interval | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to ?? Infinity, b.to ?? Infinity);
  return from <= to ? { from, to: to === Infinity ? null : to } : null;
}

/** The pieces into which the ends of the intervals cut everything: each is within an interval or outside, as a whole. */
function stepsOf(intervals: readonly Interval[]): Interval[] {
  const cuts = intervals.flatMap(({ from, to }) => (to === null ? [from] : [from, to + 1]));
  const starts = [...new Set([0, ...cuts])].toSorted((a, b) => a - b);
  return starts.map((from, at) => ({ from, to: (starts[at + 1] ?? Infinity) - 1 })).map(open);
}

function open({ from, to }: { from: number; to: number }): Interval {
  return { from, to: to === Infinity ? null : to };
}

/** Pieces that are not taken between pieces that are. */
function holesIn(steps: readonly Interval[], isTaken: (step: Interval) => boolean): Interval[] {
  const taken = steps.map(isTaken);
  const inside = steps.slice(taken.indexOf(true), taken.lastIndexOf(true) + 1);
  return mergeNext(inside.filter((step) => !isTaken(step)));
}

function mergeNext(steps: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    if (last && last.to !== null && last.to + 1 === step.from)
      merged[merged.length - 1] = { from: last.from, to: step.to };
    else merged.push(step);
  }
  return merged;
}

/** The same hole at one total after the other is one hole. */
function joined(areas: readonly RateArea[], along: 'weight' | 'total'): RateArea[] {
  const across = along === 'weight' ? 'total' : 'weight';
  const groups = Map.groupBy(areas, (area) => `${area[across].from} ${area[across].to}`);
  return [...groups.values()].flatMap((group) =>
    mergeNext(group.map((area) => area[along])).map((interval) => ({
      ...(group[0] as RateArea),
      [along]: interval,
    })),
  );
}

function isSame(a: RateArea, b: RateArea): boolean {
  return (
    a.weight.from === b.weight.from &&
    a.weight.to === b.weight.to &&
    a.total.from === b.total.from &&
    a.total.to === b.total.to
  );
}
