import { randomBytes } from 'node:crypto';

const TIME_BYTES = 6;
const UUID_BYTES = 16;
/** The version's four bits, before the twelve of the count. */
const VERSION_7 = 0x7000;
const COUNT_MAX = 0x0fff;

let lastMs = 0;
let count = 0;

/**
 * A version 7 UUID (RFC 9562): milliseconds first, so that index pages fill in order. Those of one process are in the order in which they
 * were made, within a millisecond too and when the clock steps back, so that two events of one transaction keep their order.
 */
export function uuidv7(): string {
  const bytes = randomBytes(UUID_BYTES);
  tick(Date.now());
  bytes.writeUIntBE(lastMs, 0, TIME_BYTES);
  bytes.writeUInt16BE(VERSION_7 | count, TIME_BYTES);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
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
