import { dim, DUSK, lit } from './colour.ts';
import { band, disc, framed, oval, placed, shape, slab, turned } from './shapes.ts';
import { brimming, cocoa, crema, tulip, plain, swirl } from './drinks.ts';
import type { Top } from './drinks.ts';
import {
  blend,
  CORNER,
  flatLight,
  inside,
  innerLight,
  rimLight,
  roundLight,
  shine,
  soft,
  standing,
  tube,
} from './light.ts';
import type { Drawing, Ink } from './sheet.ts';

const X = 385;

/** A cup on its saucer: `colour` is the crockery, `accent` the drink. */
function cup(top: Top): Drawing {
  return (ink) => {
    const { sheet, colour, accent } = ink;
    const body = turned(X, [
      [320, 124],
      [350, 123],
      [400, 108],
      [438, 78],
      [458, 60],
      [470, 56],
    ]);
    const glaze =
      soft(sheet, 16, disc(X + 50, 474, 110, dim(colour, 0.6), 'opacity=".36"')) +
      shine(sheet, `M${X - 88} 354q6 40 32 68`, 13, 0.75);
    return (
      standing(sheet, X, 482, 190) +
      saucer(ink) +
      tube(`M${X + 112} 354c62-22 84 58-14 66`, colour, 21) +
      shape(body, roundLight(sheet, colour, 0.55)) +
      inside(sheet, body, glaze) +
      brimming(ink, { x: X, y: 320, radius: 124 }, accent, top)
    );
  };
}

function saucer({ sheet, colour }: Ink): string {
  return (
    disc(X, 485, 204, dim(colour, 0.34)) +
    disc(X, 476, 206, blend(sheet, CORNER, lit(colour, 0.5), colour, dim(colour, 0.28))) +
    disc(X, 480, 122, blend(sheet, CORNER, dim(colour, 0.2), lit(colour, 0.3))) +
    soft(sheet, 9, disc(X + 22, 484, 104, DUSK, 'opacity=".3"'))
  );
}

const onSaucer =
  (top: Top): Drawing =>
  (ink) =>
    framed(1.26, 472, cup(top)(ink));

export const flatWhite = onSaucer(tulip);
export const cappuccino = onSaucer(cocoa);
export const longBlack = onSaucer(crema);
export const mocha = onSaucer(swirl);

/** The same, smaller: `colour` is the crockery. */
export const espresso: Drawing = (ink) => framed(0.98, 450, cup(crema)(ink));

/** A mug of coffee: `colour` is the glaze, `accent` the bare clay of its foot. */
export const mug: Drawing = (ink) =>
  framed(1.3, 484, mugBody(ink) + brimming(ink, { x: X, y: 285, radius: 104 }, '#3a2013', crema));

/** Hot chocolate: `colour` is the mug, `accent` the bare clay of its foot. */
export const hotChocolate: Drawing = (ink) => {
  const { sheet } = ink;
  const marshmallow = slab(-21, -16, 42, 32, 11, blend(sheet, CORNER, '#ffffff', '#fbeee6', '#d9b8ae'));
  const shadow = oval(5, 12, 21, 13, DUSK, 'opacity=".4"');
  const afloat = [
    [-34, -14, -14],
    [30, -20, 12],
    [2, 4, 4],
    [46, 6, -18],
    [-50, 8, 20],
  ] as const;
  const marshmallows = afloat.map(([dx, dy, turn]) => placed(X + dx, 286 + dy, turn, shadow + marshmallow));
  return framed(
    1.3,
    484,
    mugBody(ink) + brimming(ink, { x: X, y: 285, radius: 104 }, '#6b3d24', plain) + marshmallows.join(''),
  );
};

function mugBody({ sheet, colour, accent }: Ink): string {
  const body = turned(X, [
    [285, 104],
    [330, 104],
    [430, 104],
    [458, 102],
    [474, 95],
  ]);
  return (
    standing(sheet, X, 474, 112) +
    tube(`M${X + 92} 318c92-18 104 104 4 108`, colour, 25) +
    shape(body, roundLight(sheet, colour, 0.5)) +
    inside(
      sheet,
      body,
      shape(band(X, [392, 112], [480, 112]), roundLight(sheet, accent, 0.3)) +
        shine(sheet, `M${X - 76} 322v74`, 12),
    )
  );
}

/** A cup to take along: `colour` is its sleeve, `accent` the lid. */
export const paperCup: Drawing = ({ sheet, colour, accent }) => {
  const body = turned(X, [
    [200, 92],
    [470, 66],
  ]);
  const lid = turned(X, [
    [166, 78],
    [186, 83],
    [190, 97],
    [204, 97],
  ]);
  return framed(
    1.15,
    498,
    standing(sheet, X, 472, 76) +
      shape(body, roundLight(sheet, '#f3ece1', 0.5)) +
      shape(band(X, [262, 88], [386, 76]), roundLight(sheet, colour, 0.32)) +
      oval(X - 8, 352, 25, 25, lit(colour, 0.72), 'opacity=".9"') +
      shape(lid, roundLight(sheet, accent, 0.34)) +
      disc(X, 166, 78, rimLight(sheet, accent)) +
      disc(X, 169, 66, innerLight(sheet, accent)) +
      disc(X, 172, 62, flatLight(sheet, dim(accent, 0.16))) +
      disc(X - 8, 182, 11, dim(accent, 0.6)),
  );
};
