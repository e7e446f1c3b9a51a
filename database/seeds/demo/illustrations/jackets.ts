import { dim, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { clothLight, folds, seam, zip } from './cloth.ts';
import { along, blend, cast, CORNER, DOWN } from './light.ts';
import { line, shape, slab } from './shapes.ts';
import type { Drawing, Sheet } from './sheet.ts';
import { BODY, loop, SLEEVE, top } from './tops.ts';

/** A hooded shell: `colour` is the cloth, `accent` zips and lining. */
export const shell: Drawing = top({
  body: BODY,
  sleeve: SLEEVE,
  behind: loop,
  onSleeve: ({ sheet, colour }) =>
    folds(sheet, 'M208 390L250 360M206 412L254 396M222 300L262 286') +
    seam('M182 462Q210 470 240 464', colour),
  onBody: ({ sheet, colour }) =>
    folds(
      sheet,
      'M274 330C300 380 300 440 288 500M526 330C500 390 500 450 514 506M330 480Q350 420 344 380M462 490Q446 430 452 380',
    ) + seam('M258 268Q330 286 400 286T542 268M258 500Q400 522 542 500', colour),
  front: ({ sheet, colour, accent }) => {
    const hood =
      'M318 190C304 132 342 92 400 92C458 92 496 132 482 190C470 214 432 226 400 250C368 226 330 214 318 190Z';
    const face =
      'M346 186C336 140 362 118 400 118C438 118 464 140 454 186C440 200 418 212 400 230C382 212 360 200 346 186Z';
    return (
      zip('M400 244V526', colour, accent) +
      zip('M318 402L300 470M482 402L500 470', colour, accent) +
      cast(sheet, hood, [4, 10]) +
      shape(hood, clothLight(sheet, colour)) +
      shape(face, blend(sheet, CORNER, dim(accent, 0.7), dim(accent, 0.3))) +
      seam('M346 186C336 140 362 118 400 118C438 118 464 140 454 186', colour) +
      line('M372 232V276M428 232V276', lit(accent, 0.4), 4) +
      slab(394, 246, 12, 24, 5, lit(accent, 0.3))
    );
  },
});

/** A jacket filled with down: `colour` is the cloth, `accent` the lining. */
export const puffer: Drawing = top({
  body:
    'M338 170C300 182 276 190 264 206q-12 24 -4 52q-12 26 -2 52q-12 26 0 54q-14 26 -2 52q-10 26 0 50q-8 24 0 48' +
    'Q400 544 544 514q8 -24 0 -48q10 -24 0 -50q12 -26 -2 -52q12 -28 0 -54q10 -26 -2 -52q8 -28 -4 -52C524 190 500 182 462 170Z',
  sleeve:
    'M280 196C244 206 222 230 214 262Q198 276 204 304Q188 320 194 350Q178 366 184 396Q170 412 176 440Q168 452 172 474' +
    'Q178 490 198 490L224 492Q238 492 242 474Q252 456 246 440Q260 420 254 396Q270 372 264 350Q278 330 272 300Q288 250 280 196Z',
  behind: loop,
  onSleeve: ({ sheet, colour }) =>
    [192, 240, 288, 336, 384, 432]
      .map((y) =>
        baffle(sheet, colour, `M150 ${y}Q220 ${y + 42} 300 ${y + 12}V${y + 60}Q220 ${y + 90} 150 ${y + 48}Z`),
      )
      .join(''),
  onBody: ({ sheet, colour }) =>
    [196, 250, 304, 358, 412, 466]
      .map((y) =>
        baffle(sheet, colour, `M240 ${y}Q400 ${y + 26} 560 ${y}V${y + 54}Q400 ${y + 80} 240 ${y + 54}Z`),
      )
      .join(''),
  front: ({ sheet, colour, accent }) => {
    const collar =
      'M336 184C328 150 340 128 352 122Q400 108 448 122C460 128 472 150 464 184Q432 214 400 216Q368 214 336 184Z';
    const lining = 'M356 128Q400 114 444 128Q452 150 440 172Q400 196 360 172Q348 150 356 128Z';
    return (
      shape(collar, clothLight(sheet, colour)) +
      shape(lining, blend(sheet, CORNER, dim(accent, 0.5), dim(accent, 0.1))) +
      zip('M400 186V536', colour, lit(colour, 0.2)) +
      zip('M312 420L298 478M488 420L502 478', colour, dim(colour, 0.3)) +
      slab(394, 190, 12, 24, 5, lit(accent, 0.2))
    );
  },
});

/** One quilted chamber of down: bright where it swells, dark where it is stitched. */
function baffle(sheet: Sheet, colour: Hex, d: string): string {
  const swell = along(sheet, DOWN, [
    [0, dim(colour, 0.42), 0.75],
    [0.16, lit(colour, 0.2), 0.4],
    [0.36, lit(colour, 0.3), 0.5],
    [0.62, colour, 0.1],
    [1, dim(colour, 0.6), 0.7],
  ]);
  return shape(d, swell);
}
