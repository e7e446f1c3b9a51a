import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemPage } from '#core/http/error-handler.ts';
import type { Problem } from '#core/http/problem.ts';
import type { StaffCookies } from '#app/staff/staff-cookie.ts';
import type { StoreDirectory } from '#app/stores/store-directory.ts';
import { storeErrorPage } from '#app/storefront/store-error-page.ts';
import { originOf } from '#app/storefront/store-pages.ts';
import type { Store } from '#app/stores/store-view.ts';
import type { Themes } from '#app/storefront/theme-renderer.ts';

interface Needs {
  readonly cookies: StaffCookies;
  readonly stores: StoreDirectory;
  readonly themes: Themes;
}

const SEE_OTHER = 303;

/** How problems look to people: a page of the dashboard that keeps its layout, or one in the store's theme. */
export function problemPages({ cookies, stores, themes }: Needs): ProblemPage[] {
  return [
    {
      // An address that cannot be read is refused before the request has got what the dashboard's pages need.
      shows: (request) => isDashboard(request) && !isData(request) && 'gateContext' in request,
      render: (request, reply, problem) => dashboardProblem(request, reply, problem, cookies),
    },
    {
      shows: (request) => isStorefront(request) && !isData(request),
      render: async (request, reply, problem) => {
        const store = await storeInAddress(request, stores);
        const place = { origin: originOf(request), path: request.url };
        return reply
          .type('text/html; charset=utf-8')
          .send(themes.render(storeErrorPage(store, problem, place)));
      },
    },
  ];
}

function dashboardProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
  cookies: StaffCookies,
): unknown {
  if (problem.code === 'UNAUTHENTICATED') {
    cookies.clear(reply);
    return reply.redirect('/login', SEE_OTHER);
  }
  if (problem.code === 'STORE_NOT_CHOSEN') return reply.redirect('/dashboard/stores', SEE_OTHER);
  if (isForm(request)) return reply.backWithErrors(fieldErrors(problem));
  const { status, code, title, detail, help, requestId, evidence } = problem;
  const props = { status, code, title, detail, help, request_id: requestId, ...evidence };
  return reply.inertia('Error', props).catch(() => {
    // What every page is given could not be read; a visitor's page is given nothing.
    request.gateContext = {};
    return reply.inertia('Error', props);
  });
}

/** The errors of a form by field; what belongs to no field goes under `form`. */
function fieldErrors({ detail, evidence }: Problem): Record<string, string> {
  const { errors } = evidence;
  const wait = evidence['retry_after'];
  if (typeof errors !== 'object' || errors === null) {
    return { form: detail, ...(wait !== undefined && { retry_after: String(wait) }) };
  }
  return Object.fromEntries(
    Object.entries(errors).map(([field, messages]) => [field, [messages].flat().join('; ')]),
  );
}

function isDashboard({ url }: FastifyRequest): boolean {
  return /^\/(dashboard|login|logout|setup|invitations)(\/|\?|$)/.test(url);
}

function isStorefront({ url }: FastifyRequest): boolean {
  return /^\/[so]\//.test(url);
}

/** Null when the address names none, or when the store cannot be read: the problem may be the database's. */
async function storeInAddress({ url }: FastifyRequest, stores: StoreDirectory): Promise<Store | null> {
  const slug = /^\/s\/([^/?]+)/.exec(url)?.[1];
  const found = slug === undefined ? null : await stores.bySlug(slug).catch(() => null);
  return found?.store ?? null;
}

/** Calls of the dashboard's own scripts, which want the document: everything that neither is a visit of Inertia nor asks for HTML. */
function isData({ headers }: FastifyRequest): boolean {
  return headers['x-inertia'] !== 'true' && !headers.accept?.includes('text/html');
}

function isForm({ method, headers }: FastifyRequest): boolean {
  return method !== 'GET' && headers['x-inertia'] === 'true';
}
