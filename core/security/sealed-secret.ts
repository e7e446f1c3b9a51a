import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { MerchantId } from '#core/values/ids.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed text is for: it opens for this merchant and this purpose only. */
export interface SealedFor {
  /** The server's own secret, from which the key is made. */
  readonly secret: string;
  readonly merchantId: MerchantId;
  readonly purpose: string;
}

/** Encrypts a text that must be read again, with AES-256-GCM: nonce (12 bytes), tag (16 bytes), ciphertext. The same text is never sealed the same. */
export function sealSecret(text: string, sealedFor: SealedFor): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(sealedFor), nonce).setAAD(associated(sealedFor));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** The text, or null when it was sealed for another merchant or purpose, with another secret, or was changed since. */
export function openSealed(sealed: Buffer, sealedFor: SealedFor): string | null {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  if (tag.length < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, keyOf(sealedFor), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated(sealedFor)).setAuthTag(tag);
  const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function keyOf({ secret }: SealedFor): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'sealed secrets', KEY_BYTES));
}

function associated({ merchantId, purpose }: SealedFor): Buffer {
  return Buffer.from(`${purpose}:${merchantId}`);
}
