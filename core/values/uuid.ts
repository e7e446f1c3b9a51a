import { randomUUID } from 'node:crypto';

const TIME_DIGITS = 12;
const COUNT_DIGITS = 3;
const COUNT_MAX = 0x0fff;

let lastMs = 0;
let count = 0;

/**
 * A version 7 UUID (RFC 9562): milliseconds first, so that index pages fill in order. Those of one process are in the order in which they
 * were made, within a millisecond too and when the clock steps back, so that two events of one transaction keep their order.
 */
export function uuidv7(): string {
  tick(Date.now());
  const time = lastMs.toString(16).padStart(TIME_DIGITS, '0');
  const order = count.toString(16).padStart(COUNT_DIGITS, '0');
  // The variant and all that is random are those of a version 4.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${randomUUID().slice(19)}`;
}

function tick(nowMs: number): void {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    count = 0;
  } else if (count < COUNT_MAX) {
    count += 1;
  } else {
    lastMs += 1;
    count = 0;
  }
}
