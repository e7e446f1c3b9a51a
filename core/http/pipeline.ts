import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';
import { keepRawBody } from './raw-body.ts';
import type { Route } from './route.ts';
import { brokenTexts, strict } from './validation.ts';

/** How an audience gets in: who is it, whose data is it bound to, may it do this. Each step throws its refusal. */
export interface Gate<Principal = unknown, Context extends object = object> {
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Principal>;
  bind(request: FastifyRequest, principal: Principal): Promise<Context>;
  permits(context: Context, ability: string): boolean;
}

/** Checks a gate's steps against each other, then forgets their types: the pipeline passes them along unseen. */
export function gate<Principal, Context extends object>(steps: Gate<Principal, Context>): Gate {
  return steps as unknown as Gate;
}

export type Gates = Readonly<Record<string, Gate>>;

declare module 'fastify' {
  interface FastifyRequest {
    /** What the audience's gate bound this request to; empty before the gate. */
    gateContext: object;
  }
  interface FastifyContextConfig {
    audience?: string;
    ability?: string;
    /** Whether the API's description tells of it; the rest are pages. */
    isDocumented?: boolean;
    /** Codes of its refusals besides those of its audience. */
    errors?: readonly string[];
    /** Media types in which it receives a file as the body, beside that of a form; absent when it receives none. */
    receivesFile?: readonly string[];
    /** Headers of its answers, with what they say. */
    answerHeaders?: Readonly<Record<string, string>>;
  }
}

/** Refuses, at start, any route that did not come through `registerRoutes`. Call before the first route is registered. */
export function guardRoutes(app: FastifyInstance, exempt: (route: RouteOptions) => boolean): void {
  app.decorateRequest('gateContext');
  app.decorateRequest('rawBody');
  app.addHook('onRoute', (route) => {
    if (!route.config?.audience && !exempt(route)) {
      throw new Error(
        `route ${String(route.method)} ${route.url}: expected an audience and an ability, received none`,
      );
    }
  });
}

/** The only way to a route: authenticate → bind tenant → policy → parse → handle. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], gates: Gates): void {
  const add = (scope: FastifyInstance, route: Route) => registerRoute(scope, route, gates);
  for (const route of routes) if (!route.form) add(app, route);
  // Elsewhere forms stay unknown: any site's page can send one without asking.
  void app.register(async (scope) => {
    await scope.register(formbody);
    for (const route of routes) if (route.form) add(scope, route);
  });
}

function registerRoute(app: FastifyInstance, route: Route, gates: Gates): void {
  const entrance = gates[route.audience];
  if (!entrance) throw new Error(`route ${route.path}: no gate for audience ${route.audience}`);
  app.route({
    method: route.method,
    url: route.path,
    config: {
      audience: route.audience,
      ability: route.ability,
      isDocumented: isDocumented(route),
      ...(route.errors && { errors: route.errors }),
      ...(route.receivesFile && { receivesFile: route.receivesFile }),
      ...(route.answerHeaders && { answerHeaders: route.answerHeaders }),
      ...rateLimitOf(route),
    },
    schema: schemaOf(route),
    onRequest: (request, reply) => enter(request, reply, { route, entrance }),
    ...(route.rawBody && { preParsing: keepRawBody }),
    handler: (request, reply) => handle(request, reply, route),
  });
}

async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { route, entrance }: { route: Route; entrance: Gate },
): Promise<void> {
  const principal = await entrance.authenticate(request, reply);
  const context = await entrance.bind(request, principal);
  // Before the policy: the page of a refusal shows who was refused.
  request.gateContext = context;
  if (!entrance.permits(context, route.ability)) {
    throw new DomainError('FORBIDDEN', `This needs the right ${route.ability}, which you do not have here.`);
  }
}

function refuseBrokenTexts({ params, query, body }: FastifyRequest, route: Route): void {
  if (brokenTexts(params).length > 0) throw new DomainError('NOT_FOUND', 'There is nothing at this address.');
  const fields = [...brokenTexts(query), ...(route.body ? brokenTexts(body) : [])];
  if (fields.length === 0) return;
  throw new DomainError(
    'VALIDATION_FAILED',
    `Expected text, received other characters in ${fields.join(', ')}.`,
    {
      errors: Object.fromEntries(fields.map((field) => [field, ['holds characters that are not text']])),
    },
  );
}

function handle(request: FastifyRequest, reply: FastifyReply, route: Route): unknown {
  const { params, query, body, gateContext } = request;
  // Behind validation, which bounds how deep a body goes.
  refuseBrokenTexts(request, route);
  return route.handle({ ...gateContext, params, query, body, request, reply } as never);
}

function isDocumented({ answers }: Route): boolean {
  return answers !== undefined;
}

function schemaOf(route: Route): Record<string, unknown> {
  const isApi = isDocumented(route);
  return {
    summary: route.summary,
    hide: !isApi,
    tags: [route.audience],
    ...(route.params && { params: route.params }),
    ...(route.headers && { headers: route.headers }),
    // A page must live with campaign parameters that others append to its address; the API tells its callers of a typo.
    ...(route.query && { querystring: isApi ? strict(route.query) : route.query }),
    ...(route.body && { body: strict(route.body) }),
    ...(route.answers && { response: route.answers }),
  };
}

function rateLimitOf({ limit }: Route): object {
  if (!limit) return {};
  return {
    rateLimit: {
      max: limit.max,
      timeWindow: limit.windowMs,
      ...(limit.keyOf && { keyGenerator: limit.keyOf }),
    },
  };
}
