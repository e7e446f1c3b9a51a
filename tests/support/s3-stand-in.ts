import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { BucketSettings } from '#core/files/media-bucket.ts';

export interface StoredObject {
  readonly bytes: Buffer;
  readonly type: string | undefined;
  readonly cacheControl: string | undefined;
}

/** A server that speaks S3's wire format for the calls in use, with one bucket that tests look into. */
export interface S3StandIn {
  readonly settings: BucketSettings;
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Every request that came, as `GET name`. */
  readonly asked: string[];
  /** Whether connections break before they are answered. */
  isAway: boolean;
  close(): Promise<void>;
}

/** What the stand-in takes for the SDK's own settings; everything else is turned away. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: 'stand-in', AWS_SECRET_ACCESS_KEY: 'a-secret-of-the-stand-in' };

const BUCKET = 'pictures';
const REGION = 'ap-southeast-2';
const SIGNATURE = new RegExp(
  `^AWS4-HMAC-SHA256 Credential=${S3_KEYS.AWS_ACCESS_KEY_ID}/\\d{8}/${REGION}/s3/aws4_request, SignedHeaders=\\S+, Signature=[0-9a-f]{64}$`,
);

/** Starts the stand-in on a free port. */
export async function startS3StandIn(): Promise<S3StandIn> {
  const objects = new Map<string, StoredObject>();
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const standIn: S3StandIn = {
    settings: { bucket: BUCKET, region: REGION, endpoint: `http://127.0.0.1:${port}` },
    objects,
    asked: [],
    isAway: false,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '', 'http://stand-in');
    const [, bucket, name = ''] = pathname.split('/');
    if (standIn.isAway) return void request.socket.destroy();
    const bytes = await buffer(request);
    standIn.asked.push(`${request.method} ${name}`);
    if (!SIGNATURE.test(request.headers.authorization ?? ''))
      return refuse(response, 403, 'InvalidAccessKeyId');
    if (bucket !== BUCKET) return refuse(response, 404, 'NoSuchBucket');
    act(objects, { request, response, name, bytes });
  };
  return standIn;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly name: string;
  readonly bytes: Buffer;
}

function act(objects: Map<string, StoredObject>, { request, response, name, bytes }: Call): void {
  const object = objects.get(name);
  switch (request.method) {
    case 'PUT':
      objects.set(name, {
        bytes,
        type: request.headers['content-type'],
        cacheControl: request.headers['cache-control'],
      });
      return void response.writeHead(200, { etag: '"of-the-stand-in"' }).end();
    case 'DELETE':
      objects.delete(name);
      return void response.writeHead(204).end();
    case 'GET':
      if (!object) return refuse(response, 404, 'NoSuchKey');
      return void response.writeHead(200, { 'content-length': object.bytes.length }).end(object.bytes);
    default:
      return refuse(response, 501, 'NotImplemented');
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    );
}
