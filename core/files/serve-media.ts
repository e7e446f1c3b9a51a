import type { FastifyInstance } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';
import { KEPT_FOR_EVER, type MediaBucket } from './media-bucket.ts';
import type { MediaEnding } from './media.ts';

const TYPES: Readonly<Record<MediaEnding, string>> = {
  svg: 'image/svg+xml',
  webp: 'image/webp',
  avif: 'image/avif',
  jpg: 'image/jpeg',
  png: 'image/png',
};
const NAME = new RegExp(`^[a-z0-9]+\\.(?<ending>${Object.keys(TYPES).join('|')})$`);

export interface ServeMedia {
  readonly bucket: MediaBucket;
  /** Where the bucket's files are public, without a slash at the end: there browsers are sent. Null when they are not. */
  readonly publicUrl: string | null;
}

/** Serves `/media/{name}` out of a bucket: each file for ever, its name standing for its content. */
export function serveMedia(app: FastifyInstance, { bucket, publicUrl }: ServeMedia): void {
  app.get<{ Params: { name: string } }>('/media/:name', async ({ params: { name }, headers }, reply) => {
    const ending = NAME.exec(name)?.groups?.['ending'] as MediaEnding | undefined;
    if (!ending) throw absent();
    const forEver = { 'cache-control': KEPT_FOR_EVER, etag: `"${name}"` };
    if (publicUrl !== null) return reply.headers(forEver).redirect(`${publicUrl}/${name}`, 301);
    if (headers['if-none-match']?.includes(forEver.etag)) return reply.status(304).headers(forEver).send();
    const content = await bucket.read(name);
    if (!content) throw absent();
    return reply.headers(forEver).type(TYPES[ending]).send(content);
  });
}

function absent(): DomainError {
  return new DomainError('NOT_FOUND', 'There is no such picture.');
}
