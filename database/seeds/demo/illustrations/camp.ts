import { dim, DUSK, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { clothLight, folds } from './cloth.ts';
import {
  ACROSS,
  along,
  around,
  blend,
  cast,
  CORNER,
  flatLight,
  inside,
  shade,
  shine,
  soft,
  standing,
} from './light.ts';
import { framed, line, oval, placed, shape, short, spiral } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** A dome tent with its door open: `colour` is the fly, `accent` poles and guy lines. */
export const tent: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const dome = 'M96 474C150 300 260 178 392 168C524 178 640 296 706 462Q560 506 392 506Q220 506 96 474Z';
  const left = 'M96 474C150 300 260 178 392 168C330 240 290 360 276 500Q180 494 96 474Z';
  const right = 'M392 168C524 178 640 296 706 462Q620 492 512 502C500 370 456 250 392 168Z';
  const poles =
    'M96 474C150 300 260 178 392 168C524 178 640 296 706 462M276 500C290 360 330 240 392 168C456 250 500 370 512 502';
  return (
    standing(sheet, 396, 486, 300) +
    line('M96 474L46 490M706 462L762 476', dim(accent, 0.1), 3.5) +
    line('M46 480V498M762 466V484', '#6d655f', 7) +
    shape(dome, clothLight(sheet, colour)) +
    shape(
      left,
      along(
        sheet,
        [0.2, 0, 0.8, 1],
        [
          [0, lit(colour, 0.42)],
          [0.6, lit(colour, 0.1)],
          [1, dim(colour, 0.1)],
        ],
      ),
    ) +
    shape(right, blend(sheet, CORNER, dim(colour, 0.06), dim(colour, 0.26), dim(colour, 0.46))) +
    inside(
      sheet,
      dome,
      folds(sheet, 'M180 470Q240 340 330 240M620 460Q560 330 460 230', 16) +
        shade(sheet, 'M96 490Q392 536 706 478', 24),
    ) +
    door(ink) +
    line(poles, dim(colour, 0.5), 9, 0.5) +
    line(poles, accent, 5) +
    line('M372 168Q392 158 412 168', dim(accent, 0.3), 12)
  );
};

function door({ sheet, colour, accent }: Ink): string {
  const opening = 'M302 504C312 404 340 304 392 236C446 304 480 404 488 504Q392 508 302 504Z';
  const flap = 'M302 504C312 404 340 304 392 236C372 300 350 360 356 420C344 450 330 480 302 504Z';
  const lamplight = around(
    sheet,
    [0.5, 0.95, 0.9],
    [
      [0, '#f6c877'],
      [0.45, dim(colour, 0.42)],
      [1, dim(colour, 0.72)],
    ],
  );
  return (
    shape(opening, lamplight) +
    inside(sheet, opening, soft(sheet, 6, line('M302 500Q392 492 488 500', '#ffe7b0', 12, 0.55))) +
    cast(sheet, flap, [8, 4]) +
    shape(flap, blend(sheet, ACROSS, lit(colour, 0.5), dim(colour, 0.14))) +
    line('M348 396h16', lit(accent, 0.2), 9)
  );
}

/** A mummy bag on the ground: `colour` is the shell, `accent` the lining. */
export const sleepingBag: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const bag =
    'M128 390C124 318 176 284 240 290C330 296 400 300 470 322C540 342 610 360 664 388C692 408 690 446 660 458' +
    'C590 478 500 490 420 492C350 496 280 496 226 486C168 478 132 446 128 390Z';
  const shell = along(
    sheet,
    [0, 0, 0.1, 1],
    [
      [0, lit(colour, 0.44)],
      [0.34, colour],
      [0.7, dim(colour, 0.24)],
      [1, dim(colour, 0.5)],
    ],
  );
  const opening = 'M236 318C330 330 420 350 470 366';
  return framed(
    1.1,
    454,
    standing(sheet, 400, 474, 262) +
      shape(bag, shell) +
      inside(sheet, bag, chambers(sheet, colour) + shine(sheet, 'M250 312Q420 314 640 392', 16, 0.36)) +
      line(opening, dim(colour, 0.55), 9) +
      line(opening, lit(accent, 0.1), 4) +
      hood(ink),
  );
};

