import { dim, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import {
  ACROSS,
  ASLANT,
  blend,
  cast,
  CORNER,
  flatLight,
  inside,
  roundLight,
  shine,
  standing,
} from './light.ts';
import { framed, line, oval, placed, shape, turned } from './shapes.ts';
import { brimming, crema } from './drinks.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** Three small bags in an open carton: `colour` is the carton, `accent` its band and the first bag. */
export const tastingBox: Drawing = ({ sheet, colour, accent }) => {
  const front = 'M196 336L560 352V500Q560 508 552 508L204 488Q196 487 196 480Z';
  return framed(
    1.1,
    480,
    standing(sheet, 410, 484, 220) +
      shape('M196 336L286 312L632 322L560 352Z', dim(colour, 0.6)) +
      smallBag(sheet, 226, 216, accent, '#f0e4cf') +
      smallBag(sheet, 350, 200, '#e6d8c0', '#b5533a') +
      smallBag(sheet, 474, 214, '#35535a', '#e3a43b') +
      shape(
        'M560 352L632 322V462Q632 468 626 470L560 508Z',
        blend(sheet, ACROSS, dim(colour, 0.3), dim(colour, 0.46)),
      ) +
      shape(front, flatLight(sheet, colour)) +
      shape('M196 392L560 410V448L196 428Z', accent) +
      shape('M560 410L632 376V410L560 448Z', dim(accent, 0.34)) +
      inside(sheet, front, shine(sheet, 'M196 344L560 360', 8, 0.5)) +
      line('M197 337L559 353L631 323', lit(colour, 0.45), 5),
  );
};

function smallBag(sheet: Sheet, x: number, y: number, colour: Hex, mark: Hex): string {
  const outline = 'M0 10Q0 0 10 0L118 3Q128 4 128 14L126 250H2Z';
  return placed(
    x,
    y,
    0,
    shape(outline, flatLight(sheet, colour)) +
      shape('M-5 24L133 27V42L-5 39Z', lit(mark, 0.3)) +
      oval(64, 98, 34, 34, flatLight(sheet, mark)) +
      shine(sheet, 'M14 54V160', 9, 0.35),
  );
}

/** Filter papers in their box: `colour` is the box, `accent` its band. */
export const filters: Drawing = ({ sheet, colour, accent }) => {
  const outline = 'M-112-254Q0-300 112-254L30 0H-30Z';
  const paper =
    cast(sheet, outline, [9, 6]) +
    shape(outline, blend(sheet, ASLANT, '#fffdf7', '#f3e9d6', '#cdb99b')) +
    shape('M112-254L30 0H16L94-262Z', '#d8c5a6') +
    line('M94-260L18-6', '#b39d7c', 2.5, 0.7);
  return framed(
    1.08,
    486,
    standing(sheet, 400, 488, 152) +
      shape('M262 376L322 356L550 362L492 386Z', dim(colour, 0.6)) +
      [34, 16, -2, -20].map((turn) => placed(392, 462, turn, paper)).join('') +
      shape(
        'M492 386L550 362V470Q550 476 544 480L492 512Z',
        blend(sheet, ACROSS, dim(colour, 0.26), dim(colour, 0.44)),
      ) +
      shape('M262 376L492 386V504Q492 512 484 512L270 500Q262 499 262 492Z', flatLight(sheet, colour)) +
      shape('M262 426L492 438V472L262 460Z', accent) +
      shape('M492 438L550 410V442L492 472Z', dim(accent, 0.34)) +
      line('M263 377L491 387L549 363', lit(colour, 0.5), 5),
  );
};

/** Bowls set out for tasting, and a spoon: `colour` is the bowls, `accent` the board. */
export const cupping: Drawing = (ink) => {
  const { sheet, accent } = ink;
  const board = 'M138 452L250 402H660L620 470Q616 478 606 478H150Q134 476 138 452Z';
  const spoon =
    cast(sheet, 'M316 462Q346 440 376 456L570 438V446L376 464Q346 482 316 462Z', [4, 9]) +
    line('M372 458L570 440', '#8d8781', 9) +
    line('M372 456L570 438', '#e9e6e0', 4) +
    oval(
      346,
      460,
      34,
      15,
      blend(sheet, CORNER, '#ffffff', '#b9b4ae', '#77706c'),
      'transform="rotate(-5 346 460)"',
    ) +
    oval(346, 461, 26, 10, blend(sheet, CORNER, '#8d8780', '#efece6'), 'transform="rotate(-5 346 460)"');
  return framed(
    1.2,
    452,
    standing(sheet, 400, 470, 252) +
      shape(board, dim(accent, 0.4), 'transform="translate(0 18)"') +
      shape(board, flatLight(sheet, accent)) +
      inside(
        sheet,
        board,
        line('M170 430H640M150 458Q300 450 620 462M230 414H650', dim(accent, 0.4), 3, 0.35),
      ) +
      tastingBowl(ink, 272, 374) +
      tastingBowl(ink, 408, 366) +
      tastingBowl(ink, 544, 374) +
      spoon,
  );
};

function tastingBowl(ink: Ink, x: number, y: number): string {
  const body = turned(x, [
    [y, 72],
    [y + 30, 68],
    [y + 56, 44],
    [y + 62, 38],
  ]);
  return (
    standing(ink.sheet, x, y + 62, 52) +
    shape(body, roundLight(ink.sheet, ink.colour, 0.5)) +
    brimming(ink, { x, y, radius: 72 }, '#4a2816', crema)
  );
}
