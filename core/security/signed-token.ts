import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MerchantId } from '#core/values/ids.ts';

const TOKEN = /^(\d{1,15})\.(\d{1,15})\.([\w-]{43})$/;

/** A row of a merchant that a link leads to. Whether it was used or has expired, the row itself says. */
export interface SignedRow {
  readonly merchantId: MerchantId;
  readonly id: number;
}

/**
 * A token for a link in a mail. It is kept nowhere and can be made again, so that neither a database nor an event's payload holds what opens
 * a door. `purpose` keeps a token for one thing from opening another.
 */
export function signedToken(secret: string, purpose: string, { merchantId, id }: SignedRow): string {
  return `${merchantId}.${id}.${signature(secret, purpose, merchantId, id).toString('base64url')}`;
}

/** The row that a token leads to, or null when it was not made with this secret for this purpose. */
export function readSignedToken(secret: string, purpose: string, token: string): SignedRow | null {
  const [, merchant, row, given] = TOKEN.exec(token) ?? [];
  if (!merchant || !row || !given) return null;
  const [merchantId, id] = [Number(merchant), Number(row)];
  const expected = signature(secret, purpose, merchantId, id);
  const received = Buffer.from(given, 'base64url');
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) return null;
  return { merchantId: merchantId as MerchantId, id };
}

function signature(secret: string, purpose: string, merchantId: number, id: number): Buffer {
  return createHmac('sha256', secret).update(`${purpose}:${merchantId}:${id}`).digest();
}
