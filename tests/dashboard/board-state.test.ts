import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardOrder } from '#app/orders/order-view.ts';
import {
  boardOf,
  moveAsked,
  moveSettled,
  pruned,
  received,
  replaced,
  shownOrder,
  shownOrders,
  type BoardState,
} from '../../dashboard/composables/board-state.ts';
import { orderSample } from './samples.ts';

const pending = orderSample();
const accepted = orderSample({ status: 'accepted', version: 2 });
const cancelled = orderSample({ status: 'cancelled', version: 2 });
const { public_id: id } = pending;

const statusOf = (state: BoardState, publicId = id) => shownOrder(state, publicId)?.status;

describe('what arrives', () => {
  it('puts a new order on the board', () => {
    const other = orderSample({ number: 1002 });
    expect(shownOrders(received(boardOf([pending]), [other]))).toEqual([pending, other]);
  });

  it('replaces an older version', () => {
    expect(statusOf(received(boardOf([pending]), [accepted]))).toBe('accepted');
  });

  it('changes nothing when it is as old as what is shown, or older', () => {
    const state = boardOf([accepted]);
    expect(received(state, [pending])).toBe(state);
    expect(received(state, [{ ...accepted, status: 'cancelled' }])).toBe(state);
  });

  it('leaves the other orders as they are, the very same objects', () => {
    const other = orderSample({ number: 1002 });
    const [, same] = shownOrders(received(boardOf([pending, other]), [accepted]));
    expect(same).toBe(other);
  });

  it('shows the newest version, in whatever order and however often the versions arrive', () => {
    const versions = Array.from({ length: 6 }, (_, index) => orderSample({ version: index + 1 }));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...versions), { minLength: 1 }), fc.nat(5), (arrivals, cut) => {
        const batches: BoardOrder[][] = [arrivals.slice(0, cut), arrivals.slice(cut)];
        const state = batches.reduce(received, boardOf([]));
        expect(shownOrder(state, id)?.version).toBe(Math.max(...arrivals.map(({ version }) => version)));
      }),
    );
  });
});

describe('a move', () => {
  const asked = moveAsked(boardOf([pending]), id, 'accepted');

  it('is shown before it is answered', () => {
    expect(statusOf(asked)).toBe('accepted');
  });

  it('stays once the server agrees', () => {
    const state = moveSettled(asked, id, accepted);
    expect(shownOrder(state, id)).toBe(accepted);
    expect(state.moves.size).toBe(0);
  });

  it('goes back when it is refused without a word about the order', () => {
    expect(shownOrder(moveSettled(asked, id), id)).toBe(pending);
  });

  it('gives way to what someone else did, which the refusal brings', () => {
    expect(shownOrder(moveSettled(asked, id, cancelled), id)).toBe(cancelled);
  });

  it('gives way to what someone else did, which an event tells before the refusal comes', () => {
    const told = received(asked, [cancelled]);
    expect(statusOf(told)).toBe('cancelled');
    expect(statusOf(moveSettled(told, id, cancelled))).toBe('cancelled');
  });

  it('does not undo a newer version when its own answer comes late', () => {
    const ready = orderSample({ status: 'ready', version: 4 });
    expect(shownOrder(moveSettled(received(asked, [ready]), id, accepted), id)).toBe(ready);
  });

  it('outlives events of other orders', () => {
    expect(statusOf(received(asked, [orderSample({ number: 1002 })]))).toBe('accepted');
  });

  it('of an order that has left the board changes nothing', () => {
    const empty = boardOf([]);
    expect(moveAsked(empty, id, 'accepted')).toBe(empty);
  });
});

describe('a snapshot', () => {
  it('says which orders there are', () => {
    const other = orderSample({ number: 1002 });
    expect(shownOrders(replaced(boardOf([pending]), [other]))).toEqual([other]);
  });

  it('does not take back what an answer told meanwhile', () => {
    expect(statusOf(replaced(boardOf([accepted]), [pending]))).toBe('accepted');
  });

  it('keeps a move that is under way, unless it is told of a newer version', () => {
    const asked = moveAsked(boardOf([pending]), id, 'accepted');
    expect(statusOf(replaced(asked, [pending]))).toBe('accepted');
    expect(statusOf(replaced(asked, [cancelled]))).toBe('cancelled');
  });
});

describe('pruning', () => {
  const noon = new Date('2026-11-21T12:00:00.000Z');
  const done = orderSample({ status: 'completed', since: '2026-11-21T11:59:59.000Z' });

  it('forgets what ended before the moment', () => {
    expect(shownOrders(pruned(boardOf([done]), noon))).toEqual([]);
  });

  it('keeps what ended after it, and what is open however old', () => {
    const later = orderSample({ number: 1002, status: 'cancelled', since: '2026-11-21T12:00:00.000Z' });
    const state = boardOf([later, pending]);
    expect(pruned(state, noon)).toBe(state);
  });
});
