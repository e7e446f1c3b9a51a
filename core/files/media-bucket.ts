import type { Readable } from 'node:stream';
import { Disk } from 'flydrive';
import { DomainError } from '#core/values/domain-error.ts';
import type { MediaDisk } from './media.ts';

export interface BucketSettings {
  readonly bucket: string;
  readonly region: string;
  /** Of a server that speaks S3; null for Amazon's own. */
  readonly endpoint: string | null;
}

/** A bucket that speaks S3. Each of its calls refuses UNAVAILABLE while it does not answer, or does not let us in. */
export interface MediaBucket extends MediaDisk {
  /** The content of a file, or null when there is none of that name. */
  read(name: string): Promise<Readable | null>;
}

const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 5_000;
const ATTEMPTS_MAX = 2;
const RETRY_AFTER_S = 10;
/** A name never changes its content. */
export const KEPT_FOR_EVER = 'public, max-age=31536000, immutable';

/** Keeps pictures in a bucket. The keys come from where the SDK looks for them: its environment variables, files, the machine's role. */
export async function mediaBucket({ bucket, region, endpoint }: BucketSettings): Promise<MediaBucket> {
  // The SDK is large: a server with a folder never loads it.
  const { S3Driver } = await import('flydrive/drivers/s3');
  const driver = new S3Driver({
    bucket,
    region,
    // Buckets are closed, and read through this server or by the rule of a CDN.
    visibility: 'public',
    supportsACL: false,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    // The newer checksums are unknown to many servers that speak S3.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint && { endpoint, forcePathStyle: true }),
  });
  const disk = new Disk(driver);
  return {
    put: (name, bytes) => answered(disk.put(name, bytes, { cacheControl: KEPT_FOR_EVER })),
    delete: (name) => answered(disk.delete(name)),
    read: (name) => answered(readFrom(disk, name)),
  };
}

async function readFrom(disk: Disk, name: string): Promise<Readable | null> {
  try {
    return await disk.getStream(name);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** The file, not the bucket. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.name === 'NoSuchKey';
}

async function answered<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw new DomainError(
      'UNAVAILABLE',
      'The shop cannot reach its pictures at the moment. Try again in a few seconds.',
      { retry_after: RETRY_AFTER_S },
      { cause: error },
    );
  }
}
