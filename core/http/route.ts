import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';

/**
 * What the shop tells the pipeline about each audience: the abilities its routes may ask for and what its handlers are given.
 * A route cannot be written without naming both.
 */
export type Audiences = Record<string, { ability: string; context: object }>;

type Parsed<Schema extends TSchema | undefined> = Schema extends TSchema ? Static<Schema> : undefined;

export interface RateLimit {
  readonly max: number;
  readonly windowMs: number;
  /** Counted per network address unless this names something else. */
  readonly keyOf?: (request: FastifyRequest) => string;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly audience: string;
  readonly ability: string;
  /** One sentence for the API's documentation. Routes without answers are pages and stay out of it. */
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  readonly headers?: TSchema;
  /** Whether the handler needs the body as it was sent, in `request.rawBody`. */
  readonly rawBody?: boolean;
  /** It receives a file, which takes its time on a slow line: of a form, or as the body in one of these media types. */
  readonly receivesFile?: readonly string[];
  /** Whether the body may come as a form, for pages that work without scripts. */
  readonly form?: boolean;
  readonly answers?: Readonly<Record<number, TSchema>>;
  /** Headers of the answers, with what they say. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Codes of its refusals besides those that every route of its audience can give. */
  readonly errors?: readonly string[];
  readonly limit?: RateLimit;
  readonly handle: (input: never) => unknown;
}

interface TypedRoute<
  All extends Audiences,
  Code extends string,
  Audience extends keyof All & string,
  Params extends TSchema | undefined,
  Query extends TSchema | undefined,
  Body extends TSchema | undefined,
> extends Omit<Route, 'audience' | 'ability' | 'params' | 'query' | 'body' | 'errors' | 'handle'> {
  readonly audience: Audience;
  readonly errors?: readonly Code[];
  readonly ability: All[Audience]['ability'];
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly handle: (
    input: All[Audience]['context'] &
      Exchange & {
        readonly params: Parsed<Params>;
        readonly query: Parsed<Query>;
        readonly body: Parsed<Body>;
      },
  ) => unknown;
}

/** Makes the `route` function of a set of audiences: it only checks types, so that handlers get what their audience is bound to. */
export function routesFor<All extends Audiences, Code extends string>() {
  return <
    Audience extends keyof All & string,
    Params extends TSchema | undefined = undefined,
    Query extends TSchema | undefined = undefined,
    Body extends TSchema | undefined = undefined,
  >(
    definition: TypedRoute<All, Code, Audience, Params, Query, Body>,
  ): Route => definition as unknown as Route;
}
