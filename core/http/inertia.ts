import type { FastifyReply, FastifyRequest } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import { carry, carryErrors, NOTHING, takeCarried, type Carried } from './inertia/carried.ts';
import { readAssets, type Assets } from './inertia/manifest.ts';
import { wantedProps, type PageProps } from './inertia/props.ts';
import { shell } from './inertia/shell.ts';

export interface InertiaOptions {
  /** Where Vite wrote the dashboard's manifest. */
  readonly manifestPath: string;
  /** The address under which the build's folder is served, with a slash at its end. */
  readonly assetsBase: string;
  /** The document's title until the page sets its own. */
  readonly title: string;
  /** Props that every page gets; a page's own props win. */
  readonly share?: (request: FastifyRequest) => PageProps | Promise<PageProps>;
}

declare module 'fastify' {
  interface FastifyReply {
    /**
     * Answers with a page of the dashboard: an HTML document on a first visit, JSON when the client asks from within.
     * Keeps the status that was set before. `return` its result from the handler.
     */
    inertia(component: string, props?: PageProps): Promise<FastifyReply>;
    /** Leaves a word for the page that the redirect of this answer leads to; it arrives as `page.flash`. */
    flash(flash: Carried['flash']): FastifyReply;
    /** Redirects to where the form was sent from, with an error by field in `page.props.errors`, the first where there are many; to `/` when that is unknown. */
    backWithErrors(errors: Carried['errors']): FastifyReply;
  }
}

const CONFLICT = 409;
const SEE_OTHER = 303;

/**
 * The server's side of the Inertia 3 protocol: pages, partial reloads, asset versions, and messages across a redirect.
 * Needs @fastify/cookie with a secret, and the content policy of security-headers.ts, which lets its pages style themselves.
 */
export const inertia = fastifyPlugin<InertiaOptions>(
  async (app, options) => {
    const assets = readAssets(options.manifestPath, options.assetsBase);
    app.decorateReply('inertia', function render(component, props = {}) {
      return sendPage(this, assets, options, { component, props });
    });
    app.decorateReply('flash', function flash(words) {
      carry(this, { ...NOTHING, flash: words });
      return this;
    });
    app.decorateReply('backWithErrors', function backWithErrors(errors) {
      carryErrors(this, errors);
      return this.redirect(cameFrom(this.request), SEE_OTHER);
    });
  },
  {
    name: 'inertia',
    dependencies: ['@fastify/cookie', 'security-headers'],
    decorators: { request: ['unsignCookie'] },
  },
);

async function sendPage(
  reply: FastifyReply,
  assets: Assets,
  options: InertiaOptions,
  { component, props }: { component: string; props: PageProps },
): Promise<FastifyReply> {
  const { request } = reply;
  reply.headers({ vary: 'X-Inertia', 'cache-control': 'no-store' });
  if (isOutdated(request, assets.version)) return sendReload(reply, assets.version);
  const { errors, flash } = takeCarried(request, reply);
  const all = { ...(await options.share?.(request)), ...props };
  const page = {
    component,
    props: { ...(await wantedProps(request, component, all)), errors },
    url: request.method === 'GET' ? request.url : cameFrom(request),
    version: assets.version,
    ...(Object.keys(flash).length > 0 && { flash }),
  };
  return isFromWithin(request) ? sendJson(reply, page) : sendDocument(reply, assets, options, page);
}

function isFromWithin(request: FastifyRequest): boolean {
  return request.headers['x-inertia'] === 'true';
}

/** Whether the client runs scripts of another build. Only a GET may be repeated as a full visit. */
function isOutdated(request: FastifyRequest, version: string): boolean {
  return (
    isFromWithin(request) && request.method === 'GET' && request.headers['x-inertia-version'] !== version
  );
}

/** What was carried stays in its cookie: it belongs to the page that the full visit will show. */
function sendReload(reply: FastifyReply, version: string): FastifyReply {
  return reply
    .code(CONFLICT)
    .headers({ 'x-inertia-location': reply.request.url, 'x-inertia-version': version })
    .send('');
}

/** Sent as text, so that no response schema filters it. */
function sendJson(reply: FastifyReply, page: object): FastifyReply {
  return reply.header('x-inertia', 'true').type('application/json; charset=utf-8').send(JSON.stringify(page));
}

function sendDocument(
  reply: FastifyReply,
  assets: Assets,
  { assetsBase, title }: InertiaOptions,
  page: { component: string },
): FastifyReply {
  const html = shell({
    page,
    assets: assets.of(page.component),
    assetsBase,
    title,
    styleNonce: reply.allowInlineStyle(),
  });
  return reply.type('text/html; charset=utf-8').send(html);
}

/** The address of the page on this server that sent the request: where its sender still is when a write is refused with a page. */
function cameFrom({ headers, host }: FastifyRequest): string {
  const referer = URL.parse(headers.referer ?? '');
  // Two slashes at the beginning would name another server.
  return referer?.host === host ? referer.pathname.replace(/^\/+/, '/') + referer.search : '/';
}
