import { dim, DUSK, LAMP, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { clothLight, folds, seam, zip } from './cloth.ts';
import { blend, cast, DOWN, inside, roundLight, shade, shine, soft, standing, tube } from './light.ts';
import { framed, line, mirrored, oval, placed, shape, slab } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** A day pack from the front: `colour` is the cloth, `accent` zips and webbing. */
export const daypack: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const body =
    'M262 470C246 360 252 240 286 184C306 150 350 132 400 132C450 132 494 150 514 184C548 240 554 360 538 470' +
    'Q534 494 508 498Q400 510 292 498Q266 494 262 470Z';
  const sidePocket = 'M246 372Q263 362 280 372V480Q263 492 246 480Z';
  return framed(
    1.1,
    500,
    standing(sheet, 400, 490, 152) +
      strap(sheet, 'M300 200C246 220 226 300 236 420L256 460', dim(colour, 0.2)) +
      strap(sheet, 'M500 200C554 220 574 300 564 420L544 460', dim(colour, 0.36)) +
      tube('M366 142C362 92 438 92 434 142', accent, 15) +
      shape(sidePocket, roundLight(sheet, dim(colour, 0.24), 0.2)) +
      mirrored(shape(sidePocket, roundLight(sheet, dim(colour, 0.46), 0.1))) +
      shape(body, clothLight(sheet, colour)) +
      inside(
        sheet,
        body,
        shade(sheet, 'M262 500Q400 530 540 500', 44) +
          shine(sheet, 'M296 216Q336 166 400 162', 18, 0.34) +
          folds(sheet, 'M276 300Q300 320 310 330M524 296Q500 316 490 328', 12),
      ) +
      zip('M290 288C276 216 330 168 400 168C470 168 524 216 510 288', colour, accent) +
      webbing(colour) +
      frontPocket(ink),
  );
};

function strap(sheet: Sheet, d: string, colour: Hex): string {
  return soft(sheet, 6, placed(8, 8, 0, line(d, DUSK, 24, 0.3))) + tube(d, colour, 26);
}

/** A ladder of loops to tie things to. */
function webbing(colour: Hex): string {
  return (
    line('M340 246H460', dim(colour, 0.36), 20) +
    line('M340 243H460', lit(colour, 0.1), 12) +
    line('M352 236V254M376 236V254M400 236V254M424 236V254M448 236V254', dim(colour, 0.5), 4, 0.7)
  );
}

function frontPocket({ sheet, colour, accent }: Ink): string {
  const pocket =
    'M288 352Q288 332 308 330Q400 320 492 330Q512 332 512 352L508 450Q506 474 484 476Q400 486 316 476Q294 474 292 450Z';
  return (
    cast(sheet, pocket, [3, 9]) +
    shape(pocket, clothLight(sheet, dim(colour, 0.06))) +
    zip('M306 362Q400 350 494 362', colour, accent) +
    inside(sheet, pocket, folds(sheet, 'M330 480Q350 430 340 400M470 480Q450 440 458 404', 12)) +
    slab(424, 420, 56, 34, 5, clothLight(sheet, accent)) +
    shape('M432 446L446 428L455 439L461 433L472 446Z', lit(accent, 0.7))
  );
}

/** A pack for several days: `colour` is the cloth, `accent` its straps. */
export const trekkingPack: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const body =
    'M276 200H524C536 290 536 400 524 486Q520 508 496 510Q400 520 304 510Q280 508 276 486C264 400 264 290 276 200Z';
  const stretchPocket = 'M304 322Q400 340 496 322L490 478Q400 492 310 478Z';
  return framed(
    1.02,
    470,
    standing(sheet, 400, 530, 150) +
      hipBelt(ink) +
      rolledMat(ink) +
      shape(body, clothLight(sheet, colour)) +
      inside(
        sheet,
        body,
        shade(sheet, 'M276 520Q400 540 524 520M276 236Q400 250 524 236', 34, 0.5) +
          shine(sheet, 'M296 260V470', 14, 0.26),
      ) +
      cast(sheet, stretchPocket, [3, 7]) +
      shape(stretchPocket, clothLight(sheet, dim(colour, 0.2))) +
      inside(sheet, stretchPocket, folds(sheet, 'M336 340Q350 400 340 470M464 340Q450 410 460 470', 12)) +
      line('M304 322Q400 340 496 322', accent, 7) +
      line('M274 280L330 300M526 280L470 300M270 384L312 392M530 384L488 392', accent, 9) +
      lid(ink) +
      seam('M276 440Q290 446 308 444M524 440Q510 446 492 444', colour),
  );
};

function hipBelt({ sheet, colour }: Ink): string {
  const left = 'M284 426C232 428 196 448 182 470Q178 486 196 488C232 490 262 484 290 480Z';
  return (
    cast(sheet, left, [6, 9], 0.3) +
    shape(left, clothLight(sheet, dim(colour, 0.2))) +
    mirrored(shape(left, clothLight(sheet, dim(colour, 0.42))))
  );
}

/** The mat strapped below the pack. */
function rolledMat({ sheet, accent }: Ink): string {
  return (
    slab(250, 490, 300, 54, 27, blend(sheet, DOWN, lit(accent, 0.45), accent, dim(accent, 0.5))) +
    oval(270, 517, 14, 25, dim(accent, 0.4)) +
    oval(270, 517, 7, 13, lit(accent, 0.2))
  );
}

/** The lid and the two straps that hold it down. */
function lid({ sheet, colour, accent }: Ink): string {
  const outline =
    'M262 214C252 150 288 112 346 106Q400 100 454 106C512 112 548 150 538 214Q536 232 516 232Q400 244 284 232Q264 232 262 214Z';
  const buckle = slab(-15, 0, 30, 20, 5, roundLight(sheet, '#3a3a40'));
  return (
    cast(sheet, outline, [2, 12]) +
    shape(outline, clothLight(sheet, lit(colour, 0.06))) +
    inside(
      sheet,
      outline,
      soft(sheet, 9, line('M286 164Q330 130 400 128', LAMP, 15, 0.36)) +
        shade(sheet, 'M264 232Q400 252 540 230', 20),
    ) +
    zip('M290 192Q400 204 510 192', colour, accent) +
    line('M340 108V318M460 108V318', dim(accent, 0.34), 15) +
    placed(-2, -2, 0, line('M340 108V318M460 108V318', accent, 10)) +
    placed(340, 262, 0, buckle) +
    placed(460, 262, 0, buckle) +
    tube('M374 108C372 74 428 74 426 108', accent, 12)
  );
}
