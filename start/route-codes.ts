import type { FastifyContextConfig } from 'fastify';
import type { ErrorCode } from '#app/errors.ts';
import type { ShopAudiences } from '#app/route.ts';

/** What tells which refusals a route can give. */
export interface RouteAsked {
  readonly method: string;
  readonly config: FastifyContextConfig;
}

const OF_ALL: readonly ErrorCode[] = [
  'MALFORMED',
  'NOT_FOUND',
  'VALIDATION_FAILED',
  'INTERNAL',
  'UNAVAILABLE',
];
const OF_WRITES: readonly ErrorCode[] = ['TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const OF_LIMITED: readonly ErrorCode[] = ['TOO_MANY_REQUESTS'];

/** What the gate of each audience refuses, and what it refuses of writes besides. */
const OF_GATE: Readonly<
  Record<keyof ShopAudiences, { readonly all: readonly ErrorCode[]; readonly writes: readonly ErrorCode[] }>
> = {
  anyone: { all: [], writes: ['FORBIDDEN'] },
  storefront: { all: ['STORE_NOT_FOUND'], writes: ['FORBIDDEN'] },
  shopper: { all: ['STORE_NOT_FOUND'], writes: ['FORBIDDEN', 'SESSION_EXPIRED'] },
  order_holder: { all: ['ORDER_NOT_FOUND'], writes: [] },
  customer: { all: ['UNAUTHENTICATED', 'FORBIDDEN'], writes: ['SESSION_EXPIRED'] },
  staff_without_store: { all: ['UNAUTHENTICATED', 'FORBIDDEN'], writes: ['SESSION_EXPIRED'] },
  staff: {
    all: ['UNAUTHENTICATED', 'FORBIDDEN', 'STORE_NOT_CHOSEN', 'TOO_MANY_REQUESTS'],
    writes: ['SESSION_EXPIRED'],
  },
};

/** Every code that a route may be refused with: those of all routes, of its audience's gate, and its own. */
export function codesOf({ method, config }: RouteAsked): readonly ErrorCode[] {
  const isWrite = method !== 'GET';
  const { all, writes } = OF_GATE[config.audience as keyof ShopAudiences];
  const codes = [
    ...OF_ALL,
    ...all,
    ...(isWrite ? [...OF_WRITES, ...writes] : []),
    ...(config.rateLimit ? OF_LIMITED : []),
    ...((config.errors ?? []) as readonly ErrorCode[]),
  ];
  return [...new Set(codes)];
}
