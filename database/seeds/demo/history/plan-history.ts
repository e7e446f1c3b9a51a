import type { FulfilmentType } from '#app/orders/order.ts';
import type { DemoCustomer, DemoProduct, DemoStore, DemoVariant } from '../shop.ts';
import { basketOf } from './basket.ts';
import { journeyOf, liveJourney, type PlannedStep } from './journey.ts';
import { seededRandom, type Random } from './random.ts';
import type { LiveOrder, Rhythm } from './rhythm.ts';
import { daysBefore, momentAt } from './wall-clock.ts';

/** An order that somebody placed, or is about to be said to have placed. */
export interface PlannedOrder {
  readonly at: Date;
  readonly customer: DemoCustomer;
  readonly fulfilment: FulfilmentType;
  readonly lines: readonly PlannedLine[];
  readonly notes: string | null;
  /** In order; those that are still to come are not among them. */
  readonly steps: readonly PlannedStep[];
  /** From 0 up to 1: which of the offered shipping methods was taken. */
  readonly methodChance: number;
}

export interface PlannedLine {
  readonly product: DemoProduct;
  readonly variant: DemoVariant;
  readonly quantity: number;
  readonly choices: readonly { readonly group: string; readonly name: string; readonly quantity: number }[];
}

export interface History {
  readonly store: DemoStore;
  readonly rhythm: Rhythm;
  /** Who orders there. */
  readonly customers: readonly DemoCustomer[];
  readonly now: Date;
}

export const DAYS = 60;
const MINUTE_MS = 60_000;
const CANCELLED_SHARE = 0.04;
const NOTES_SHARE = 0.15;

/** What happened in the store up to now, from the first order to the last: sixty days, and what is on the board at this moment. */
export function planHistory(history: History): PlannedOrder[] {
  const random = seededRandom(history.store.slug);
  const past = Array.from({ length: DAYS + 1 }, (_, ago) => DAYS - ago).flatMap((ago) =>
    dayOf(history, ago, random),
  );
  const live = history.rhythm.live.map((order) => liveOrder(history, order, random));
  return [...past, ...live].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function dayOf(history: History, ago: number, random: Random): PlannedOrder[] {
  const { store, rhythm, now } = history;
  const day = daysBefore(now, ago, store.timezone);
  const usual = rhythm.ordersOn[day.weekday] ?? 0;
  const count = Math.floor(usual * random.between(0.7, 1.3) + random.next());
  const hours = Object.keys(rhythm.hours).map(Number);
  return Array.from({ length: count }, () => {
    const hour = random.pick(hours, (each) => rhythm.hours[each] ?? 0);
    const at = momentAt(day, hour * 60 + random.between(0, 60), store.timezone);
    return pastOrder(history, at, random);
  }).filter(({ at }) => at < now);
}

function pastOrder(history: History, at: Date, random: Random): PlannedOrder {
  const cancelled = random.chance(CANCELLED_SHARE);
  const order = orderOf(history, { at, fulfilment: null }, random);
  const journey = journeyOf(order.fulfilment, history.rhythm, { at, cancelled }, random);
  return { ...order, steps: journey.filter((step) => step.at < history.now) };
}

function liveOrder(history: History, [minutes, fulfilment, status]: LiveOrder, random: Random): PlannedOrder {
  const at = new Date(history.now.getTime() - minutes * MINUTE_MS);
  const order = orderOf(history, { at, fulfilment }, random);
  return {
    ...order,
    steps: liveJourney(fulfilment, history.rhythm, { at, until: history.now, status }, random),
  };
}

interface Occasion {
  readonly at: Date;
  /** Null: as it suits the customer. */
  readonly fulfilment: FulfilmentType | null;
}

function orderOf(
  { store, rhythm, customers }: History,
  { at, fulfilment }: Occasion,
  random: Random,
): Omit<PlannedOrder, 'steps'> {
  const near = customers.filter((each) => livesNear(each, store));
  const customer = random.pick(fulfilment === 'pickup' ? near : customers);
  const type = fulfilment ?? fulfilmentFor(customer, store, random);
  return {
    at,
    customer,
    fulfilment: type,
    lines: basketOf(store, { rhythm, shipped: type === 'shipping' }, random),
    notes: random.chance(NOTES_SHARE) ? random.pick(rhythm.notes) : null,
    methodChance: random.next(),
  };
}

/** Neighbours come by more often than they have things sent. */
const NEIGHBOURS_SHIP_SHARE = 0.4;

function fulfilmentFor(customer: DemoCustomer, store: DemoStore, random: Random): FulfilmentType {
  if (!store.shipping) return 'pickup';
  return livesNear(customer, store) && !random.chance(NEIGHBOURS_SHIP_SHARE) ? 'pickup' : 'shipping';
}

function livesNear({ address }: DemoCustomer, store: DemoStore): boolean {
  return address.country === store.country && address.state === store.address.state;
}
