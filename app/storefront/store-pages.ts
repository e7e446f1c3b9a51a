import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Shelf } from '#core/cache/channel-cache.ts';
import { PageCache } from '#core/cache/page-cache.ts';
import { newToken } from '#core/values/ids.ts';
import type { StorePage, Themes } from './theme-renderer.ts';

const NOT_MODIFIED = 304;

interface Visitor {
  readonly shelf: Shelf;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Sends the pages of storefronts, which are the same for every visitor: carts live in browsers. */
export class StorePages {
  readonly #themes: Themes;
  readonly #cache = new PageCache();

  constructor(themes: Themes) {
    this.#themes = themes;
  }

  /** Sends the page at the request's address, rendered anew only if something of the store has changed. */
  async sendKept(visitor: Visitor, make: () => Promise<StorePage>): Promise<FastifyReply> {
    const { shelf, request, reply } = visitor;
    // Forgotten with everything else on the shelf when the store's channel speaks; pages of an old edition are not asked for again.
    const edition = await shelf.get('edition', () => Promise.resolve(newToken()));
    const key = `${edition} ${originOf(request)} ${addressOf(request)}`;
    const page = await this.#cache.get(key, async () => this.#themes.render(await make()));
    reply.header('etag', page.etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding');
    if (request.headers['if-none-match'] === page.etag) return reply.status(NOT_MODIFIED).send();
    const encoding = encodingFor(request);
    if (encoding === null) return asHtml(reply).send(page.body);
    return asHtml(reply).header('content-encoding', encoding).send(page[encoding]);
  }

  /** Sends a page that is rendered each time. */
  send(reply: FastifyReply, page: StorePage): FastifyReply {
    return asHtml(reply).header('cache-control', 'no-cache').send(this.#themes.render(page));
  }
}

/** Scheme and host as the visitor knows them. */
export function originOf({ protocol, host }: FastifyRequest): string {
  return `${protocol}://${host}`;
}

/** The smallest encoding that the browser takes; null when it takes none. */
function encodingFor({ headers }: FastifyRequest): 'br' | 'gzip' | null {
  const accepted = String(headers['accept-encoding'] ?? '');
  return (['br', 'gzip'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(accepted)) ?? null;
}

/** The part of the address that makes a page another one: campaign parameters and the like do not. */
function addressOf({ url, query }: FastifyRequest): string {
  const { cursor = '' } = query as { cursor?: string };
  return `${url.split('?', 1)[0]} ${cursor}`;
}

function asHtml(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8');
}
