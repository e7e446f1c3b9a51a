import type { ServerMessage } from '#client/protocol.ts';

/** An event ready to be written to any socket. */
export interface EventFrame {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** A final, unmasked text frame (RFC 6455, 5.2), its first byte. */
const TEXT_FRAME = 0x81;
/** Payload lengths up to this stand in the second byte; longer ones follow as 16 or 64 bits. */
const SHORT_MAX_BYTES = 125;
const MEDIUM_MAX_BYTES = 0xffff;

/**
 * A message as the bytes that go on the wire. Made once and written to every socket: letting the library frame it per socket costs
 * an encoding, an allocation and a second write each time.
 */
export function textFrame(message: ServerMessage): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const start = headerBytes(length);
  const frame = Buffer.allocUnsafe(start + length);
  writeHeader(frame, length);
  frame.write(text, start);
  return frame;
}

function headerBytes(length: number): number {
  if (length <= SHORT_MAX_BYTES) return 2;
  return length <= MEDIUM_MAX_BYTES ? 4 : 10;
}

function writeHeader(frame: Buffer, length: number): void {
  frame[0] = TEXT_FRAME;
  if (length <= SHORT_MAX_BYTES) {
    frame[1] = length;
  } else if (length <= MEDIUM_MAX_BYTES) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
