import { describe, expect, it } from 'vitest';
import { idBehind, opaqueId } from '#core/values/ids.ts';

describe('an opaque id', () => {
  it.each([0, 1, 61, 62, 1_000_000, Number.MAX_SAFE_INTEGER])('of %d leads back to it', (id) => {
    expect(idBehind('va', opaqueId('va', id))).toBe(id);
  });

  it.each([
    ['of another kind', opaqueId('pr', 7)],
    ['with something behind it', `${opaqueId('va', 7)}_7`],
    ['of no database id', 'va_kkkkkkkkkk'],
    ['longer than any', `va_${'k'.repeat(12)}`],
    ['as long as a request may be', `va_${'k3G7'.repeat(60_000)}`],
    ['of letters that it has not', 'va_é-------'],
    ['without letters', 'va_'],
    ['empty', ''],
  ])('%s leads to nothing', (_, text) => {
    expect(idBehind('va', text)).toBeNull();
  });
});
