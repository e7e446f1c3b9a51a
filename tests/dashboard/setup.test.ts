import { describe, expect, it } from 'vitest';
import { passwordRules } from '../../dashboard/components/merchants/password-rules.ts';
import { countries, currencies } from '../../dashboard/components/merchants/places.ts';
import { setupErrors } from '../../dashboard/components/merchants/setup-errors.ts';
import { slugOf } from '../../dashboard/components/merchants/slug.ts';

const kept = (password: string, known: string[] = []) =>
  passwordRules(password, known).map(({ isKept }) => isKept);

describe('the address that a name suggests', () => {
  it.each([
    ['Café Nord & Süd', 'cafe-nord-sud'],
    ['  Hollin & Scree! ', 'hollin-scree'],
    ['Große Œuvre, Smørrebrød & Łódź', 'grosse-oeuvre-smorrebrod-lodz'],
    ['喫茶店', ''],
    ['x'.repeat(59) + ' yz', 'x'.repeat(59)],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});

describe('the rules of a password', () => {
  it('ask for twelve characters, six of them different', () => {
    expect(kept('abcdefghijk')).toEqual([false, true, true]);
    expect(kept('abcdefghijkl')).toEqual([true, true, true]);
    expect(kept('aaaaaaaaaaaa')).toEqual([true, false, true]);
  });

  it('count what a person sees as one character once', () => {
    expect(kept('🍞'.repeat(11))[0]).toBe(false);
  });

  it('refuse names and parts of the e-mail address, in any case', () => {
    expect(kept('my-LOVELACE-2026', ['Ada Lovelace'])[2]).toBe(false);
    expect(kept('juniper-row-2026', ['hello@juniper.example'])[2]).toBe(false);
    expect(kept('adadadadadad-x', ['Ada Li'])[2]).toBe(true);
  });

  it('are not kept by nothing', () => {
    expect(kept('')).toEqual([false, false, false]);
  });
});

describe('what the setup still lacks', () => {
  const whole = {
    merchant_name: 'Juniper',
    store_name: 'Juniper Row',
    slug: 'juniper-row',
    currency: 'AUD',
    country: 'AU',
    timezone: 'Australia/Melbourne',
    owner_name: 'Ada',
    email: 'ada@example.com',
    password: 'a long password',
  };

  it('is nothing when all is filled in', () => {
    expect(setupErrors(whole)).toEqual({});
  });

  it('is told by field', () => {
    const errors = setupErrors({ ...whole, store_name: ' ', slug: 'Juniper Row', email: 'ada' });
    expect(Object.keys(errors).toSorted()).toEqual(['email', 'slug', 'store_name']);
  });
});

describe('places', () => {
  it('are countries of today, each once, by name', () => {
    const codes = countries().map(({ value }) => value);
    expect(codes).toEqual(expect.arrayContaining(['AU', 'DE', 'GB', 'NZ']));
    expect(codes.filter((code) => ['DD', 'SU', 'UK', 'EU', 'ZZ'].includes(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('are currencies by code, to be found by name', () => {
    expect(currencies()).toContainEqual({ value: 'AUD', label: 'AUD · Australian Dollar' });
  });
});
