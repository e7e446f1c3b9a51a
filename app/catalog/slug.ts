import { createHash } from 'node:crypto';
import { plainLetters } from '#core/values/latin-letters.ts';

/** Characters of a slug that is made of a name without a Latin letter. */
const MADE_SLUG_LENGTH = 12;

/** A text as it may stand in an address: `Crème Brûlée, groß!` → `creme-brulee-gross`. Empty when no letter of it is Latin. */
export function slugOf(text: string): string {
  return plainLetters(text)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** The address of a category. A name without a Latin letter gets one of its own making. */
export function categorySlug(name: string): string {
  return slugOf(name) || `c-${createHash('sha256').update(name).digest('hex').slice(0, MADE_SLUG_LENGTH)}`;
}
