import { dim, DUSK, LAMP, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { line, oval, shape, short } from './shapes.ts';
import type { Sheet } from './sheet.ts';

/** A colour at a place of a gradient (0–1), with an opacity when it is not solid. */
export type Stop = readonly [at: number, colour: Hex, opacity?: number];

/** From where to where a gradient runs, in fractions of the shape's box: `[x1, y1, x2, y2]`. */
type Run = readonly [number, number, number, number];

/** Ways in which light crosses a flat thing. */
export const ACROSS: Run = [0, 0, 1, 0];
export const DOWN: Run = [0, 0, 0, 1];
export const ASLANT: Run = [0, 0, 1, 0.6];
export const CORNER: Run = [0, 0, 1, 1];

/** A gradient along a line. */
export function along(sheet: Sheet, [x1, y1, x2, y2]: Run, stops: readonly Stop[]): string {
  return sheet.define('linearGradient', `x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"`, stopList(stops));
}

/** A gradient along a line through colours at even distances. */
export function blend(sheet: Sheet, run: Run, ...colours: readonly Hex[]): string {
  return along(sheet, run, evenly(colours));
}

/** A gradient around a point, given in fractions of the shape's box: `[cx, cy, radius]`. */
export function around(
  sheet: Sheet,
  place: readonly [number, number, number],
  stops: readonly Stop[],
): string {
  const [cx, cy, r] = place;
  return sheet.define('radialGradient', `cx="${cx}" cy="${cy}" r="${r}"`, stopList(stops));
}

/** A gradient that begins up on the left, where the light falls, through colours at even distances. */
export function glow(sheet: Sheet, ...colours: readonly Hex[]): string {
  return around(sheet, [0.38, 0.3, 0.75], evenly(colours));
}

function evenly(colours: readonly Hex[]): Stop[] {
  return colours.map((colour, at) => [short(at / (colours.length - 1)), colour]);
}

function stopList(stops: readonly Stop[]): string {
  return stops
    .map(([at, colour, opacity]) => {
      const alpha = opacity === undefined ? '' : ` stop-opacity="${opacity}"`;
      return `<stop offset="${at}" stop-color="${colour}"${alpha}/>`;
    })
    .join('');
}

/** The light on something round that stands: from the left, with a little coming back on the right. */
export function roundLight(sheet: Sheet, colour: Hex, gloss = 0.4): string {
  return along(sheet, ACROSS, [
    [0, dim(colour, 0.1)],
    [0.1, lit(colour, short(gloss * 0.4))],
    [0.26, lit(colour, gloss)],
    [0.5, colour],
    [0.8, dim(colour, 0.24)],
    [0.95, dim(colour, 0.36)],
    [1, dim(colour, 0.28)],
  ]);
}

/** The same on polished metal: narrower, brighter, darker. */
export function metalLight(sheet: Sheet, colour: Hex): string {
  return along(sheet, ACROSS, [
    [0, dim(colour, 0.32)],
    [0.1, lit(colour, 0.2)],
    [0.22, lit(colour, 0.72)],
    [0.32, lit(colour, 0.15)],
    [0.52, dim(colour, 0.12)],
    [0.7, dim(colour, 0.46)],
    [0.86, dim(colour, 0.16)],
    [0.93, lit(colour, 0.2)],
    [1, dim(colour, 0.42)],
  ]);
}

/** Clear glass: nothing in the middle, bright and dark at the edges. */
export function glassLight(sheet: Sheet): string {
  return along(sheet, ACROSS, [
    [0, DUSK, 0.2],
    [0.05, LAMP, 0.58],
    [0.17, LAMP, 0.2],
    [0.45, LAMP, 0.03],
    [0.72, DUSK, 0.08],
    [0.92, DUSK, 0.25],
    [0.97, LAMP, 0.4],
    [1, DUSK, 0.18],
  ]);
}

/** The light on something like a ball, a cushion or a loaf. */
export function ballLight(sheet: Sheet, colour: Hex, gloss = 0.34): string {
  return around(
    sheet,
    [0.32, 0.24, 0.85],
    [
      [0, lit(colour, gloss)],
      [0.38, colour],
      [0.75, dim(colour, 0.22)],
      [1, dim(colour, 0.42)],
    ],
  );
}

/** The light on something flat: a label, a lid, the front of a box. */
export function flatLight(sheet: Sheet, colour: Hex): string {
  return blend(sheet, ASLANT, lit(colour, 0.3), colour, dim(colour, 0.18));
}

/** The light on what lies open to the sky: the rim of a cup, the top of a lid. */
export function rimLight(sheet: Sheet, colour: Hex): string {
  return blend(sheet, ASLANT, lit(colour, 0.7), lit(colour, 0.24), dim(colour, 0.12));
}

/** The light on the inside of something round: its left wall is in the shade. */
export function innerLight(sheet: Sheet, colour: Hex): string {
  return blend(sheet, ACROSS, dim(colour, 0.44), dim(colour, 0.12), lit(colour, 0.28));
}

/** The light on bread and pastry: pale above, dark where the crust meets the tin. */
export function crustLight(sheet: Sheet, colour: Hex): string {
  return along(
    sheet,
    [0.3, 0, 0.55, 1],
    [
      [0, lit(colour, 0.46)],
      [0.3, colour],
      [0.65, dim(colour, 0.22)],
      [1, dim(colour, 0.52)],
    ],
  );
}

/** Wide enough for any shape with its blur; a region taken from the shape would cut the blur of a level line. */
const BLUR_REGION = 'filterUnits="userSpaceOnUse" x="-200" y="-200" width="1200" height="1000"';

/** Content with soft edges; `radius` is the blur. */
export function soft(sheet: Sheet, radius: number, content: string): string {
  const blur = `<feGaussianBlur stdDeviation="${radius}"/>`;
  return `<g filter="${sheet.define('filter', BLUR_REGION, blur)}">${content}</g>`;
}

/** Only the part of the content that lies within the outline. */
export function inside(sheet: Sheet, d: string, content: string): string {
  return `<g clip-path="${sheet.define('clipPath', '', `<path d="${d}"/>`)}">${content}</g>`;
}

/** A soft line of light on a surface. */
export function shine(sheet: Sheet, d: string, width: number, opacity = 0.6): string {
  return soft(sheet, 5, line(d, LAMP, width, opacity));
}

/** A soft line of shade on a surface. */
export function shade(sheet: Sheet, d: string, width: number, opacity = 0.45): string {
  return soft(sheet, short(width * 0.45), line(d, DUSK, width, opacity));
}

/** The soft shadow that an outline throws on what lies close behind it. */
export function cast(sheet: Sheet, d: string, [x, y]: readonly [number, number], opacity = 0.4): string {
  return soft(sheet, 6, shape(d, DUSK, `opacity="${opacity}" transform="translate(${x} ${y})"`));
}

/** A handle, strap, spout or cord: a line with roundness, lit from above left. */
export function tube(d: string, colour: Hex, width: number): string {
  const shift = short(width * 0.13);
  return (
    line(d, dim(colour, 0.34), width) +
    `<g transform="translate(-${shift} -${shift})">${line(d, colour, short(width * 0.66))}` +
    `${line(d, lit(colour, 0.42), short(width * 0.2))}</g>`
  );
}

/** Wide things throw no deeper a shadow than this, in units of the sheet. */
const SHADOW_DEPTH_MAX = 58;

/** The shadow of what stands at a place, about `radius` wide: dark where it touches, long to the right. */
export function standing(sheet: Sheet, x: number, y: number, radius: number): string {
  const depth = Math.min(radius * 0.42, SHADOW_DEPTH_MAX);
  const fill = around(
    sheet,
    [0.5, 0.5, 0.5],
    [
      [0, DUSK, 0.55],
      [0.55, DUSK, 0.3],
      [1, DUSK, 0],
    ],
  );
  return (
    oval(x + radius * 0.5, y + depth * 0.14, radius * 1.55, depth, fill, 'opacity=".55"') +
    oval(x + radius * 0.06, y + depth * 0.1, radius * 1.12, depth * 0.95, fill)
  );
}

/** The shadow on the wall behind something that hangs. */
export function hanging(sheet: Sheet, content: string): string {
  return soft(sheet, 12, `<g opacity=".34" transform="translate(24 24)">${content}</g>`);
}

/** The wall and the floor behind everything, in the light of a window on the left. */
export function backdrop(sheet: Sheet, colour: Hex): string {
  const wall = along(sheet, DOWN, [
    [0, lit(colour, 0.08)],
    [0.6, dim(colour, 0.06)],
    [0.76, lit(colour, 0.12)],
    [1, lit(colour, 0.05)],
  ]);
  const lamp = around(
    sheet,
    [0.2, 0.16, 0.8],
    [
      [0, LAMP, 0.46],
      [0.5, LAMP, 0.13],
      [1, LAMP, 0],
    ],
  );
  const dusk = around(
    sheet,
    [0.36, 0.36, 0.85],
    [
      [0.4, DUSK, 0],
      [1, DUSK, 0.2],
    ],
  );
  const panes = 'M40-20L168-20L330 300L202 300ZM190-20L318-20L480 300L352 300Z';
  const all = 'M0 0H800V600H0Z';
  return (
    shape(all, wall) +
    shape(all, lamp) +
    soft(sheet, 12, shape(panes, LAMP, 'opacity=".13"')) +
    shape(all, dusk)
  );
}
