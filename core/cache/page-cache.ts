import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as gzipCompress } from 'node:zlib';

const brotli = promisify(brotliCompress);
const inGzip = promisify(gzipCompress);
/** Middle quality: a page is packed once, but somebody waits for it. */
const BROTLI = { [constants.BROTLI_PARAM_QUALITY]: 5 };

/** What all kept pages may weigh together. */
const KEPT_BYTES_MAX = 32 * 1024 * 1024;

/** A page as it is sent, whole or in one of two encodings, with the tag by which browsers ask whether it has changed. */
export interface KeptPage {
  readonly body: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
  readonly etag: string;
}

/**
 * Keeps rendered pages within a number of bytes, the least lately used going first. It knows nothing of what makes a page old: whoever
 * asks puts that into the key. Many who ask for one missing page share its making.
 */
export class PageCache {
  readonly #bytesMax: number;
  readonly #pages = new Map<string, Promise<KeptPage>>();
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  constructor(bytesMax = KEPT_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** The kept page, or what `make` resolves to. A rejected one is not kept. */
  get(key: string, make: () => Promise<string>): Promise<KeptPage> {
    const kept = this.#pages.get(key);
    if (kept) {
      this.#pages.delete(key);
      this.#pages.set(key, kept);
      return kept;
    }
    const made = make().then(packed);
    this.#pages.set(key, made);
    made.then(
      ({ body, br, gzip }) => this.#weigh(key, made, body.length + br.length + gzip.length),
      () => this.#drop(key),
    );
    return made;
  }

  #weigh(key: string, made: Promise<KeptPage>, bytes: number): void {
    if (this.#pages.get(key) !== made) return;
    this.#sizes.set(key, bytes);
    this.#bytes += bytes;
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#pages.delete(key);
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }
}

async function packed(html: string): Promise<KeptPage> {
  const body = Buffer.from(html);
  const [br, gzip] = await Promise.all([brotli(body, { params: BROTLI }), inGzip(body)]);
  return {
    body,
    br,
    gzip,
    etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}
