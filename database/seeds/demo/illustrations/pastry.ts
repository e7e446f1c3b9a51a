import { dim, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import {
  ballLight,
  blend,
  cast,
  CORNER,
  crustLight,
  flatLight,
  inside,
  roundLight,
  shade,
  shine,
  soft,
  standing,
} from './light.ts';
import {
  blob,
  disc,
  dots,
  flat,
  framed,
  line,
  oval,
  placed,
  shape,
  short,
  spiral,
  turned,
} from './shapes.ts';
import type { Point } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

const X = 390;

/** A croissant: `colour` is the crust. */
export const croissant: Drawing = (ink) => framed(1.12, 462, crescent(ink));

/** The same with icing sugar and flaked almonds: `colour` is the crust, `accent` the almonds. */
export const almondCroissant: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const flake =
    oval(2, 4, 25, 11, dim(colour, 0.6), 'opacity=".4"') +
    oval(0, 0, 25, 11, blend(sheet, CORNER, lit(accent, 0.7), accent, dim(accent, 0.16)));
  const flakes = [
    [300, 300, 20],
    [352, 262, -30],
    [412, 250, 24],
    [470, 276, -16],
    [330, 336, 60],
    [388, 300, -10],
    [446, 318, 40],
    [506, 322, -40],
    [264, 356, -30],
    [522, 378, 16],
    [372, 352, 34],
    [424, 360, -28],
  ] as const;
  return framed(
    1.12,
    462,
    crescent(ink) +
      soft(sheet, 16, oval(385, 290, 130, 42, '#fffaf0', 'opacity=".5"')) +
      flakes.map(([x, y, turn]) => placed(x, y, turn, flake)).join(''),
  );
};

/** Each turn of the dough lies over the next, from the thin ends to the thick middle. */
function crescent(ink: Ink): string {
  const turns = [-3, 3, -2, 2, -1, 1, 0];
  return standing(ink.sheet, X, 462, 200) + turns.map((turn) => roll(ink, turn)).join('');
}

function roll({ sheet, colour }: Ink, turn: number): string {
  const middle = turn * 0.47;
  const [from, to] = [middle - 0.36, middle + 0.36];
  const outline = blob([
    onCrescent(from, 0.84),
    onCrescent(middle, 1.14),
    onCrescent(to, 0.84),
    onCrescent(to - 0.06, 0),
    onCrescent(to - 0.1, -0.88),
    onCrescent(middle, -1),
    onCrescent(from + 0.1, -0.88),
    onCrescent(from + 0.06, 0),
  ]);
  const flake = (angle: number): string => {
    const points = [onCrescent(angle, 0.9), onCrescent((angle + middle) / 2, 0), onCrescent(middle, -0.8)];
    const [start, bend, end] = points.map(([x, y]) => `${short(x)} ${short(y)}`);
    return `M${start}Q${bend} ${end}`;
  };
  return (
    shape(
      outline,
      crustLight(sheet, colour),
      `stroke="${dim(colour, 0.5)}" stroke-width="2.5" stroke-opacity=".55"`,
    ) + line(flake(from + 0.2) + flake(to - 0.2), lit(colour, 0.65), 4, 0.32)
  );
}

/** A point of the crescent: `angle` from its top, `across` from the inner (−1) to the outer edge (1). */
function onCrescent(angle: number, across: number): Point {
  const width = (96 * Math.max(0, Math.cos(angle * 0.84)) ** 0.7 + 4) * across;
  return [X + Math.sin(angle) * (186 + width), 502 - Math.cos(angle) * (142 + width * 0.94)];
}

/** A muffin in its paper: `colour` is the cake, `accent` the fruit. */
export const muffin: Drawing = ({ sheet, colour, accent }) => {
  const paper = turned(X, [
    [352, 112],
    [470, 82],
  ]);
  const cake = blob([
    [262, 372],
    [256, 318],
    [300, 254],
    [352, 232],
    [412, 226],
    [474, 246],
    [524, 308],
    [520, 372],
    [470, 396],
    [390, 406],
    [306, 394],
  ]);
  const cracks =
    'M318 330Q350 312 372 322M420 300Q446 288 470 296M340 262Q362 250 386 254M452 344Q478 336 494 344';
  const berries = [
    [330, 290, 21],
    [404, 262, 23],
    [466, 314, 22],
    [366, 344, 20],
    [436, 366, 19],
    [292, 346, 17],
    [494, 366, 15],
  ] as const;
  return framed(
    1.2,
    486,
    standing(sheet, X, 474, 96) +
      shape(paper, roundLight(sheet, '#f1e4cf')) +
      line(pleats(), '#8a6a4a', 3, 0.4) +
      inside(sheet, paper, soft(sheet, 9, disc(X, 372, 122, '#5d3a22', 'opacity=".6"'))) +
      shape(cake, ballLight(sheet, colour, 0.42)) +
      soft(sheet, 3, line(cracks, dim(colour, 0.5), 6, 0.35)) +
      shine(sheet, 'M318 321Q350 303 372 313M340 253Q362 241 386 245', 6) +
      berries.map(([x, y, radius]) => berry(sheet, { x, y, radius }, accent, colour)).join(''),
  );
};

