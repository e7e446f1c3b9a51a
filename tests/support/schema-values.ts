import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { brokenTexts, strict } from '#core/http/validation.ts';

/** The part of JSON Schema in which routes say what they take. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A value with one field changed. */
export interface HostileValue {
  /** As problem documents name it: `items.0.quantity`. */
  readonly path: string;
  readonly value: unknown;
}

const ajv = new Ajv({ strict: false });
formats.default(ajv);

const LONG_TEXT_LENGTH = 20_000;
const MANY_ITEMS = 1001;
const INT4_MAX = 2 ** 31 - 1;

/** Texts that formats take. */
const TEXTS: Readonly<Record<string, string>> = {
  email: 'kim@example.com',
  'date-time': '2031-02-03T04:05:06Z',
  date: '2031-02-03',
  time: '04:05:06Z',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  uri: 'https://shop.example/hook',
  ipv4: '192.0.2.1',
};

/** Members that depend on each other, by what they are called. */
const NAMED: Readonly<Record<string, unknown>> = {
  password: 'seventeen blue umbrellas',
  scope: 'orders.see',
};

/** Something that the schema takes, with every member and one item in each list. */
export function sampleOf(schema: Schema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? [];
  if (choice) return sampleOf(choice, name);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sampleOf(part, name)));
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([member, its]) => [member, sampleOf(its, member)]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () =>
        sampleOf(schema.items ?? {}, name),
      );
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(schema, name);
  }
}

function textOf({ format, pattern, minLength = 0 }: Schema, name: string): unknown {
  if (name in NAMED) return NAMED[name];
  if (format && format in TEXTS) return TEXTS[format];
  if (!pattern) return 'text'.padEnd(minLength, 't');
  const [text] = fc.sample(fc.stringMatching(new RegExp(pattern, 'u')), { numRuns: 1, seed: 7 });
  return text ?? 'text';
}

/** The sample once for each hostile value in each of its fields, without each field, and with one too many. */
export function hostileValuesOf(schema: Schema): HostileValue[] {
  const sample = sampleOf(schema);
  return placesIn(schema, sample).flatMap(({ path, schema: its, value }) =>
    hostileTo(its, value).map((hostile) => ({
      path: path.join('.') || 'body',
      value: withPlace(sample, path, hostile),
    })),
  );
}

/** Whether a route that declares the schema takes the value: everything else it must refuse without a look at the database. */
export function takerOf(schema: Schema): (value: unknown) => boolean {
  const takes = ajv.compile(strict(schema) as object);
  return (value) => takes(value) && brokenTexts(value).length === 0;
}

interface Place {
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly value: unknown;
}

function placesIn(schema: Schema, value: unknown, path: readonly string[] = []): Place[] {
  const [choice] = schema.anyOf ?? [];
  if (choice) return placesIn(choice, value, path);
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, its]) =>
    placesIn(its, (value as Record<string, unknown>)[name], [...path, name]),
  );
  const items = schema.items && Array.isArray(value) ? placesIn(schema.items, value[0], [...path, '0']) : [];
  return [{ path, schema, value }, ...inside, ...items];
}

const GONE = Symbol('left out');

function hostileTo(schema: Schema, value: unknown): unknown[] {
  const kind = schema.type ?? typeof (schema.const ?? schema.enum?.[0] ?? '');
  return [GONE, null, ...(HOSTILE[kind] ?? HOSTILE['string'] ?? (() => []))(schema, value)];
}

const HOSTILE: Readonly<Record<string, (schema: Schema, value: unknown) => unknown[]>> = {
  object: (_, value) => ['text', [1], { ...(value as object), unknown: 1 }, { __proto__x: 1 }],
  array: ({ maxItems = MANY_ITEMS - 1 }, value) => [
    'text',
    [],
    [null],
    Array.from({ length: maxItems + 1 }, () => (value as unknown[])[0]),
    [(value as unknown[])[0], (value as unknown[])[0]],
  ],
  integer: ({ minimum = 0, maximum = INT4_MAX }) => [
    'text',
    true,
    minimum - 1,
    minimum,
    maximum,
    maximum + 1,
    1.5,
    -1,
    2 ** 53,
    1e300,
  ],
  number: ({ minimum = 0, maximum = INT4_MAX }) => ['text', minimum - 1, maximum, maximum + 1, -1, 1e300],
  boolean: () => ['true', 1],
  null: () => [1],
  string: ({ maxLength = LONG_TEXT_LENGTH, format }) => [
    7,
    {},
    '',
    '   ',
    'a\0b',
    'a\uD800b',
    '😀',
    "'; DROP TABLE orders; --",
    'x'.repeat(maxLength),
    'x'.repeat(maxLength + 1),
    ...(format === 'date-time'
      ? ['2016-12-31T23:59:60Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z']
      : []),
  ],
};

function withPlace(whole: unknown, [name, ...rest]: readonly string[], hostile: unknown): unknown {
  if (name === undefined) return hostile === GONE ? undefined : hostile;
  if (Array.isArray(whole)) return [withPlace(whole[0], rest, hostile), ...whole.slice(1)];
  const { [name]: member, ...others } = whole as Record<string, unknown>;
  if (rest.length === 0 && hostile === GONE) return others;
  return { ...others, [name]: withPlace(member, rest, hostile) };
}
