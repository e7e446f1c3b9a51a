import sharp, { type Metadata } from 'sharp';
import { DomainError } from '#core/values/domain-error.ts';

/** A picture as it is kept: WebP, without anything that came with it but what one sees. */
export interface Picture {
  readonly bytes: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Width times height; decoding takes four bytes for each. */
const PIXELS_MAX = 50_000_000;
/** In pixels, of the longer side; no screen shows more of a product. */
const SIDE_MAX = 2_400;
const QUALITY = 82;
const SECONDS_MAX = 10;
const FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'heif', 'gif']);

// Decoders of what nobody's camera makes stay shut, whatever a file says it is; a drawing could also name other files.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif'].map((format) => `VipsForeignLoad${format}`),
});

/**
 * Decodes a JPEG, PNG, WebP, AVIF or GIF, whatever its name says, turns it upright, shrinks it to at most 2,400 pixels a side and encodes it
 * anew. Refuses IMAGE_UNREADABLE, IMAGE_TOO_LARGE (beyond 50 million pixels, found before they are decoded) and IMAGE_ANIMATED.
 */
export async function pictureFrom(upload: Uint8Array): Promise<Picture> {
  refuseUnfit(await metadataOf(upload));
  try {
    const { data, info } = await sharp(upload, { limitInputPixels: PIXELS_MAX })
      .autoOrient()
      .resize({ width: SIDE_MAX, height: SIDE_MAX, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY })
      .timeout({ seconds: SECONDS_MAX })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch (error) {
    throw unreadable(error);
  }
}

async function metadataOf(upload: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(upload, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw unreadable(error);
  }
}

function refuseUnfit({ format, width, height, pages = 1 }: Metadata): void {
  if (!FORMATS.has(format)) throw unreadable(new Error(`the format is ${format}`));
  if (pages > 1)
    throw new DomainError(
      'IMAGE_ANIMATED',
      `Expected a picture that stands still, received ${pages} frames.`,
    );
  if (width * height > PIXELS_MAX)
    throw new DomainError(
      'IMAGE_TOO_LARGE',
      `Expected a picture of up to ${PIXELS_MAX} pixels, received ${width} × ${height}.`,
      { pixels_max: PIXELS_MAX },
    );
}

function unreadable(cause: unknown): DomainError {
  return new DomainError(
    'IMAGE_UNREADABLE',
    'Expected a JPEG, PNG, WebP, AVIF or GIF, received something else or a damaged one.',
    {},
    { cause },
  );
}
