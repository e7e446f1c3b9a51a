import { dim, DUSK, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import { clothLight, coatHanger, folds, nap, peg, seam, zip } from './cloth.ts';
import { cast, hanging, inside } from './light.ts';
import { line, mirrored, oval, placed, shape, slab } from './shapes.ts';
import type { Drawing, Ink, Sheet } from './sheet.ts';

/** How a kind of top is made: its outlines, and what lies on them. */
export interface Cut {
  readonly body: string;
  /** The left sleeve; the right one is its mirror image. */
  readonly sleeve: string;
  /** What shows behind the body: the inside of the neck, the hanger. */
  readonly behind: Drawing;
  /** On a sleeve and on the body, within their outlines. */
  readonly onSleeve: Drawing;
  readonly onBody: Drawing;
  /** Over everything: hood, collar, zip. */
  readonly front: Drawing;
}

/** The body and sleeves that most tops share. */
export const BODY =
  'M334 176C306 186 284 194 268 204C258 240 258 280 262 316C258 380 256 450 258 518Q400 540 542 518' +
  'C544 450 542 380 538 316C542 280 542 240 532 204C516 194 494 186 466 176Q400 206 334 176Z';
export const SLEEVE =
  'M276 200C240 214 218 256 204 318C190 380 182 430 178 478Q178 488 190 490L226 492Q236 492 238 482' +
  'C244 430 254 390 270 340C280 300 284 240 276 200Z';

/** A garment on its peg. */
export function top(cut: Cut): Drawing {
  return (ink) => {
    const { sheet, colour } = ink;
    const inShade: Ink = { ...ink, colour: dim(colour, 0.14), accent: dim(ink.accent, 0.14) };
    const sleeve = (on: Ink): string =>
      shape(cut.sleeve, clothLight(sheet, on.colour)) + inside(sheet, cut.sleeve, cut.onSleeve(on));
    const shadow = shape(cut.body, DUSK) + shape(cut.sleeve, DUSK) + mirrored(shape(cut.sleeve, DUSK));
    return (
      narrower(hanging(sheet, shadow)) +
      peg(sheet, 400, 88) +
      narrower(
        cut.behind(ink) +
          sleeve(ink) +
          mirrored(sleeve(inShade)) +
          shape(cut.body, clothLight(sheet, colour)) +
          inside(sheet, cut.body, cut.onBody(ink)) +
          cut.front(ink),
      )
    );
  };
}

/** Shoulders are drawn broad, so that folds have room, and brought to a person's width here. */
function narrower(content: string): string {
  return `<g transform="translate(36 0) scale(.91 1)">${content}</g>`;
}

/** The loop by which a jacket hangs. */
export const loop: Drawing = ({ accent }) => line('M386 128C380 76 420 76 414 128', dim(accent, 0.3), 6);

/** A fleece with a half zip: `colour` is the fleece, `accent` pocket and bindings. */
export const fleece: Drawing = top({
  body: BODY,
  sleeve: SLEEVE,
  behind: loop,
  onSleeve: ({ sheet, accent }) =>
    folds(sheet, 'M206 380L252 352M204 404L256 386M224 300L264 282', 16) +
    shape('M160 474H260V500H160Z', clothLight(sheet, accent)),
  onBody: ({ sheet, colour, accent }) =>
    folds(
      sheet,
      'M276 330C302 390 302 440 290 500M524 330C498 390 500 450 512 506M352 500Q366 420 356 350',
      18,
    ) +
    placed(400, 350, 0, nap(colour)) +
    shape('M240 506Q400 528 560 506V560H240Z', clothLight(sheet, accent)),
  front: ({ sheet, colour, accent }) => {
    const collar =
      'M332 186C324 148 338 122 350 116Q400 102 450 116C462 122 476 148 468 186Q436 214 400 222Q364 214 332 186Z';
    const neck = 'M354 122Q400 108 446 122Q454 142 444 160Q424 178 400 196Q376 178 356 160Q346 142 354 122Z';
    const pocket = 'M432 268H508Q514 268 514 276V346Q514 352 508 352H438Q432 352 432 346Z';
    return (
      shape(collar, clothLight(sheet, colour)) +
      shape(neck, dim(colour, 0.55)) +
      zip('M400 196V336', accent, lit(accent, 0.3)) +
      cast(sheet, pocket, [2, 5], 0.3) +
      shape(pocket, clothLight(sheet, accent)) +
      seam('M434 292H512', accent) +
      slab(394, 206, 12, 26, 5, lit(accent, 0.35))
    );
  },
});

/** A checked overshirt: `colour` is the cloth, `accent` the check. */
export const overshirt: Drawing = top({
  body: BODY,
  sleeve: SLEEVE,
  behind: ({ sheet, accent }) =>
    shape('M340 176Q400 132 460 176Q400 214 340 176Z', dim(accent, 0.45)) + coatHanger(sheet),
  onSleeve: ({ sheet, colour, accent }) =>
    `<g transform="rotate(14 240 320)">${slab(150, 180, 150, 340, 0, check(sheet, accent))}</g>` +
    folds(sheet, 'M206 384L252 356M224 300L264 284') +
    shape('M160 462H262V500H160Z', colour, 'opacity=".55"') +
    seam('M176 462Q206 470 242 464', colour),
  onBody: ({ sheet, colour, accent }) =>
    slab(240, 150, 320, 400, 0, check(sheet, accent)) +
    folds(sheet, 'M276 330C302 390 302 440 290 500M524 330C498 390 500 450 512 506') +
    seam('M258 262Q330 276 400 276T542 262', colour),
  front: (ink) => {
    const { sheet, colour } = ink;
    return (
      shape('M384 196H416V532Q400 534 384 532Z', clothLight(sheet, colour), 'opacity=".7"') +
      seam('M384 210V530M416 210V530', colour) +
      [250, 312, 374, 436, 498].map((y) => button(400, y)).join('') +
      chestPocket(ink, 296) +
      chestPocket(ink, 430) +
      shape(
        'M342 160Q330 172 330 186L372 238L402 206Q366 196 342 160Z',
        clothLight(sheet, lit(colour, 0.1)),
      ) +
      shape('M458 160Q470 172 470 186L428 238L398 206Q434 196 458 160Z', clothLight(sheet, dim(colour, 0.06)))
    );
  },
});

/** Woven lines in both directions. */
function check(sheet: Sheet, colour: Hex): string {
  const weave =
    line('M26-5V57M-5 20H57', colour, 15, 0.42) + line('M0-5V57M-5 46H57', lit(colour, 0.5), 3, 0.4);
  return sheet.define('pattern', 'width="52" height="52" patternUnits="userSpaceOnUse"', weave);
}

function chestPocket({ sheet, colour }: Ink, x: number): string {
  const d = `M${x} 292h74v70l-37 16l-37-16Z`;
  return (
    cast(sheet, d, [2, 5], 0.3) +
    shape(d, clothLight(sheet, colour), 'opacity=".82"') +
    seam(`M${x} 312l37 12l37-12`, colour) +
    button(x + 37, 313)
  );
}

function button(x: number, y: number): string {
  return oval(x + 1, y + 2, 6.5, 6.5, DUSK, 'opacity=".4"') + oval(x, y, 6, 6, '#efe4cf');
}

/** A T-shirt: `colour` is the knit, `accent` the band at the neck. */
export const tee: Drawing = top({
  body: BODY,
  sleeve: 'M280 198C238 212 206 258 184 326Q182 336 192 340L246 358Q256 360 262 350C276 310 286 250 280 198Z',
  behind: ({ sheet, accent }) =>
    shape('M338 172Q400 150 462 172Q400 214 338 172Z', dim(accent, 0.45)) + coatHanger(sheet),
  onSleeve: ({ sheet, colour }) =>
    folds(sheet, 'M214 312L262 286M232 270L268 250') + seam('M188 318Q222 336 258 342', colour),
  onBody: ({ sheet, colour }) =>
    folds(
      sheet,
      'M274 326C306 380 308 440 292 506M526 326C496 390 498 450 512 510M346 500Q372 430 360 360M452 504Q432 440 446 380',
    ) + seam('M256 502Q400 524 544 502', colour),
  front: ({ accent }) =>
    line('M336 177Q400 232 464 177', dim(accent, 0.2), 15) + line('M337 175Q400 228 463 175', accent, 9),
});
