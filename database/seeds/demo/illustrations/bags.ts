import { dim, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { ACROSS, along, blend, cast, DOWN, flatLight, inside, shade, shine, standing } from './light.ts';
import { framed, line, oval, placed, shape } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** The picture on a label 176 wide and 150 high, in a light and a dark colour. */
type Emblem = (paper: Hex, print: Hex) => string;

/** A folded bag of coffee: `colour` is the bag, `accent` its label. */
function bag(emblem: Emblem): Drawing {
  return (ink) => {
    const { sheet, colour, accent } = ink;
    const front = 'M262 178L488 184C480 280 470 400 470 494L250 480Q242 478 243 468C250 380 256 280 262 178Z';
    const side = 'M488 184C500 280 534 380 548 462Q549 470 540 474L470 494C470 400 480 280 488 184Z';
    const gusset = along(sheet, ACROSS, [
      [0, dim(colour, 0.3)],
      [0.42, dim(colour, 0.5)],
      [0.46, dim(colour, 0.2)],
      [1, dim(colour, 0.44)],
    ]);
    const creases =
      shade(sheet, 'M262 210L300 250M486 220L450 268M250 470L290 440M470 480L440 450', 14, 0.24) +
      shine(sheet, 'M280 200L318 244M258 440L270 240', 10, 0.3) +
      shade(sheet, 'M250 196H490', 16, 0.4);
    return framed(
      1.12,
      500,
      standing(sheet, 400, 478, 150) +
        shape(side, gusset) +
        shape(front, flatLight(sheet, colour)) +
        inside(sheet, front, creases) +
        label(sheet, accent, emblem) +
        foldedTop(ink) +
        oval(374, 234, 9, 9, dim(colour, 0.3)) +
        oval(374, 233, 6.5, 6.5, lit(colour, 0.16)) +
        oval(374, 233, 2, 2, dim(colour, 0.5)),
    );
  };
}

function label(sheet: Sheet, colour: Hex, emblem: Emblem): string {
  const paper = 'M8 0H176Q184 0 183 8L178 164Q177 172 169 172H4Q-4 172-4 164L0 8Q0 0 8 0Z';
  const print = placed(2, 10, 0, emblem(lit(colour, 0.7), dim(colour, 0.55)));
  return `<g transform="translate(270 276) skewY(3)">${shape(paper, flatLight(sheet, colour))}${print}</g>`;
}

/** The rolled top and the tie that holds it. */
function foldedTop({ sheet, colour, accent }: Ink): string {
  const roll = 'M260 128Q262 120 272 120L482 126Q490 127 490 136V196Q376 200 258 188Z';
  const tie =
    'M250 152L498 158Q504 159 504 165V176Q504 182 498 182L250 176Q244 175 244 170V158Q244 152 250 152Z';
  return (
    shape(roll, blend(sheet, DOWN, lit(colour, 0.3), colour, dim(colour, 0.14), dim(colour, 0.34))) +
    line('M268 142L484 148', dim(colour, 0.4), 3, 0.6) +
    cast(sheet, tie, [2, 6], 0.3) +
    shape(tie, blend(sheet, DOWN, lit(accent, 0.4), dim(accent, 0.2)))
  );
}

const lantern: Emblem = (paper, print) =>
  oval(88, 82, 58, 58, paper, 'opacity=".55"') +
  shape('M66 52H110L118 108H58ZM74 38H102L108 50H68ZM56 110H120V120H56Z', print) +
  shape('M78 62H98L103 100H73Z', paper) +
  line('M74 38C70 14 106 14 102 38', print, 5);

const moon: Emblem = (paper, print) =>
  shape('M104 24A44 44 0 1 0 132 92A36 36 0 1 1 104 24Z', paper) +
  line('M22 112Q40 100 58 112T94 112T130 112T160 112M36 130Q54 118 72 130T108 130T144 130', print, 6);

const ridge: Emblem = (paper, print) =>
  oval(122, 46, 22, 22, paper) +
  shape('M10 132L62 54L92 96L116 70L166 132Z', print) +
  shape('M62 54L80 80L66 90L54 78L46 80Z', paper);

const river: Emblem = (paper, print) =>
  line('M14 44C58 14 84 74 160 38M14 74C58 44 84 104 160 68M14 104C58 74 84 134 160 98', paper, 13) +
  line('M14 59C58 29 84 89 160 53M14 89C58 59 84 119 160 83', print, 5);

const sunrise: Emblem = (paper, print) =>
  shape('M42 104A46 46 0 0 1 134 104Z', paper) +
  line('M18 104H158M40 122H136M88 42V22M44 60L30 46M132 60L146 46', print, 6);

const bloom: Emblem = (paper, print) => {
  const petal = shape('M0 0C-26-18-22-52 0-62C22-52 26-18 0 0Z', paper);
  return (
    [0, 72, 144, 216, 288].map((turn) => placed(88, 76, turn, petal)).join('') + oval(88, 76, 13, 13, print)
  );
};

const drop: Emblem = (paper, print) =>
  shape('M88 14C112 52 128 72 128 96A40 40 0 0 1 48 96C48 72 64 52 88 14Z', paper) +
  line('M68 98C70 112 80 120 92 120', print, 7);

export const lanternBag = bag(lantern);
export const moonBag = bag(moon);
export const ridgeBag = bag(ridge);
export const riverBag = bag(river);
export const sunriseBag = bag(sunrise);
export const bloomBag = bag(bloom);
export const dropBag = bag(drop);
