import type { Answer, Json } from './http-client.ts';

/** How one route is called with a body. */
export interface Call {
  /** A body with every field, in every depth. */
  readonly body: () => unknown;
  readonly send: (body: unknown) => Promise<Answer<Json>>;
  /** Answers that say that the body was taken, or refused for what it means. */
  readonly others: readonly number[];
}

/** A body in which one place was changed. */
export interface Mutant {
  /** Where, as problem documents name it: `items.0.quantity`. */
  readonly path: string;
  /** What was done there. */
  readonly change: string;
  readonly body: unknown;
}

const LONG_TEXT_LENGTH = 20_000;

/** What clients send by mistake or on purpose, whatever the field. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  'an empty list': [],
  'a list': [1],
  'an empty object': {},
  zero: 0,
  'minus one': -1,
  'a fraction': 1.5,
  'a thousand': 1000,
  'beyond safe integers': 2 ** 53,
  'a huge number': 1e300,
  'an empty text': '',
  spaces: '   ',
  'a plus': '+',
  'a text with NUL': 'a\0b',
  'half of a character': 'a\uD800b',
  'an emoji': '😀',
  'a very long text': 'x'.repeat(LONG_TEXT_LENGTH),
  'a query': "'; DROP TABLE orders; --",
  'a leap second': '2016-12-31T23:59:60Z',
  'a date beyond all': '9999-12-31T23:59:59Z',
  'three digits': '+ 12 (3)',
  'thirty digits': '+12345678901234567890123456789',
  'an inherited name': '__proto__',
};

/** The body once for each hostile value at each of its places, once without each member, once with an unknown one in each object. */
export function mutantsOf(make: () => unknown): Mutant[] {
  return pathsOf(make()).flatMap((path) => {
    const changed = (change: string, value: (now: unknown) => unknown, place = path): Mutant => ({
      path: place.join('.') || 'body',
      change,
      body: replaced(make(), path, value),
    });
    const now = at(make(), path);
    return [
      ...Object.entries(VALUES).map(([change, value]) => changed(change, () => value)),
      ...(isOpaqueId(now) ? [changed('an id beyond all', () => `${now.slice(0, 3)}${'k'.repeat(12)}`)] : []),
      ...(typeof path.at(-1) === 'string' ? [changed('left out', () => undefined)] : []),
      ...(isObject(now)
        ? [
            changed('an unknown member', (object) => ({ ...(object as object), unknown: 1 }), [
              ...path,
              'unknown',
            ]),
          ]
        : []),
    ];
  });
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value))
    return [path, ...value.flatMap((member, index) => pathsOf(member, [...path, index]))];
  if (!isObject(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

function replaced(value: unknown, [head, ...rest]: Path, make: (value: unknown) => unknown): unknown {
  if (head === undefined) return make(value);
  if (Array.isArray(value))
    return value.map((member, index) => (index === head ? replaced(member, rest, make) : member));
  return { ...(value as object), [head]: replaced((value as Record<string, unknown>)[head], rest, make) };
}

function at(value: unknown, [head, ...rest]: Path): unknown {
  return head === undefined ? value : at((value as Record<string | number, unknown>)[head], rest);
}

function isOpaqueId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{2}_\w{8,}$/.test(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
