import { stepsOf, type FulfilmentType, type OrderStatus } from '#app/orders/order.ts';
import type { Random } from './random.ts';
import type { Rhythm } from './rhythm.ts';

/** What staff did with an order. */
export interface PlannedStep {
  readonly at: Date;
  readonly status: OrderStatus;
  readonly trackingCode: string | null;
  readonly reason: string | null;
  /** From 0 up to 1: who of the staff it was. */
  readonly personChance: number;
}

const MINUTE_MS = 60_000;
const TRACKING_DIGITS = 10;

interface Course {
  readonly at: Date;
  readonly cancelled: boolean;
}

/** The way of an order from its placing to its end, at the shop's pace. */
export function journeyOf(
  fulfilment: FulfilmentType,
  { pace, cancellations }: Rhythm,
  { at, cancelled }: Course,
  random: Random,
): PlannedStep[] {
  let moment = at;
  const personChance = random.next();
  const steps = statusesAfter(fulfilment, lastOf(fulfilment)).map((status, index) => {
    const [least, most] = pace[fulfilment][index] ?? [1, 1];
    moment = new Date(moment.getTime() + random.between(least, most) * MINUTE_MS);
    return stepOf(status, moment, personChance, random);
  });
  if (!cancelled) return steps;
  const kept = steps.slice(0, Number(random.chance(0.5)));
  const end = steps[kept.length]?.at ?? at;
  return [...kept, { ...stepOf('cancelled', end, personChance, random), reason: random.pick(cancellations) }];
}

interface LiveCourse {
  readonly at: Date;
  readonly until: Date;
  readonly status: OrderStatus;
}

/** The way of an order that is on the board: its steps so far, spread over the time since it was placed. */
export function liveJourney(
  fulfilment: FulfilmentType,
  { cancellations }: Rhythm,
  { at, until, status }: LiveCourse,
  random: Random,
): PlannedStep[] {
  const personChance = random.next();
  const statuses = statusesAfter(fulfilment, status);
  const share = (until.getTime() - at.getTime()) / (statuses.length + 1);
  return statuses.map((each, index) => {
    const step = stepOf(each, new Date(at.getTime() + share * (index + 1)), personChance, random);
    return each === 'cancelled' ? { ...step, reason: random.pick(cancellations) } : step;
  });
}

/** The statuses behind the first, up to this one. */
function statusesAfter(fulfilment: FulfilmentType, last: OrderStatus): OrderStatus[] {
  if (last === 'cancelled') return ['cancelled'];
  const statuses = stepsOf(fulfilment).map(({ status }) => status);
  return statuses.slice(1, statuses.indexOf(last) + 1);
}

function lastOf(fulfilment: FulfilmentType): OrderStatus {
  return stepsOf(fulfilment).at(-1)?.status ?? 'completed';
}

function stepOf(status: OrderStatus, at: Date, personChance: number, random: Random): PlannedStep {
  const digits = String(Math.floor(random.next() * 10 ** TRACKING_DIGITS)).padStart(TRACKING_DIGITS, '0');
  return {
    at,
    status,
    personChance,
    reason: null,
    trackingCode: status === 'shipped' ? `LP${digits}` : null,
  };
}
