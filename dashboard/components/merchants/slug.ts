import { plainLetters } from '#core/values/latin-letters.ts';

const SLUG_LENGTH_MAX = 60;

/** The part of an address that a name suggests: `Café Nord & Süd` is `cafe-nord-sud`. */
export function slugOf(name: string): string {
  return plainLetters(name)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH_MAX)
    .replaceAll(/^-+|-+$/g, '');
}
