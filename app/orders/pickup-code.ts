import { createHash } from 'node:crypto';
import type { FulfilmentType } from './order.ts';

/** Read aloud over a counter: without those that sound or look like another. */
const CHARACTERS = 'ACDEFGHJKLMNPQRTUVWXY34679';
const LENGTH = 4;

/**
 * What the customer tells at handover, four characters: from the order's token, which they alone have, and which nobody gets back from it.
 * Null for an order that is sent.
 */
export function pickupCode(publicId: string, fulfilment: FulfilmentType): string | null {
  if (fulfilment !== 'pickup') return null;
  const digest = createHash('sha256').update(`pickup:${publicId}`).digest();
  return [...digest.subarray(0, LENGTH)].map((byte) => CHARACTERS[byte % CHARACTERS.length]).join('');
}
