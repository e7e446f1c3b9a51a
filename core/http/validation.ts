import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

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

/** Turns validation errors into sentences by field: `{"items.0.quantity": ["must be >= 1"]}`. */
export function fieldErrors(errors: readonly Partial<ErrorObject>[]): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const error of errors) {
    const field = fieldOf(error);
    (fields[field] ??= []).push(sentenceOf(error));
  }
  return fields;
}

function fieldOf({ instancePath = '', params }: Partial<ErrorObject>): string {
  const missing: unknown = params?.['missingProperty'] ?? params?.['additionalProperty'];
  const path = instancePath.split('/').filter(Boolean);
  return [...path, ...(typeof missing === 'string' ? [missing] : [])].join('.') || 'body';
}

function sentenceOf({ keyword, message, params }: Partial<ErrorObject>): string {
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties') return 'is not a known field';
  if (keyword === 'enum') return `must be one of ${JSON.stringify(params?.['allowedValues'])}`;
  return message ?? 'is not valid';
}
