import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { mediaFolder, type MediaDisk } from '#core/files/media.ts';
import { mediaBucket } from '#core/files/media-bucket.ts';
import { serveMedia } from '#core/files/serve-media.ts';
import type { Config } from './config.ts';

const CHECK_SETTINGS = 'the bucket does not let us in: check S3_BUCKET, S3_REGION, S3_ENDPOINT and its keys';

/** Where pictures are kept, in the bucket that is set or else in the data folder; the server shows them under `/media/`. */
export async function openMedia({ bucket, dataDir }: Config, server: FastifyInstance): Promise<MediaDisk> {
  return bucket ? inBucket(bucket, server) : inFolder(join(dataDir, 'media'), server);
}

async function inBucket(
  { publicUrl, ...settings }: NonNullable<Config['bucket']>,
  server: FastifyInstance,
): Promise<MediaDisk> {
  const bucket = await mediaBucket(settings);
  serveMedia(server, { bucket, publicUrl });
  // Wrong keys are told at the start, and are no reason to take no orders.
  void bucket
    .read('asked-at-start')
    .catch((error: unknown) => server.log.error({ err: error }, CHECK_SETTINGS));
  return bucket;
}

async function inFolder(folder: string, server: FastifyInstance): Promise<MediaDisk> {
  await server.register(fastifyStatic, {
    root: folder,
    prefix: '/media/',
    decorateReply: false,
    immutable: true,
    maxAge: '1y',
    index: false,
  });
  return mediaFolder(folder);
}
