import type { FulfilmentType, OrderStatus } from '#app/orders/order.ts';

/** When people order from a shop, what for, and how fast it works. */
export interface Rhythm {
  /** Orders of a usual day, from Monday to Sunday. */
  readonly ordersOn: readonly number[];
  /** How much more often people order in one hour of the day than in another. */
  readonly hours: Readonly<Record<number, number>>;
  /** How many different things are in an order, by how often that is so: the first number for one. */
  readonly lines: readonly number[];
  /** Minutes from step to step of an order, at least and at most. */
  readonly pace: Readonly<Record<FulfilmentType, readonly (readonly [least: number, most: number])[]>>;
  /** What customers write with an order. */
  readonly notes: readonly string[];
  readonly cancellations: readonly string[];
  /** Orders on the board at this moment: minutes since they were placed, and how far they have come. */
  readonly live: readonly LiveOrder[];
}

export type LiveOrder = readonly [minutes: number, fulfilment: FulfilmentType, status: OrderStatus];

const HOUR = 60;
const DAY = 24 * HOUR;

/** An order that is sent is accepted, packed, shipped, delivered. */
const POST: Rhythm['pace']['shipping'] = [
  [10, 3 * HOUR],
  [20, 8 * HOUR],
  [HOUR, DAY],
  [DAY, 4 * DAY],
];

const cafe: Rhythm = {
  ordersOn: [4, 4.5, 4.5, 5, 6, 7, 5],
  hours: { 7: 8, 8: 10, 9: 7, 10: 5, 11: 4, 12: 7, 13: 5, 14: 3 },
  lines: [5, 4, 2],
  pace: {
    pickup: [
      [0.5, 3],
      [1, 4],
      [3, 9],
      [1, 12],
    ],
    shipping: POST,
  },
  notes: [
    'Extra hot, please',
    'No lid, thank you',
    'Half full',
    'For Table 4, outside',
    'Please cut the toast in half',
    'I am running five minutes late',
  ],
  cancellations: [
    'The customer asked us to cancel',
    'The oven gave up this morning',
    'Ordered twice by mistake',
  ],
  live: [
    [1, 'pickup', 'pending'],
    [2, 'pickup', 'pending'],
    [4, 'pickup', 'pending'],
    [6, 'pickup', 'accepted'],
    [7, 'pickup', 'accepted'],
    [9, 'pickup', 'accepted'],
    [8, 'pickup', 'in_progress'],
    [11, 'pickup', 'in_progress'],
    [13, 'pickup', 'in_progress'],
    [14, 'pickup', 'ready'],
    [17, 'pickup', 'ready'],
    [21, 'pickup', 'ready'],
    [26, 'pickup', 'completed'],
    [33, 'pickup', 'completed'],
    [38, 'pickup', 'cancelled'],
  ],
};

const roastery: Rhythm = {
  ordersOn: [2.2, 1.6, 1.6, 1.6, 1.4, 1.2, 1.8],
  hours: { 8: 2, 9: 3, 12: 4, 13: 3, 17: 3, 19: 5, 20: 6, 21: 4 },
  lines: [5, 4, 1],
  pace: {
    pickup: [
      [5, HOUR],
      [10, HOUR],
      [30, 3 * HOUR],
      [30, DAY],
    ],
    shipping: POST,
  },
  notes: [
    'Please leave it behind the gate',
    'A gift: no invoice in the box, please',
    'Roasted this week if you can',
    'Ring the bell at number 5',
  ],
  cancellations: [
    'The customer asked us to cancel',
    'The address could not be found',
    'This lot is sold out until the next harvest',
  ],
  live: [
    [3, 'shipping', 'pending'],
    [12, 'pickup', 'pending'],
    [25, 'shipping', 'pending'],
    [50, 'shipping', 'accepted'],
    [70, 'pickup', 'accepted'],
    [95, 'shipping', 'accepted'],
    [2 * HOUR, 'shipping', 'packing'],
    [2.5 * HOUR, 'pickup', 'in_progress'],
    [4 * HOUR, 'shipping', 'packing'],
    [5 * HOUR, 'pickup', 'ready'],
    [20 * HOUR, 'shipping', 'shipped'],
    [26 * HOUR, 'shipping', 'shipped'],
  ],
};

const outdoor: Rhythm = {
  ordersOn: [1.8, 1.6, 1.6, 2, 2.6, 3, 2.8],
  hours: { 7: 2, 9: 3, 11: 4, 12: 5, 15: 3, 18: 4, 20: 6, 21: 5, 22: 2 },
  lines: [6, 4, 2],
  pace: {
    pickup: [
      [5, 45],
      [10, 40],
      [20, 90],
      [30, DAY],
    ],
    shipping: POST,
  },
  notes: [
    'We leave on Friday, hope it makes it',
    'Please leave with the neighbour at 57',
    'A birthday present: could you wrap it?',
    'Signature not needed',
  ],
  cancellations: [
    'The customer asked us to cancel',
    'Wrong size: ordered again',
    'The address could not be found',
  ],
  live: [
    [2, 'shipping', 'pending'],
    [9, 'pickup', 'pending'],
    [22, 'shipping', 'pending'],
    [40, 'pickup', 'accepted'],
    [65, 'shipping', 'accepted'],
    [80, 'shipping', 'accepted'],
    [100, 'pickup', 'in_progress'],
    [3 * HOUR, 'shipping', 'packing'],
    [4 * HOUR, 'shipping', 'packing'],
    [5 * HOUR, 'pickup', 'ready'],
    [22 * HOUR, 'shipping', 'shipped'],
    [30 * HOUR, 'shipping', 'shipped'],
  ],
};

/** By the slugs of the stores. */
export const RHYTHMS: Readonly<Record<string, Rhythm>> = {
  'juniper-row': cafe,
  'slow-lantern': roastery,
  'hollin-and-scree': outdoor,
};
