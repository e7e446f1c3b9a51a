import { dim, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { brimming, plain } from './drinks.ts';
import { crustLight, inside, roundLight, shine, soft, standing, tube } from './light.ts';
import { disc, framed, oval, shape, turned } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** A pot of tea: `colour` is the pot, `accent` its knob. */
export const teapot: Drawing = (ink) => framed(1.25, 476, pot(ink, 400));

/** A pot of chai with a small cup: `colour` is the pot, `accent` the tea. */
export const chai: Drawing = (ink) => framed(1.2, 468, pot(ink, 345) + beaker(ink));

function pot({ sheet, colour, accent }: Ink, x: number): string {
  const body = turned(x, [
    [302, 56],
    [314, 88],
    [350, 124],
    [392, 132],
    [436, 108],
    [464, 76],
    [472, 70],
  ]);
  const lid = turned(x, [
    [272, 20],
    [280, 42],
    [300, 62],
  ]);
  const glaze =
    soft(sheet, 18, disc(x + 40, 480, 120, dim(colour, 0.6), 'opacity=".45"')) +
    shine(sheet, `M${x - 88} 360q-8 34 14 62`, 14) +
    soft(sheet, 6, disc(x, 310, 68, dim(colour, 0.5), 'opacity=".5"'));
  return (
    standing(sheet, x, 474, 118) +
    tube(`M${x + 98} 340C${x + 212} 296 ${x + 222} 440 ${x + 100} 438`, colour, 24) +
    spout(sheet, x, colour) +
    shape(body, roundLight(sheet, colour)) +
    inside(sheet, body, glaze) +
    shape(lid, roundLight(sheet, colour, 0.5)) +
    knob(sheet, x, 272, accent)
  );
}

function spout(sheet: Sheet, x: number, colour: Hex): string {
  const d =
    `M${x - 96} 436C${x - 158} 426 ${x - 160} 356 ${x - 214} 322Q${x - 206} 302 ${x - 186} 302` +
    `C${x - 146} 322 ${x - 134} 352 ${x - 92} 352Z`;
  const opening = oval(x - 201, 311, 15, 8, dim(colour, 0.5), `transform="rotate(-38 ${x - 201} 311)"`);
  return shape(d, crustLight(sheet, colour)) + opening;
}

/** A knob on a lid, standing at a place. */
export function knob(sheet: Sheet, x: number, y: number, colour: Hex): string {
  const d = turned(x, [
    [y - 25, 11],
    [y - 18, 19],
    [y - 8, 17],
    [y - 1, 10],
    [y + 4, 12],
  ]);
  return shape(d, roundLight(sheet, colour, 0.5));
}

function beaker(ink: Ink): string {
  const clay: Ink = { ...ink, colour: '#eadfca' };
  const body = turned(545, [
    [430, 58],
    [470, 54],
    [500, 42],
  ]);
  return (
    standing(ink.sheet, 545, 502, 54) +
    shape(body, roundLight(ink.sheet, lit(clay.colour, 0.1), 0.5)) +
    brimming(clay, { x: 545, y: 430, radius: 58 }, ink.accent, plain)
  );
}
