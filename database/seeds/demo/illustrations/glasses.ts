import { dim, LAMP, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import {
  ACROSS,
  along,
  blend,
  CORNER,
  DOWN,
  glassLight,
  glow,
  inside,
  rimLight,
  shine,
  soft,
  standing,
  tube,
} from './light.ts';
import type { Stop } from './light.ts';
import { disc, flat, framed, line, mouth, oval, placed, shape, short, slab, turned } from './shapes.ts';
import type { Drawing, Sheet } from './sheet.ts';

const X = 390;
const TOP = 208;

/** What is in a glass: from the surface down, what stands behind it and what floats in it. */
interface Filling {
  readonly level: number;
  readonly surface: Hex;
  readonly drink: readonly Stop[];
  readonly behind?: string;
  readonly afloat?: string;
}

function tumbler(sheet: Sheet, { level, surface, drink, behind = '', afloat = '' }: Filling): string {
  const wall = turned(X, [
    [TOP, 88],
    [470, 68],
  ]);
  const radius = 83 - ((level - TOP) / 262) * 20;
  const liquid = turned(X, [
    [level, radius],
    [440, 66],
    [456, 60],
  ]);
  const through = oval(X + 92, 478, 74, 17, lit(drink.at(-1)![1], 0.4), 'opacity=".5"');
  return (
    standing(sheet, X, 472, 78) +
    soft(sheet, 12, through) +
    disc(X, TOP, 88, blend(sheet, ACROSS, lit(surface, 0.7), lit(surface, 0.9)), 'opacity=".3"') +
    behind +
    shape(liquid, along(sheet, DOWN, drink)) +
    disc(X, level, radius, rimLight(sheet, surface)) +
    inside(sheet, mouth(X, level, radius - 1, 120) + liquid, afloat) +
    shape(wall, glassLight(sheet)) +
    inside(
      sheet,
      wall,
      shine(sheet, `M${X - 66} ${TOP + 40}L${X - 54} 440M${X + 70} ${TOP + 30}L${X + 56} 450`, 8),
    ) +
    disc(X, TOP, 88, 'none', `stroke="${LAMP}" stroke-width="3.5" stroke-opacity=".85"`)
  );
}

/** A latte: `colour` is the coffee, `accent` the foam. */
export const latte: Drawing = ({ sheet, colour, accent }) => {
  const heart = 'M0 78C-80 20-70-44-34-44C-12-44-4-28 0-16C4-28 12-44 34-44C70-44 80 20 0 78Z';
  return framed(
    1.28,
    506,
    tumbler(sheet, {
      level: 218,
      surface: lit(colour, 0.24),
      drink: [
        [0.23, accent],
        [0.27, lit(colour, 0.34)],
        [0.5, colour],
        [0.86, dim(colour, 0.22)],
        [1, dim(colour, 0.4)],
      ],
      afloat: flat(X, 218, 76, shape(heart, accent)),
    }),
  );
};

/** Espresso running through cold milk and ice: `colour` is the coffee, `accent` the milk. */
export const icedLatte: Drawing = ({ sheet, colour, accent }) => {
  const cloud = 'M300 300C330 372 344 300 366 346C384 404 404 310 426 360C446 400 462 320 480 330V250H300Z';
  return framed(
    1.2,
    514,
    tumbler(sheet, {
      level: 246,
      surface: colour,
      drink: [
        [0.2, colour],
        [0.42, lit(colour, 0.45)],
        [0.62, accent],
        [1, dim(accent, 0.1)],
      ],
      behind: straw('M428 300L462 120', '#5f7f6a'),
      afloat:
        soft(sheet, 9, shape(cloud, colour, 'opacity=".85"')) +
        ice(sheet, [
          [-36, 240, -12],
          [26, 236, 16],
          [-2, 262, 4],
          [44, 282, -20],
          [-44, 292, 24],
        ]),
    }),
  );
};

/** Black coffee over ice with a slice of orange: `colour` is the drink, `accent` the fruit. */
export const coldBrew: Drawing = ({ sheet, colour, accent }) => {
  const glass = tumbler(sheet, {
    level: 250,
    surface: lit(colour, 0.12),
    drink: [
      [0, lit(colour, 0.3)],
      [0.25, colour],
      [0.75, dim(colour, 0.3)],
      [1, lit(colour, 0.12)],
    ],
    afloat: ice(sheet, [
      [-40, 246, -14],
      [30, 240, 12],
      [-6, 276, 6],
      [40, 306, 22],
      [-40, 320, -8],
    ]),
  });
  return framed(1.28, 506, glass + wheel(sheet, 466, 210, accent));
};

/** A cloudy lemonade with mint: `colour` is the drink, `accent` the fruit. */
export const lemonade: Drawing = ({ sheet, colour, accent }) => {
  const glass = tumbler(sheet, {
    level: 240,
    surface: lit(colour, 0.3),
    drink: [
      [0, lit(colour, 0.45)],
      [0.4, colour],
      [1, dim(colour, 0.16)],
    ],
    behind: straw('M420 300L452 116', '#c9684f'),
    afloat:
      wheel(sheet, 372, 350, accent) +
      ice(sheet, [
        [-40, 240, -14],
        [34, 244, 12],
        [46, 310, 24],
        [-46, 300, 10],
      ]) +
      mint(sheet),
  });
  return framed(1.2, 514, glass + wheel(sheet, 318, 214, accent));
};

function ice(sheet: Sheet, cubes: readonly (readonly [dx: number, y: number, turn: number])[]): string {
  const face = along(sheet, CORNER, [
    [0, LAMP, 0.85],
    [0.5, LAMP, 0.26],
    [1, LAMP, 0.5],
  ]);
  const edge = `stroke="${LAMP}" stroke-opacity=".5" stroke-width="2"`;
  const cube = slab(-25, -23, 50, 46, 11, face, edge);
  return cubes.map(([dx, y, turn]) => placed(X + dx, y, turn, cube)).join('');
}

function straw(d: string, colour: Hex): string {
  const stripes = `<path d="${d}" fill="none" stroke="${colour}" stroke-width="13" stroke-dasharray="10 14" opacity=".8"/>`;
  return tube(d, '#f6efe2', 15) + stripes;
}

/** A slice of citrus. */
function wheel(sheet: Sheet, x: number, y: number, colour: Hex): string {
  const spokes = [0.3, 1.085, 1.87, 2.655].map((angle) => {
    const [dx, dy] = [Math.cos(angle) * 36, Math.sin(angle) * 36];
    return `M${short(-dx)} ${short(-dy)}L${short(dx)} ${short(dy)}`;
  });
  return placed(
    x,
    y,
    0,
    oval(0, 0, 42, 46, dim(colour, 0.12)) +
      oval(0, 0, 38, 42, '#fff6e2') +
      oval(0, 0, 34, 37, glow(sheet, lit(colour, 0.5), colour)) +
      line(spokes.join(''), '#fff6e2', 4),
  );
}

function mint(sheet: Sheet): string {
  const leaf =
    shape('M0 0C-26-10-34-40-12-66C16-52 20-22 0 0Z', blend(sheet, CORNER, '#a9c98a', '#4f7f4a')) +
    line('M-2-6L-10-52', '#e3efcf', 2, 0.6);
  return [-48, 4, 52].map((turn) => placed(400, 236, turn, leaf)).join('');
}
