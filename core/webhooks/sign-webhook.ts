import { createHmac } from 'node:crypto';
import type { SignedRow } from '#core/security/signed-token.ts';

/** The secret that an endpoint's calls are signed with. It is kept nowhere: it can be made again from the server's own. */
export function webhookSecret(secret: string, { merchantId, id }: SignedRow, version: number): string {
  const made = createHmac('sha256', secret).update(`webhook secret:${merchantId}:${id}:${version}`);
  return `whsec_${made.digest('base64url')}`;
}

/** The signature of a body: HMAC-SHA256 of `timestamp.body`, hexadecimal. `timestamp` is in seconds. */
export function webhookSignature(secret: string, timestamp: number, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
