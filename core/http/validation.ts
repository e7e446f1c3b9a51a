import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { FILLED_LINE_PATTERN, LINE_PATTERN } from '#core/values/schema.ts';

/** A body may be wrong in a hundred thousand places: so many errors are looked at, and so many fields told of. */
const ERRORS_READ_MAX = 1_000;
const FIELDS_TOLD_MAX = 50;

/** Bodies are taken as they are; what comes in an address is text and becomes the number or boolean that the schema names. */
const asSent = new Ajv({ allErrors: true, useDefaults: true, strict: false });
const fromText = new Ajv({ allErrors: true, useDefaults: true, strict: false, coerceTypes: 'array' });
formats.default(asSent);
formats.default(fromText);

/** The validator of the pipeline: JSON Schema, no coercion of bodies, nothing removed in silence. Compiled when a request first needs it: a start is quicker. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const ajv = httpPart === 'body' ? asSent : fromText;
  let validate: ValidateFunction | undefined;
  return (value: unknown) => {
    validate ??= ajv.compile(schema);
    return validate(value) || { error: validate.errors ?? [] };
  };
};

/** The same schema with unknown fields refused in every object. */
export function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  return 'properties' in copy ? { additionalProperties: false, ...copy } : copy;
}

/** The fields whose text no database keeps: with NUL in it, or with half of a character. */
export function brokenTexts(value: unknown): string[] {
  return holdsBrokenText(value) ? pathsOfBroken(value, []) : [];
}

/** Looked at first, because nearly all are whole: without making a list for each field. */
function holdsBrokenText(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed() || value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsBrokenText);
}

function pathsOfBroken(value: unknown, path: readonly string[]): string[] {
  if (typeof value === 'string') return holdsBrokenText(value) ? [path.join('.') || 'body'] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => pathsOfBroken(member, [...path, name]));
}

/** Turns validation errors into sentences by field, of the first fields where there are many: `{"items.0.quantity": ["must be at least 1"]}`. */
export function fieldErrors(all: readonly Partial<ErrorObject>[]): Record<string, string[]> {
  const errors = all.slice(0, ERRORS_READ_MAX);
  const others = otherKinds(errors);
  const telling = errors.filter(
    (error) => !isOfNoUse(error) && !others.some((kind) => error.schemaPath?.startsWith(kind)),
  );
  const byField = Map.groupBy(telling.length > 0 ? telling : errors, fieldOf);
  return Object.fromEntries(
    [...byField].slice(0, FIELDS_TOLD_MAX).map(([field, its]) => [field, sentencesOf(its)]),
  );
}

/** That something is none of several things, or could have been left out, does not say what it should be. */
function isOfNoUse({ keyword, params }: Partial<ErrorObject>): boolean {
  return keyword === 'anyOf' || (keyword === 'type' && params?.['type'] === 'null');
}

const MEMBER_OF_KIND = /^(.*\/anyOf\/)\d+\/(?=properties\/\w+\/const$)/;

/** Of things that a member such as `kind` tells apart, those that were not meant: what they would need is not asked for. */
function otherKinds(errors: readonly Partial<ErrorObject>[]): readonly string[] {
  const paths = new Set(errors.map(({ schemaPath = '' }) => schemaPath));
  const unmeant = [...paths].flatMap((path) => {
    const [kind, union] = MEMBER_OF_KIND.exec(path) ?? [];
    return kind && union ? [{ kind, union }] : [];
  });
  const isMeant = (path: string, union: string) =>
    path.startsWith(union) && !unmeant.some(({ kind }) => path.startsWith(kind));
  return unmeant
    .filter(({ union }) => [...paths].some((path) => isMeant(path, union)))
    .map(({ kind }) => kind);
}

/** The values that a field may have are said once. */
function sentencesOf(errors: readonly Partial<ErrorObject>[]): string[] {
  const values = errors.flatMap(({ keyword, params }): unknown[] => {
    if (keyword === 'const') return [params?.['allowedValue']];
    return keyword === 'enum' ? (params?.['allowedValues'] as unknown[]) : [];
  });
  const choice = values.length > 0 ? [`must be one of ${values.map(String).join(', ')}`] : [];
  const others = errors.filter(({ keyword }) => keyword !== 'const' && keyword !== 'enum').map(sentenceOf);
  return [...new Set([...choice, ...others])];
}

function fieldOf({ instancePath = '', params }: Partial<ErrorObject>): string {
  const missing: unknown = params?.['missingProperty'] ?? params?.['additionalProperty'];
  const path = instancePath.split('/').filter(Boolean);
  return [...path, ...(typeof missing === 'string' ? [missing] : [])].join('.') || 'body';
}

function sentenceOf({ keyword = '', message, params }: Partial<ErrorObject>): string {
  const limit = params?.['limit'] as unknown;
  const sentences: Readonly<Record<string, string>> = {
    required: 'is required',
    additionalProperties: 'is not a known field',
    minimum: `must be at least ${limit}`,
    maximum: `must be at most ${limit}`,
    minLength: `must have at least ${limit} characters`,
    maxLength: `must have at most ${limit} characters`,
    minItems: `must have at least ${limit} entries`,
    maxItems: `must have at most ${limit} entries`,
    uniqueItems: 'must not name anything twice',
    format: FORMATS[String(params?.['format'])] ?? message ?? '',
    pattern: PATTERNS[String(params?.['pattern'])] ?? message ?? '',
  };
  return sentences[keyword] ?? message ?? 'is not valid';
}

const PATTERNS: Readonly<Record<string, string>> = {
  [String.raw`\S`]: 'must not be blank',
  [LINE_PATTERN]: 'must be one line',
  [FILLED_LINE_PATTERN]: 'must be one line that is not blank',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  'date-time': 'must be a moment such as 2026-03-02T09:00:00Z',
  date: 'must be a day such as 2026-03-02',
  uri: 'must be a whole address such as https://example.com',
};
