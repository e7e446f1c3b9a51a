import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';

/** What stands before the file in a form is kept in memory: so many fields, each of so many bytes, and the rest of it is cut off. */
const FIELDS_MAX = 20;
const FIELD_MAX_BYTES = 1_000;

export interface UploadedFile {
  readonly content: Readable;
  /** As the sender calls it; empty when it has no name. */
  readonly name: string;
}

/**
 * The file of a request: the first one of a form (`multipart/form-data`), or the body itself where its media type is read as a stream.
 * Null when there is none. It comes as it is sent: read it to its end, and no further than `maxBytes`, from where a form's is cut off.
 */
export async function uploadedFile(request: FastifyRequest, maxBytes: number): Promise<UploadedFile | null> {
  if (request.isMultipart()) {
    const part = await request.file({
      limits: { files: 1, fileSize: maxBytes + 1, fields: FIELDS_MAX, fieldSize: FIELD_MAX_BYTES },
    });
    return part ? { content: part.file, name: part.filename } : null;
  }
  return request.body instanceof Readable ? { content: request.body, name: '' } : null;
}
