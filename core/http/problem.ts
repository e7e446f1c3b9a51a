import type { FastifyRequest } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';
import type { ErrorRow } from './error-table.ts';
import { fieldErrors } from './validation.ts';

/** A refusal ready to be shown: the members of an RFC 9457 problem document, and the help text for pages. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly help: string;
  readonly requestId: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** Turns anything thrown into a problem. Whatever is not a named refusal becomes INTERNAL and tells nothing of its cause. */
export function problemOf(error: unknown, request: FastifyRequest, table: ErrorTable): Problem {
  const refusal = named(error);
  const row = table[refusal.code] ?? { status: 500, title: 'Something went wrong', help: 'Try again.' };
  return {
    ...row,
    code: refusal.code,
    detail: refusal.message,
    requestId: request.id,
    evidence: refusal.evidence,
  };
}

/** The document of a problem, as clients of the API receive it. */
export function problemDocument(problem: Problem): Record<string, unknown> {
  const { status, code, title, detail, requestId, evidence } = problem;
  return { type: `/errors#${code}`, title, status, detail, code, request_id: requestId, ...evidence };
}

function named(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error)) return new DomainError('INTERNAL', 'An unexpected error was logged.');
  if ('validation' in error && Array.isArray(error.validation)) return invalid(error.validation, error);
  return ofFramework(error);
}

function invalid(validation: Parameters<typeof fieldErrors>[0], error: Error): DomainError {
  const part = 'validationContext' in error ? String(error.validationContext) : 'body';
  const errors = fieldErrors(validation);
  const fields = Object.keys(errors).join(', ');
  return new DomainError('VALIDATION_FAILED', `Expected a valid ${part}; check ${fields}.`, { errors });
}

const FRAMEWORK_CODES: Readonly<Record<number, string>> = {
  400: 'MALFORMED',
  // Only files are forbidden by the framework: those outside their folder, and the folder itself.
  403: 'NOT_FOUND',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  412: 'PRECONDITION_FAILED',
  413: 'TOO_LARGE',
  414: 'NOT_FOUND',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  416: 'RANGE_NOT_SATISFIABLE',
  429: 'TOO_MANY_REQUESTS',
};

function ofFramework(error: Error): DomainError {
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const code = FRAMEWORK_CODES[status];
  if (!code) return new DomainError('INTERNAL', 'An unexpected error was logged under the request id.');
  if (code === 'NOT_FOUND') return new DomainError(code, 'There is nothing at this address.');
  const retryAfter = 'retryAfter' in error ? { retry_after: error.retryAfter } : {};
  return new DomainError(code, error.message, retryAfter);
}
