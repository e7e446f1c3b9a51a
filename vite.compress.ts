import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg|json)$/;
/** Smaller files gain nothing over the headers that say so. */
const COMPRESSED_BYTES_MIN = 1_000;

/** Puts copies in Brotli and gzip beside the text files of a build, for the server to send as they are. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.values(bundle).map((file) => ({
        path: join(dir, file.fileName),
        content: Buffer.from(file.type === 'chunk' ? file.code : file.source),
      }));
      const large = files.filter(
        ({ path, content }) => TEXT.test(path) && content.length >= COMPRESSED_BYTES_MIN,
      );
      await Promise.all(
        large.flatMap(({ path, content }) => [
          writeFile(`${path}.br`, brotliCompressSync(content)),
          writeFile(`${path}.gz`, gzipSync(content)),
        ]),
      );
    },
  };
}
