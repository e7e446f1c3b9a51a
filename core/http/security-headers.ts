import { randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import fastifyPlugin from 'fastify-plugin';
import helmet from 'helmet';

declare module 'fastify' {
  interface FastifyReply {
    /** Allows this answer to style itself with elements that carry the nonce, and resolves to it. */
    allowInlineStyle(): string;
  }
}

export interface SecurityHeadersOptions {
  /** The content policy: sources by directive. */
  readonly directives: Readonly<Record<string, string[]>>;
  /** Whether browsers must come over HTTPS only, for a year. */
  readonly httpsOnly: boolean;
}

const YEAR_S = 31_536_000;
const NONCE_BYTES = 16;

/** Helmet's headers on every answer. They are the same each time, so helmet is asked once. */
export const securityHeaders = fastifyPlugin<SecurityHeadersOptions>(
  async (app, options) => {
    const fixed = headersOf(options);
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(fixed);
      done();
    });
    app.decorateReply('allowInlineStyle', function allowInlineStyle() {
      const nonce = randomBytes(NONCE_BYTES).toString('base64');
      const { directives } = options;
      const styles = [...(directives['style-src'] ?? []), `'nonce-${nonce}'`];
      this.headers(headersOf({ ...options, directives: { ...directives, 'style-src': styles } }));
      return nonce;
    });
  },
  { name: 'security-headers' },
);

function headersOf({ directives, httpsOnly }: SecurityHeadersOptions): OutgoingHttpHeaders {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const set = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: httpsOnly ? { maxAge: YEAR_S, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginEmbedderPolicy: false,
  });
  set(response.req, response, (error) => {
    if (error) throw error;
  });
  return response.getHeaders();
}
