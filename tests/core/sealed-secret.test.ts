import { describe, expect, it } from 'vitest';
import { openSealed, sealSecret, type SealedFor } from '#core/security/sealed-secret.ts';
import type { MerchantId } from '#core/values/ids.ts';

const TEXT = 'sk_test_é4242';
const sealedFor: SealedFor = { secret: 's'.repeat(32), merchantId: 7 as MerchantId, purpose: 'a key' };
const sealed = sealSecret(TEXT, sealedFor);

describe('a sealed secret', () => {
  it('is opened by whom it was sealed for, shows nothing of itself, and is never sealed the same', () => {
    expect(openSealed(sealed, sealedFor)).toBe(TEXT);
    expect(sealed.includes(TEXT)).toBe(false);
    expect(sealSecret(TEXT, sealedFor).equals(sealed)).toBe(false);
  });

  it.each([
    ['another merchant', { merchantId: 8 as MerchantId }],
    ['another purpose', { purpose: 'another key' }],
    ['another server', { secret: 't'.repeat(32) }],
  ])('stays shut for %s', (_, other) => {
    expect(openSealed(sealed, { ...sealedFor, ...other })).toBeNull();
  });

  it('stays shut once any byte of it was changed, or is missing', () => {
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openSealed(changed, sealedFor), `byte ${at}`).toBeNull();
      expect(openSealed(sealed.subarray(0, at), sealedFor), `first ${at} bytes`).toBeNull();
    }
  });
});
