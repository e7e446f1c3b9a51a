import { describe, expect, it } from 'vitest';
import { columnsOf, statusesOf, statusInColumn } from '../../dashboard/composables/board-columns.ts';
import { orderSample } from './samples.ts';

const numbers = (orders: readonly { order_number: string }[]) => orders.map((order) => order.order_number);

describe('the columns', () => {
  it('hold pickup and shipping side by side', () => {
    const columns = columnsOf([
      orderSample({ number: 1, status: 'in_progress' }),
      orderSample({ number: 2, status: 'packing', fulfilment: 'shipping' }),
      orderSample({ number: 3, status: 'ready' }),
      orderSample({ number: 4, status: 'shipped', fulfilment: 'shipping' }),
      orderSample({ number: 5, status: 'delivered', fulfilment: 'shipping' }),
    ]);
    expect(numbers(columns.working)).toEqual(['#1', '#2']);
    expect(numbers(columns.out)).toEqual(['#3', '#4']);
    expect(numbers(columns.done)).toEqual(['#5']);
  });

  it('have on top what is promised soonest, then the oldest of the rest', () => {
    const { pending } = columnsOf([
      orderSample({ number: 1, placedAt: '2026-11-21T02:00:00.000Z' }),
      orderSample({ number: 2, placedAt: '2026-11-21T01:00:00.000Z' }),
      orderSample({ number: 3, promisedAt: '2026-11-21T05:00:00.000Z' }),
      orderSample({ number: 4, promisedAt: '2026-11-21T04:00:00.000Z' }),
    ]);
    expect(numbers(pending)).toEqual(['#4', '#3', '#2', '#1']);
  });

  it('break ties by number, not by its text', () => {
    const { pending } = columnsOf([orderSample({ number: 1000 }), orderSample({ number: 999 })]);
    expect(numbers(pending)).toEqual(['#999', '#1000']);
  });

  it('have on top what ended last', () => {
    const { cancelled } = columnsOf([
      orderSample({ number: 1, status: 'cancelled', since: '2026-11-21T02:00:00.000Z' }),
      orderSample({ number: 2, status: 'cancelled', since: '2026-11-21T03:00:00.000Z' }),
    ]);
    expect(numbers(cancelled)).toEqual(['#2', '#1']);
  });
});

describe('dropping an order on a column', () => {
  it('takes its next step', () => {
    expect(statusInColumn(orderSample({ status: 'accepted' }), 'working')).toBe('in_progress');
    expect(statusInColumn(orderSample({ status: 'accepted', fulfilment: 'shipping' }), 'working')).toBe(
      'packing',
    );
  });

  it('cancels it, from wherever it is still open', () => {
    expect(statusInColumn(orderSample({ status: 'ready' }), 'cancelled')).toBe('cancelled');
  });

  it('is not possible for a step back, a step too far, or an order that has ended', () => {
    expect(statusInColumn(orderSample({ status: 'accepted' }), 'pending')).toBeNull();
    expect(statusInColumn(orderSample({ status: 'accepted' }), 'out')).toBeNull();
    expect(statusInColumn(orderSample({ status: 'completed' }), 'cancelled')).toBeNull();
  });
});

describe('the words of a column', () => {
  it('are those of the ways in which the store hands over', () => {
    expect(statusesOf('working', { pickup: true, shipping: true })).toEqual(['in_progress', 'packing']);
    expect(statusesOf('working', { pickup: true, shipping: false })).toEqual(['in_progress']);
    expect(statusesOf('out', { pickup: false, shipping: true })).toEqual(['shipped']);
  });
});
