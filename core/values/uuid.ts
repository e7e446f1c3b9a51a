import { randomBytes } from 'node:crypto';

const TIME_BYTES = 6;
const UUID_BYTES = 16;

/** A version 7 UUID (RFC 9562): milliseconds first, so that index pages fill in order. */
export function uuidv7(): string {
  const bytes = randomBytes(UUID_BYTES);
  bytes.writeUIntBE(Date.now(), 0, TIME_BYTES);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
