import { dim, LAMP, mix } from './colour.ts';
import type { Hex } from './colour.ts';
import { around, ASLANT, blend, glow, inside, innerLight, rimLight, soft } from './light.ts';
import type { Stop } from './light.ts';
import { disc, dots, flat, line, mouth, oval, scattered, shape } from './shapes.ts';
import type { Ink, Sheet } from './sheet.ts';

/** What floats on a drink of that colour, drawn in plan in a circle of radius 100. */
export type Top = (sheet: Sheet, drink: Hex) => string;

/** The open top of a cup: rim, inner wall, the drink and what floats on it. */
export function brimming(
  { sheet, colour }: Ink,
  cup: { x: number; y: number; radius: number },
  drink: Hex,
  top: Top,
): string {
  const { x, y, radius } = cup;
  const well = mouth(x, y, radius * 0.94);
  return (
    disc(x, y, radius, rimLight(sheet, colour)) +
    shape(well, innerLight(sheet, colour)) +
    inside(
      sheet,
      well,
      disc(x, y + radius * 0.075, radius * 0.9, drink) +
        flat(x, y + radius * 0.075, radius * 0.88, top(sheet, drink)),
    )
  );
}

/** A poured tulip: a heart over two waves. */
export const tulip: Top = (sheet, drink) => {
  const milk = mix(drink, '#fff3df', 0.88);
  const waves =
    'M-78-6C-70 70 70 70 78-6C56 30 28 36 0 36C-28 36-56 30-78-6ZM-62-44C-58 22 58 22 62-44C44-10 22-6 0-6C-22-6-44-10-62-44Z';
  const heart = 'M0-10C-50-34-50-78-24-80C-10-80-4-72 0-64C4-72 10-80 24-80C50-78 50-34 0-10Z';
  return (
    oval(0, 0, 102, 102, blend(sheet, ASLANT, mix(drink, LAMP, 0.12), drink, dim(drink, 0.26))) +
    shape(waves, milk) +
    shape(heart, milk) +
    shape('M-34 62C-20 80 20 80 34 62C14 68-14 68-34 62Z', milk)
  );
};

/** Foam to the rim, dusted with cocoa. */
export const cocoa: Top = (sheet) =>
  oval(0, 0, 99, 99, glow(sheet, '#fffaf0', '#f6e8d2', '#d9b78d')) +
  soft(sheet, 7, oval(4, 4, 58, 58, '#7a4526', 'opacity=".8"')) +
  dots(scattered(60, 76), '#63351c', 5, 0.75);

/** A golden ring of crema on black. */
export const crema: Top = (sheet) =>
  oval(0, 0, 97, 97, around(sheet, [0.5, 0.5, 0.5], CREMA)) +
  soft(sheet, 4, line('M-62-30Q-30-64 16-62', LAMP, 9, 0.5));

const CREMA: readonly Stop[] = [
  [0, '#3a2013'],
  [0.62, '#4a2a17'],
  [0.84, '#a4692f'],
  [1, '#c98f4b'],
];

/** Foam swirled with chocolate. */
export const swirl: Top = (sheet) =>
  oval(0, 0, 98, 98, glow(sheet, '#f6e3cb', '#dfb88c', '#a06a40')) +
  line('M4 2C22-8 26 22 2 26C-34 30-40-22-4-34C44-48 66 8 48 40C24 80-50 70-66 22', '#6b3a20', 11, 0.85);

/** Nothing but the light on it. */
export const plain: Top = (sheet, drink) =>
  oval(0, 0, 102, 102, blend(sheet, ASLANT, mix(drink, LAMP, 0.2), drink, dim(drink, 0.3))) +
  soft(sheet, 4, line('M-66-20Q-36-64 14-66', LAMP, 9, 0.4));
