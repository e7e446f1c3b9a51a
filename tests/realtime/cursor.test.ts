import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorOf, parseCursor, type Position } from '#core/realtime/cursor.ts';
import { REPLAY_MAX_EVENTS, withinReach } from '#core/realtime/replay.ts';

const EPOCH = '0b8c2f6e-3f4a-4a58-9c1e-6a2d3b4c5d6e';
const OTHER_EPOCH = '7d9e0f1a-2b3c-4d5e-8f60-718293a4b5c6';

const positionAt = (seq: number, change: Partial<Position> = {}): Position => ({
  epoch: EPOCH,
  timeline: '00000001',
  seq,
  ...change,
});

const position = fc.record({
  epoch: fc.option(fc.uuid()),
  timeline: fc.integer({ min: 0, max: 0xffffffff }).map((n) => n.toString(16).toUpperCase().padStart(8, '0')),
  seq: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
});

describe('a cursor', () => {
  it('is read back as the position it was made of, and is safe in URLs', () => {
    fc.assert(
      fc.property(position, (at) => {
        const cursor = cursorOf(at);
        expect(parseCursor(cursor)).toEqual(at);
        expect(cursor).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('never makes the parser throw, whatever a client sends', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseCursor(text)));
  });

  it.each(['', 'x', 'null', '{}', Buffer.from('..').toString('base64url')])('is not %j', (text) => {
    expect(parseCursor(text)).toBeNull();
  });

  it.each(['00000001.1', 'x.00000001.1', `${EPOCH}.00000001.-1`, `${EPOCH}.00000001.1.1`, `${EPOCH}.1.1`])(
    'is not %j in base64url',
    (text) => expect(parseCursor(Buffer.from(text).toString('base64url'))).toBeNull(),
  );
});

describe('a reader', () => {
  it('can go on from the end and from any place before it', () => {
    expect(withinReach(positionAt(5), positionAt(5))).toBe(true);
    expect(withinReach(positionAt(5), positionAt(0))).toBe(true);
  });

  it('cannot go on from a place that does not exist yet', () => {
    expect(withinReach(positionAt(5), positionAt(6))).toBe(false);
  });

  it('cannot go on in another numbering or another history of the database', () => {
    expect(withinReach(positionAt(5), positionAt(5, { epoch: OTHER_EPOCH }))).toBe(false);
    expect(withinReach(positionAt(5), positionAt(5, { timeline: '00000002' }))).toBe(false);
  });

  it('that began before the first event can go on from there, and from nowhere else', () => {
    expect(withinReach(positionAt(5), positionAt(0, { epoch: null }))).toBe(true);
    expect(withinReach(positionAt(0, { epoch: null }), positionAt(0, { epoch: null }))).toBe(true);
    expect(withinReach(positionAt(5), positionAt(3, { epoch: null }))).toBe(false);
  });

  it('that is too far behind takes a snapshot instead', () => {
    expect(withinReach(positionAt(REPLAY_MAX_EVENTS), positionAt(0))).toBe(true);
    expect(withinReach(positionAt(REPLAY_MAX_EVENTS + 1), positionAt(0))).toBe(false);
  });
});
