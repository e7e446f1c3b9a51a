import { createHash } from 'node:crypto';

/** Characters of a slug that is made of a name without a Latin letter. */
const MADE_SLUG_LENGTH = 12;

/** A text as it may stand in an address: `Crème Brûlée!` → `creme-brulee`. Empty when no letter of it is Latin. */
export function slugOf(text: string): string {
  const letters = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return letters.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

/** The address of a category. A name without a Latin letter gets one of its own making. */
export function categorySlug(name: string): string {
  return slugOf(name) || `c-${createHash('sha256').update(name).digest('hex').slice(0, MADE_SLUG_LENGTH)}`;
}
