import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new secret for a cookie, a ticket or a one-time link: 256 bits, base64url. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is kept of a secret: reading the table it stands in opens nothing. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