function chambers(sheet: Sheet, colour: Hex): string {
  const swell = along(sheet, ACROSS, [
    [0, dim(colour, 0.4), 0.7],
    [0.22, lit(colour, 0.3), 0.35],
    [0.6, colour, 0],
    [1, dim(colour, 0.5), 0.65],
  ]);
  return [262, 318, 374, 430, 486, 542, 596]
    .map((x, at) => {
      const [middle, half] = [394 + at * 4, 110 - at * 8];
      const [top, bottom] = [middle - half, middle + half];
      return shape(
        `M${x} ${top}Q${x + 34} ${middle} ${x - 6} ${bottom}H${x + 58}Q${x + 98} ${middle} ${x + 64} ${top}Z`,
        swell,
      );
    })
    .join('');
}

function hood({ sheet, colour, accent }: Ink): string {
  const depth = around(
    sheet,
    [0.6, 0.6, 0.7],
    [
      [0, dim(accent, 0.62)],
      [0.6, dim(accent, 0.2)],
      [1, lit(accent, 0.1)],
    ],
  );
  return (
    soft(sheet, 6, oval(204, 394, 66, 82, DUSK, 'opacity=".35"')) +
    placed(
      196,
      390,
      -8,
      oval(2, 0, 66, 84, clothLight(sheet, lit(colour, 0.1))) +
        oval(-2, 0, 48, 66, depth) +
        oval(12, 32, 36, 30, clothLight(sheet, lit(accent, 0.2)), 'opacity=".85"'),
    ) +
    line('M150 452C140 476 136 490 148 500M150 452C162 474 168 484 164 498', lit(accent, 0.1), 4)
  );
}

/** A rolled mat: `colour` is the mat, `accent` its straps. */
export const mat: Drawing = ({ sheet, colour, accent }) => {
  const body = 'M214 330L560 306C612 304 640 352 640 398C640 446 612 476 566 478L232 502Z';
  const foam = along(
    sheet,
    [0, 0, 0.08, 1],
    [
      [0, lit(colour, 0.2)],
      [0.2, lit(colour, 0.44)],
      [0.45, colour],
      [0.8, dim(colour, 0.34)],
      [1, dim(colour, 0.5)],
    ],
  );
  const ribs = [250, 290, 330, 370, 410, 450, 490, 530, 570, 610].map(
    (x) => `M${x} 300C${x + 46} 330 ${x + 56} 470 ${x + 10} 510`,
  );
  const straps = [330, 500].map((x) => {
    const y = short(322 - (x - 214) * 0.069);
    return `M${x} ${y}C${x + 52} ${y + 8} ${x + 62} ${y + 158} ${x + 14} ${y + 172}`;
  });
  const coil = spiral(4);
  return framed(
    1.1,
    458,
    standing(sheet, 420, 482, 226) +
      shape(body, foam) +
      inside(sheet, body, line(ribs.join(''), dim(colour, 0.4), 4, 0.22)) +
      soft(sheet, 4, placed(5, 2, 0, line(straps.join(''), DUSK, 22, 0.4))) +
      line(straps.join(''), dim(accent, 0.24), 20) +
      placed(-3, 0, 0, line(straps.join(''), accent, 13)) +
      oval(222, 416, 62, 88, flatLight(sheet, lit(colour, 0.08))) +
      `<g transform="translate(222 416) scale(.52 .75)">${line(coil, dim(colour, 0.5), 8, 0.85)}</g>` +
      `<g transform="translate(218 413) scale(.52 .75)">${line(coil, lit(colour, 0.5), 4, 0.6)}</g>`,
  );
};