/** The folds of a muffin's paper, closer together towards its sides. */
function pleats(): string {
  return Array.from({ length: 15 }, (_none, pleat) => {
    const across = -Math.cos((Math.PI * (pleat + 0.5)) / 15);
    const drop = Math.sqrt(1 - across * across);
    return `M${short(X + across * 112)} ${short(352 + drop * 38)}L${short(X + across * 82)} ${short(470 + drop * 28)}`;
  }).join('');
}

function berry(sheet: Sheet, at: { x: number; y: number; radius: number }, colour: Hex, cake: Hex): string {
  const { x, y, radius } = at;
  return (
    oval(x + 2, y + 3, radius + 3, radius + 3, dim(cake, 0.55), 'opacity=".55"') +
    oval(x, y, radius, radius, ballLight(sheet, colour, 0.5)) +
    dots([[x + 3, y - 3]], dim(colour, 0.6), short(radius * 0.44), 0.7)
  );
}

/** A cinnamon scroll, propped up so that its coil shows: `colour` is the dough, `accent` the cinnamon. */
export const scroll: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const side =
    'M236 352A154 114 0 0 1 544 352C556 384 556 412 540 432A168 92 0 0 1 240 432C224 412 224 384 236 352Z';
  const coil = spiral(3);
  return framed(
    1.2,
    474,
    standing(sheet, X, 470, 158) +
      shape(side, roundLight(sheet, dim(colour, 0.08), 0.34)) +
      inside(sheet, side, shade(sheet, 'M240 440Q390 520 560 430', 44, 0.4)) +
      oval(
        X,
        352,
        154,
        112,
        flatLight(sheet, lit(colour, 0.08)),
        `stroke="${lit(colour, 0.3)}" stroke-width="5"`,
      ) +
      face(
        soft(
          sheet,
          1.5,
          line(coil, dim(accent, 0.2), 12) + placed(1, 6, 0, line(coil, lit(colour, 0.7), 4, 0.5)),
        ),
      ) +
      face(icing(ink)),
  );
};

/** What is drawn in plan, on the propped-up face of the scroll. */
function face(content: string): string {
  return `<g transform="translate(${X} 352) scale(1.42 1.02)">${content}</g>`;
}

function icing({ sheet, accent }: Ink): string {
  const drizzle =
    'M-92 6C-70-40-52-66-44-58C-36-46-74 34-62 44C-46 52-14-84 2-80C20-70-30 62-12 72C6 78 34-76 50-68C66-58 26 50 40 58C54 62 72-20 88-26';
  return (
    soft(sheet, 3, placed(2, 5, 0, line(drizzle, dim(accent, 0.6), 9, 0.4))) +
    line(drizzle, '#e6d3bb', 9) +
    placed(-1, -2, 0, line(drizzle, '#fffdf8', 6.5))
  );
}

/** A stack of biscuits: `colour` is the dough, `accent` the chocolate. */
export const cookies: Drawing = (ink) => {
  const { sheet } = ink;
  const layers = [
    {
      x: 398,
      y: 434,
      chips: [
        [-68, 44, 11],
        [54, 46, 13],
      ],
    },
    {
      x: 376,
      y: 386,
      chips: [
        [-76, 40, 12],
        [20, 58, 14],
        [94, 38, 10],
      ],
    },
    {
      x: 394,
      y: 338,
      chips: [
        [-48, 50, 11],
        [86, 36, 12],
      ],
    },
  ] as const;
  const onTop = [
    [-62, -30, 15],
    [4, -58, 12],
    [58, -24, 16],
    [-8, 2, 17],
    [-78, 26, 12],
    [42, 40, 15],
    [-26, 60, 13],
    [88, 18, 10],
  ] as const;
  return framed(
    1.3,
    468,
    standing(sheet, X, 474, 140) +
      layers
        .map(
          ({ x, y, chips }) =>
            cookie(ink, x, y) + chips.map(([dx, dy, r]) => chip(ink, x + dx, y + dy, r, 0.8)).join(''),
        )
        .join('') +
      onTop.map(([x, y, r]) => chip(ink, 394 + x * 1.2, 341 + y * 0.43, r, 0.6)).join(''),
  );
};

function cookie({ sheet, colour }: Ink, x: number, y: number): string {
  const edge = turned(x, [
    [y - 6, 116],
    [y, 130],
    [y + 12, 141],
    [y + 26, 141],
    [y + 38, 132],
    [y + 44, 120],
  ]);
  const cracks = 'M-70-10Q-40 0-20-24M20 20Q50 4 66-8M-40 44Q-10 30 0 34M10-30Q30-50 50-56';
  return (
    cast(sheet, edge, [8, 10]) +
    shape(edge, roundLight(sheet, dim(colour, 0.06), 0.34)) +
    soft(sheet, 3, disc(x, y + 3, 128, flatLight(sheet, lit(colour, 0.08)))) +
    flat(x, y + 3, 128, line(cracks, dim(colour, 0.4), 5, 0.35))
  );
}

function chip({ sheet, colour, accent }: Ink, x: number, y: number, radius: number, squash: number): string {
  return (
    oval(x, y + 2.5, radius + 2, radius * squash, dim(colour, 0.5), 'opacity=".7"') +
    oval(x, y, radius, radius * squash, ballLight(sheet, accent))
  );
}
