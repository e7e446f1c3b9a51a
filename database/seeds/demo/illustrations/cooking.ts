import { dim, DUSK, lit } from './colour.ts';
import {
  along,
  DOWN,
  inside,
  innerLight,
  metalLight,
  roundLight,
  shine,
  soft,
  standing,
  tube,
} from './light.ts';
import { knob } from './pots.ts';
import { band, disc, framed, line, mouth, oval, placed, shape, short, turned } from './shapes.ts';
import type { Drawing, Sheet } from './sheet.ts';

/** A gas stove, lit: `colour` is the canister, `accent` its stripe. */
export const stove: Drawing = ({ sheet, colour, accent }) => {
  const x = 395;
  const can = turned(x, [
    [362, 34],
    [368, 62],
    [382, 92],
    [402, 102],
    [458, 102],
    [474, 98],
  ]);
  const stripe = shape(band(x, [402, 103], [440, 103]), roundLight(sheet, accent, 0.36));
  return framed(
    1.25,
    514,
    standing(sheet, x, 474, 104) +
      shape(can, roundLight(sheet, colour)) +
      inside(sheet, can, stripe + shine(sheet, `M${x - 74} 398V460`, 12)) +
      shape(
        turned(x, [
          [330, 22],
          [364, 24],
        ]),
        metalLight(sheet, '#b9a06a'),
      ) +
      line(`M${x + 18} 344H${x + 76}`, '#7d7873', 7) +
      line(`M${x + 76} 330V358`, '#5d5853', 9) +
      shape(
        turned(x, [
          [290, 13],
          [332, 16],
        ]),
        metalLight(sheet, '#c3c0bc'),
      ) +
      arm(`M${x - 20} 284L${x - 104} 252L${x - 110} 218`) +
      arm(`M${x + 20} 284L${x + 104} 252L${x + 110} 218`) +
      burner(sheet, x) +
      arm(`M${x - 2} 296L${x - 8} 272L${x - 10} 232`),
  );
};

function arm(d: string): string {
  return line(d, '#6f6b68', 13) + placed(-2, -2, 0, line(d, '#e0ddd8', 5));
}

function burner(sheet: Sheet, x: number): string {
  const flames = (heights: readonly (readonly [dx: number, height: number])[]): string =>
    heights.map(([dx, height]) => placed(x + dx, 246, 0, flame(sheet, height))).join('');
  const head = turned(x, [
    [244, 62],
    [252, 66],
    [274, 44],
    [294, 18],
  ]);
  return (
    soft(sheet, 16, oval(x, 216, 84, 52, '#8fb8f4', 'opacity=".5"')) +
    flames([
      [-48, 62],
      [48, 62],
      [-26, 82],
      [26, 82],
      [0, 92],
    ]) +
    shape(head, metalLight(sheet, '#a9a5a0')) +
    disc(x, 244, 62, '#4b4644') +
    disc(x, 243, 50, '#2c3a5c') +
    flames([
      [-14, 66],
      [16, 62],
      [-40, 46],
      [42, 46],
    ])
  );
}

function flame(sheet: Sheet, height: number): string {
  const blue = along(sheet, DOWN, [
    [0, '#cfe3ff', 0.15],
    [0.5, '#7fb0f2', 0.75],
    [1, '#2f62c9', 0.95],
  ]);
  return shape(tongue(15, height), blue) + shape(tongue(6, short(height * 0.5)), '#f2f8ff', 'opacity=".85"');
}

function tongue(width: number, height: number): string {
  const [bend, waist] = [short(width * 1.5), short(height * 0.6)];
  return `M-${width} 0C-${bend}-24-4-${waist} 0-${height}C4-${waist} ${bend}-24 ${width} 0Z`;
}

/** A pot with its lid, and the mug that nests in it: `colour` is the metal, `accent` grips and knob. */
export const cookset: Drawing = ({ sheet, colour, accent }) => {
  const x = 350;
  const pot = turned(x, [
    [292, 128],
    [470, 128],
  ]);
  const lid = turned(x, [
    [262, 44],
    [270, 96],
    [282, 128],
    [294, 132],
  ]);
  const steel =
    shine(sheet, `M${x - 92} 330V456`, 15, 0.5) +
    soft(sheet, 4, disc(x, 298, 130, DUSK, 'opacity=".45"')) +
    line(`M${x - 128} 366A128 43 0 0 0 ${x + 128} 366`, dim(colour, 0.4), 2.5, 0.6);
  return framed(
    1.18,
    480,
    standing(sheet, x, 474, 128) +
      standing(sheet, 570, 490, 60) +
      tube(`M${x + 118} 330C${x + 190} 320 ${x + 190} 416 ${x + 116} 410`, accent, 16) +
      shape(pot, roundLight(sheet, colour, 0.34)) +
      inside(sheet, pot, steel) +
      shape(lid, roundLight(sheet, lit(colour, 0.08))) +
      knob(sheet, x, 262, accent) +
      tube('M626 418C674 410 676 468 626 462', accent, 12) +
      shape(
        turned(570, [
          [402, 62],
          [488, 62],
        ]),
        roundLight(sheet, lit(colour, 0.12), 0.36),
      ) +
      disc(570, 402, 62, lit(colour, 0.5)) +
      shape(mouth(570, 403, 56), innerLight(sheet, dim(colour, 0.2))),
  );
};
