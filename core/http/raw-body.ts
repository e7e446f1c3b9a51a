import { Readable } from 'node:stream';
import type { preParsingAsyncHookHandler } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent, for routes that check a signature over it; absent for all others, and for an empty one. */
    rawBody?: Buffer;
  }
}

/** Keeps the body on its way to the parser, which bounds its size: nothing is kept of what is too large. */
export const keepRawBody: preParsingAsyncHookHandler = async (request, _reply, payload) => {
  const chunks: Buffer[] = [];
  const passed = async function* () {
    for await (const chunk of payload) {
      chunks.push(chunk as Buffer);
      yield chunk as Buffer;
    }
    request.rawBody = Buffer.concat(chunks);
  };
  return Readable.from(passed());
};
