import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';
import type { ErrorRow } from './error-table.ts';
import { problemDocument, problemOf, type Problem } from './problem.ts';

const SERVER_ERROR = 500;

/** A page that shows a problem to people, for the requests it is meant for. */
export interface ProblemPage {
  readonly shows: (request: FastifyRequest) => boolean;
  readonly render: (request: FastifyRequest, reply: FastifyReply, problem: Problem) => unknown;
}

interface ErrorHandling {
  readonly table: Readonly<Record<string, ErrorRow>>;
  /** Asked in order; problem+json is the answer when none applies. */
  readonly pages: readonly ProblemPage[];
}

/** The one place where refusals become answers. */
export function handleErrors(app: FastifyInstance, { table, pages }: ErrorHandling): void {
  const answer = async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = problemOf(error, request, table);
    logProblem(request, error, problem);
    reply.status(problem.status);
    const retryAfter = problem.evidence['retry_after'];
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    const page = pages.find(({ shows }) => shows(request));
    if (!page) return sendDocument(reply, problem);
    try {
      return await page.render(request, reply, problem);
    } catch (failure) {
      request.log.error({ err: failure }, 'the page of a problem failed');
      return sendDocument(reply, problem);
    }
  };
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request, reply) =>
    answer(new DomainError('NOT_FOUND', 'There is nothing at this address.'), request, reply),
  );
}

function sendDocument(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.type('application/problem+json').send(JSON.stringify(problemDocument(problem)));
}

function logProblem(request: FastifyRequest, error: unknown, problem: Problem): void {
  if (problem.status >= SERVER_ERROR) request.log.error({ err: error, code: problem.code }, 'request failed');
  else request.log.info({ code: problem.code }, 'request refused');
}
