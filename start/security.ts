import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { securityHeaders } from '#core/http/security-headers.ts';
import type { Config } from './config.ts';

/** What every answer carries and every request passes before a route sees it. */
export async function secure(app: FastifyInstance, config: Config, secret: string): Promise<void> {
  await app.register(cookie, { secret });
  await app.register(securityHeaders, {
    directives: contentPolicy(config),
    httpsOnly: config.secureCookies,
  });
  // What may be kept says so itself: files, and the pages of a storefront.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
  if (config.rateLimits) await app.register(rateLimit, { global: false });
}

/** Everything from this origin, pictures also from where they are public, nothing inline: a theme or a product's description can bring no script. */
function contentPolicy({ secureCookies, bucket }: Config): Record<string, string[]> {
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:', ...(bucket?.publicUrl ? [new URL(bucket.publicUrl).origin] : [])],
    'connect-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    ...(secureCookies && { 'upgrade-insecure-requests': [] }),
  };
}
