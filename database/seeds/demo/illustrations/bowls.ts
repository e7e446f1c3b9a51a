import { dim, DUSK, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import {
  ballLight,
  blend,
  CORNER,
  glow,
  inside,
  innerLight,
  rimLight,
  roundLight,
  shine,
  soft,
  standing,
} from './light.ts';
import { disc, dots, flat, framed, line, mouth, oval, placed, scattered, shape, turned } from './shapes.ts';
import type { Point } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

const X = 395;
const RIM = 350;

/** A deep bowl, with what is heaped into it. */
function bowlOf({ sheet, colour }: Ink, contents: string): string {
  const body = turned(X, [
    [RIM, 186],
    [RIM + 40, 178],
    [RIM + 84, 142],
    [RIM + 114, 96],
    [RIM + 122, 82],
  ]);
  const glaze =
    soft(sheet, 18, disc(X + 56, 480, 160, dim(colour, 0.6), 'opacity=".42"')) +
    shine(sheet, `M${X - 146} ${RIM + 42}q14 34 46 54`, 15);
  return (
    standing(sheet, X, 474, 120) +
    shape(body, roundLight(sheet, colour, 0.5)) +
    inside(sheet, body, glaze) +
    disc(X, RIM, 186, rimLight(sheet, colour)) +
    disc(X, RIM, 176, innerLight(sheet, colour)) +
    inside(sheet, mouth(X, RIM, 176, 160), contents)
  );
}

/** A bowl of leaves and grains: `colour` is the bowl, `accent` the tomatoes. */
export const salad: Drawing = (ink) => {
  const { sheet, accent } = ink;
  const leaves = [
    [250, 350, -70, '#6f9a4f'],
    [540, 350, 66, '#547f45'],
    [300, 318, -38, '#8fb862'],
    [480, 314, 36, '#6f9a4f'],
    [350, 300, -12, '#547f45'],
    [424, 300, 14, '#a7c873'],
    [270, 372, -88, '#a7c873'],
    [520, 374, 84, '#8fb862'],
    [388, 318, 2, '#8fb862'],
  ] as const;
  const shavings = 'M262 352q22-26 54-24M500 336q30 2 42 26M356 320q28-18 58-10';
  return framed(
    1.2,
    478,
    bowlOf(
      ink,
      disc(X, RIM + 10, 172, '#4a6b3c') +
        leaves.map(([x, y, turn, green]) => placed(x, y, turn, lettuce(sheet, green))).join('') +
        grains() +
        placed(330, 352, -10, tomato(sheet, accent)) +
        placed(462, 348, 12, tomato(sheet, accent)) +
        placed(398, 382, 4, tomato(sheet, accent)) +
        line(shavings, '#f4e4bd', 8, 0.9),
    ),
  );
};

function lettuce(sheet: Sheet, green: Hex): string {
  const leaf =
    'M0 62C-34 54-52 20-44-10C-40-34-24-44-18-62C-8-52 4-70 12-60C20-46 40-38 44-8C52 22 34 54 0 62Z';
  return (
    shape(leaf, DUSK, 'opacity=".22" transform="translate(5 7)"') +
    shape(leaf, blend(sheet, CORNER, lit(green, 0.4), green, dim(green, 0.36))) +
    line('M0 58Q-4 0 0-46M-2 20L-24-4M-2 10L20-16', lit(green, 0.55), 3, 0.6)
  );
}

function grains(): string {
  const spots = [
    [430, 378],
    [352, 390],
    [300, 386],
    [486, 382],
  ] as const;
  const seeds = spots.flatMap(([x, y]) =>
    scattered(8, 22).map(([dx, dy]): Point => [Math.round(x + dx), Math.round(y + dy * 0.6)]),
  );
  return dots(seeds, '#b98f4e', 11) + placed(-1.5, -2, 0, dots(seeds, '#f0d9a0', 6));
}

function tomato(sheet: Sheet, colour: Hex): string {
  const seeds = [
    [-12, -4],
    [10, -5],
    [0, 5],
    [-4, -10],
  ] as const;
  return (
    oval(2, 6, 29, 21, DUSK, 'opacity=".35"') +
    oval(0, 0, 29, 21, ballLight(sheet, colour, 0.4)) +
    oval(-1, -2, 23, 15, lit(colour, 0.24)) +
    dots(seeds, '#f7dd9a', 7)
  );
}

/** A bowl of soup: `colour` is the bowl, `accent` the soup. */
export const soup: Drawing = (ink) => {
  const { sheet, accent } = ink;
  const cream = 'M-56-34C-10-62 52-40 50 4C46 44-30 50-34 10C-34-16 4-24 14-2C20 12 2 18-4 10';
  const herb = shape('M0 10C-14 5-12-6 0-11C12-6 14 5 0 10Z', '#5f8f4c') + line('M0 8V-8', '#b7d397', 2);
  const herbs = [
    [340, 362, 30],
    [372, 350, -40],
    [430, 376, 70],
    [456, 352, 10],
    [398, 388, -20],
  ] as const;
  const seeds = [
    [310, 350],
    [326, 380],
    [470, 378],
    [486, 362],
    [414, 344],
    [356, 392],
    [442, 396],
  ] as const;
  return framed(
    1.2,
    470,
    bowlOf(
      ink,
      disc(X, 362, 169, glow(sheet, lit(accent, 0.3), accent, dim(accent, 0.24))) +
        flat(X, 362, 150, line(cream, '#fff3df', 15, 0.95)) +
        dots(seeds, '#5b4a2c', 9, 0.85) +
        herbs.map(([x, y, turn]) => placed(x, y, turn, herb)).join('') +
        flat(X, 362, 150, shine(sheet, 'M-92-14Q-78-66-20-84', 12, 0.5)),
    ),
  );
};

/** A bowl of roasted coffee: `colour` is the bowl, `accent` the roast. */
export const beans: Drawing = (ink) => {
  const { sheet, accent } = ink;
  const bean =
    oval(2, 6, 31, 21, dim(accent, 0.75), 'opacity=".6"') +
    oval(0, 0, 31, 21, ballLight(sheet, accent, 0.5)) +
    line('M-27 5C-10-8 10 10 27-4', dim(accent, 0.66), 5);
  const name = sheet.define('g', '', bean).slice('url('.length, -1);
  const one = (x: number, y: number, turn: number): string =>
    `<use href="${name}" transform="translate(${Math.round(x)} ${Math.round(y)}) rotate(${turn % 180})"/>`;
  const heap = scattered(44, 160)
    .toSorted(([, y1], [, y2]) => y1 - y2)
    .map(([dx, dy], at) => one(X + dx, RIM - 44 + (dx ** 2 + dy ** 2) / 570 + dy * 0.32, at * 53));
  return framed(
    1.15,
    474,
    bowlOf(ink, disc(X, RIM, 176, dim(accent, 0.6)) + heap.join('')) +
      one(590, 492, 24) +
      one(206, 488, 148) +
      one(636, 474, 120),
  );
};
