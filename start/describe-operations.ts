import { STATUS_CODES } from 'node:http';
import type { RouteOptions } from 'fastify';
import { errorTable, type ErrorCode } from '#app/errors.ts';
import { KEY_SCOPES, STAFF_ABILITIES } from '#app/staff/abilities.ts';
import { codesOf } from './route-codes.ts';

/** The parts of OpenAPI that are added here. */
interface Operation {
  description?: string;
  parameters?: Parameter[];
  security?: readonly Readonly<Record<string, readonly string[]>>[];
  requestBody?: object;
  responses?: Record<string, Response>;
}

interface Parameter {
  readonly name: string;
  readonly schema: object;
  required?: boolean;
}

interface Response {
  description?: string;
  headers?: object;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>> | undefined>>;
type Routes = ReadonlyMap<string, RouteOptions>;

const PROBLEM = '#/components/schemas/Problem';
const SUCCESS_MAX = 399;
const KEY_HEADER = 'idempotency-key';
const STAFF: ReadonlySet<string> = new Set(['staff', 'staff_without_store']);
const RIGHTS: ReadonlySet<string> = new Set(STAFF_ABILITIES);
const KEYS_MAY: ReadonlySet<string> = new Set(KEY_SCOPES);

/** What operations of the description share. */
export const COMPONENTS = {
  schemas: {
    Problem: {
      type: 'object',
      description: 'A refusal (RFC 9457). What is beside these members is evidence of the code.',
      required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
      properties: {
        type: { type: 'string', description: 'Where the code is explained' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string', description: 'What was expected and what came' },
        code: { type: 'string' },
        request_id: { type: 'string' },
        errors: {
          type: 'object',
          description: 'Sentences by field, e.g. `items.0.quantity`',
          additionalProperties: { type: 'array', items: { type: 'string' } },
        },
        retry_after: { type: 'integer', description: 'Seconds' },
      },
    },
  },
  securitySchemes: {
    staff_session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'storeflow_staff',
      description: 'Of staff who signed in at `/login`; `__Host-storeflow_staff` behind HTTPS.',
    },
    staff_token: {
      type: 'apiKey',
      in: 'header',
      name: 'X-XSRF-TOKEN',
      description: 'The value of the cookie `XSRF-TOKEN`, with each write of a session.',
    },
    api_key: {
      type: 'http',
      scheme: 'bearer',
      description:
        'A key of one store (`sfk_…`). Its scopes are the abilities that the operations name. Cookies do not count beside it.',
    },
    customer_session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'storeflow_customer',
      description: 'Of customers who signed in; `__Host-storeflow_customer` behind HTTPS.',
    },
    customer_token: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Customer-Token',
      description: 'The value of the cookie `storeflow_customer_token`, with each write of a session.',
    },
  },
} as const;

/** Adds to each operation who may call it, the refusals it can give, and the headers of its answers. */
export function describeOperations(paths: Paths, routes: Routes): void {
  for (const [path, operations = {}] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const route = routes.get(operationName(method, path));
      if (route) describe(operation, route);
    }
  }
}

/** A route as paths and methods of the description name it. */
export function operationName(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;
}

function describe(operation: Operation, { method, config = {} }: RouteOptions): void {
  const codes = codesOf({ method: String(method), config });
  if (RIGHTS.has(config.ability ?? '')) operation.description = `Needs the right \`${config.ability}\`.`;
  operation.security = securityOf(String(method), config);
  if (config.receivesFile) operation.requestBody = fileBody(config.receivesFile);
  for (const parameter of operation.parameters ?? [])
    parameter.required = isNeeded(parameter, codes, parameter.required);
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    if (Number(status) > SUCCESS_MAX) continue;
    answer.description = STATUS_CODES[status] ?? '';
    answer.headers = { ...answer.headers, ...headersOf(config) };
  }
  operation.responses = { ...operation.responses, ...problems(codes, config.audience) };
}

/** A file, as the only one of a form or as the body itself. */
function fileBody(mediaTypes: readonly string[]): object {
  const file = { type: 'string', format: 'binary' };
  const form = {
    type: 'object',
    additionalProperties: false,
    required: ['file'],
    properties: { file },
  };
  const bodies = mediaTypes.map((mediaType) => [mediaType, { schema: file }] as const);
  return {
    required: true,
    content: { 'multipart/form-data': { schema: form }, ...Object.fromEntries(bodies) },
  };
}

/** What has a default may be left out; the key of what happens once may not, though its absence has a refusal of its own. */
function isNeeded({ name, schema }: Parameter, codes: readonly ErrorCode[], required = false): boolean {
  if (name === KEY_HEADER) return codes.includes('IDEMPOTENCY_KEY_REQUIRED');
  return required && !('default' in schema);
}

/** One of these; of each, all that it names. An order's token stands in the address and needs no other. */
function securityOf(
  method: string,
  { audience, ability = '' }: NonNullable<RouteOptions['config']>,
): NonNullable<Operation['security']> {
  const isWrite = method !== 'GET';
  const session = { staff_session: [], ...(isWrite && { staff_token: [] }) };
  if (audience === 'staff' && KEYS_MAY.has(ability)) return [session, { api_key: [ability] }];
  if (STAFF.has(audience ?? '')) return [session];
  const account = { customer_session: [], ...(isWrite && { customer_token: [] }) };
  if (audience === 'customer') return [account];
  if (audience === 'shopper') return [{}, account];
  return [];
}

/** Whoever comes with a key is told how often it may still call, at whichever operation. */
function headersOf({ answerHeaders = {}, rateLimit, audience }: NonNullable<RouteOptions['config']>): object {
  const own = Object.entries(answerHeaders).map(([name, description]) => [name, textHeader(description)]);
  return { ...Object.fromEntries(own), ...((rateLimit || audience === 'staff') && LIMIT_HEADERS) };
}

const LIMIT_HEADERS = {
  'x-ratelimit-limit': wholeHeader('How many calls are allowed in the window'),
  'x-ratelimit-remaining': wholeHeader('How many of them are left'),
  'x-ratelimit-reset': wholeHeader('Seconds until the window begins anew'),
};

const TOO_MANY = 429;

const RETRY_AFTER = { 'retry-after': wholeHeader('Seconds until it is worth trying again') };

const UNAUTHENTICATED = 401;

const CHALLENGE = {
  'www-authenticate': textHeader('`Bearer`, also when a key was shown that is not, or no longer, valid'),
};

/** An answer for each status, with its codes. */
function problems(
  codes: readonly ErrorCode[],
  audience: string | undefined,
): Record<string, { headers?: object }> {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      status,
      {
        description: its.map((code) => `\`${code}\` ${errorTable[code].title}`).join(' · '),
        ...(its.some(asksToWait) && {
          headers: { ...RETRY_AFTER, ...(status === TOO_MANY && LIMIT_HEADERS) },
        }),
        ...(status === UNAUTHENTICATED && audience === 'staff' && { headers: CHALLENGE }),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [{ $ref: PROBLEM }, { type: 'object', properties: { code: { enum: its } } }],
            },
          },
        },
      },
    ]),
  );
}

function asksToWait(code: ErrorCode): boolean {
  const { status } = errorTable[code];
  return status === TOO_MANY || status === 503;
}

function textHeader(description: string) {
  return { description, schema: { type: 'string' } };
}

function wholeHeader(description: string) {
  return { description, schema: { type: 'integer' } };
}
