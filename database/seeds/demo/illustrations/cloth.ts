import { dim, DUSK, LAMP, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { ACROSS, along, blend, DOWN, glow, soft } from './light.ts';
import { line, oval, placed, scattered, shape, short, slab } from './shapes.ts';
import type { Sheet } from './sheet.ts';

/** The light on cloth that hangs: rounder than a wall, softer than a cup. */
export function clothLight(sheet: Sheet, colour: Hex): string {
  return along(
    sheet,
    [0, 0, 1, 0.12],
    [
      [0, dim(colour, 0.1)],
      [0.14, lit(colour, 0.2)],
      [0.45, colour],
      [0.8, dim(colour, 0.18)],
      [1, dim(colour, 0.34)],
    ],
  );
}

/** Soft folds: lines of shade with a little light beside each. */
export function folds(sheet: Sheet, d: string, width = 13): string {
  return (
    soft(sheet, 7, line(d, DUSK, width, 0.24)) +
    soft(sheet, 5, placed(-9, -3, 0, line(d, LAMP, short(width * 0.5), 0.15)))
  );
}

/** A seam, or the edge of a hem. */
export function seam(d: string, colour: Hex): string {
  return line(d, dim(colour, 0.45), 3, 0.6) + placed(-1, 1.6, 0, line(d, lit(colour, 0.3), 1.6, 0.5));
}

/** A zip with teeth in the accent's colour. */
export function zip(d: string, colour: Hex, accent: Hex): string {
  return line(d, dim(colour, 0.5), 11) + line(d, accent, 4);
}

/** Short dashes of light around 0,0, as on fleece. */
export function nap(colour: Hex): string {
  const dashes = scattered(140, 210).map(([x, y]) => `M${Math.round(x)} ${Math.round(y)}h4`);
  return line(dashes.join(''), lit(colour, 0.6), 3, 0.4);
}

/** The wooden peg that a garment hangs from. */
export function peg(sheet: Sheet, x: number, y: number): string {
  return (
    soft(sheet, 6, oval(x + 12, y + 13, 17, 17, DUSK, 'opacity=".4"')) +
    oval(x, y, 17, 17, glow(sheet, '#e9c998', '#c0925a', '#7d5532'))
  );
}

/** A wooden hanger on a peg, for what has an open neck. */
export function coatHanger(sheet: Sheet): string {
  return (
    line('M400 176V122C400 112 418 112 418 98C418 82 392 80 388 94', '#8d8781', 6) +
    shape(
      'M300 206Q306 190 384 166Q400 162 416 166Q494 190 500 206Q400 184 300 206Z',
      blend(sheet, DOWN, '#e3bf8a', '#96683c'),
    )
  );
}

/** A bar with two clips, for what hangs from its waist at the height `y`. */
export function clipHanger(sheet: Sheet, y: number): string {
  const steel = blend(sheet, ACROSS, '#f1eee9', '#98928c');
  return (
    line(
      `M400 ${y - 30}V${y - 52}C400 ${y - 66} 424 ${y - 64} 422 ${y - 82}C420 ${y - 98} 394 ${y - 100} 388 ${y - 86}`,
      '#8d8781',
      6,
    ) +
    slab(312, y - 36, 176, 15, 7.5, blend(sheet, DOWN, '#e3bf8a', '#96683c')) +
    slab(326, y - 28, 22, 44, 5, steel) +
    slab(452, y - 28, 22, 44, 5, steel)
  );
}
