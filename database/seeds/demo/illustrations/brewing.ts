import { dim, DUSK, lit } from './colour.ts';
import type { Hex } from './colour.ts';
import {
  ACROSS,
  blend,
  flatLight,
  glassLight,
  inside,
  innerLight,
  metalLight,
  rimLight,
  roundLight,
  shade,
  shine,
  soft,
  standing,
  tube,
} from './light.ts';
import { knob } from './pots.ts';
import { band, disc, flat, framed, line, mouth, oval, placed, shape, short, turned } from './shapes.ts';
import type { Drawing, Ink } from './sheet.ts';

const X = 395;
const STEEL: Hex = '#b9b6b2';

/** A cone to pour through: `colour` is the glaze, `accent` the bare clay of its foot. */
export const dripper: Drawing = ({ sheet, colour, accent }) => {
  const cone = turned(X, [
    [292, 138],
    [310, 136],
    [410, 58],
    [432, 48],
  ]);
  const collar = turned(X, [
    [426, 104],
    [436, 107],
    [446, 102],
  ]);
  const well = mouth(X, 292, 129);
  const ribs = line(spiralRibs(), dim(colour, 0.4), 4, 0.6) + line(spiralRibs(), lit(colour, 0.4), 2, 0.5);
  return framed(
    1.25,
    486,
    standing(sheet, X, 472, 90) +
      tube(`M${X + 104} 340C${X + 196} 320 ${X + 190} 416 ${X + 76} 410`, colour, 22) +
      shape(band(X, [440, 62], [470, 58]), roundLight(sheet, accent, 0.3)) +
      shape(collar, roundLight(sheet, colour)) +
      disc(X, 426, 104, rimLight(sheet, colour)) +
      soft(sheet, 6, disc(X + 10, 428, 66, DUSK, 'opacity=".4"')) +
      shape(cone, roundLight(sheet, colour, 0.5)) +
      inside(sheet, cone, shine(sheet, `M${X - 100} 326L${X - 46} 404`, 12)) +
      disc(X, 292, 138, rimLight(sheet, colour)) +
      shape(well, innerLight(sheet, colour)) +
      inside(sheet, well, flat(X, 292, 129, ribs) + disc(X, 308, 24, dim(colour, 0.75))),
  );
};

/** The ribs inside a dripper, in plan. */
function spiralRibs(): string {
  return Array.from({ length: 14 }, (_none, rib) => {
    const angle = (rib * Math.PI) / 7;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const points = [c * 94, s * 94, c * 60 - s * 20, s * 60 + c * 20, c * 22, s * 22 + 46].map(short);
    return `M${points.slice(0, 2).join(' ')}Q${points.slice(2).join(' ')}`;
  }).join('');
}

/** A glass server half full: `colour` is the coffee, `accent` its collar and lid. */
export const server: Drawing = ({ sheet, colour, accent }) => {
  const glass = turned(X, [
    [246, 62],
    [276, 64],
    [320, 92],
    [386, 122],
    [440, 124],
    [470, 119],
  ]);
  const coffee = turned(X, [
    [372, 112],
    [400, 119],
    [440, 119],
    [464, 115],
  ]);
  const highlights = `M${X - 70} 316C${X - 100} 350 ${X - 104} 400 ${X - 98} 440M${X + 92} 370Q${X + 104} 410 ${X + 96} 446`;
  return framed(
    1.25,
    494,
    standing(sheet, X, 474, 122) +
      soft(sheet, 14, oval(X + 130, 482, 86, 18, '#c4803e', 'opacity=".5"')) +
      tube(`M${X + 60} 250C${X + 180} 236 ${X + 196} 400 ${X + 108} 408`, '#d9dcd8', 15) +
      shape(coffee, roundLight(sheet, colour, 0.2)) +
      disc(X, 372, 112, rimLight(sheet, lit(colour, 0.1))) +
      shape(glass, glassLight(sheet), 'stroke="#fffaf0" stroke-opacity=".7" stroke-width="3"') +
      inside(sheet, glass, shine(sheet, highlights, 9, 0.7)) +
      shape(
        turned(X, [
          [228, 68],
          [262, 68],
        ]),
        roundLight(sheet, accent),
      ) +
      disc(X, 228, 68, rimLight(sheet, accent)) +
      knob(sheet, X, 222, accent),
  );
};

/** A gooseneck kettle: `colour` is the enamel, `accent` handle and knob. */
export const kettle: Drawing = ({ sheet, colour, accent }) => {
  const x = 420;
  const body = turned(x, [
    [300, 92],
    [310, 98],
    [430, 126],
    [460, 127],
    [472, 122],
  ]);
  const lid = turned(x, [
    [272, 30],
    [280, 64],
    [300, 86],
  ]);
  const enamel =
    soft(sheet, 16, disc(x + 40, 486, 130, dim(colour, 0.65), 'opacity=".45"')) +
    shine(sheet, `M${x - 74} 326L${x - 92} 432`, 15) +
    soft(sheet, 4, disc(x, 306, 96, dim(colour, 0.6), 'opacity=".5"'));
  const spout = `M${x - 104} 440C${x - 190} 440 ${x - 172} 340 ${x - 196} 300C${x - 204} 284 ${x - 222} 280 ${x - 240} 286`;
  const handle = `M${x + 74} 296C${x + 120} 250 ${x + 196} 258 ${x + 200} 318C${x + 202} 360 ${x + 186} 398 ${x + 166} 424`;
  return framed(
    1.2,
    490,
    standing(sheet, x, 474, 128) +
      tube(spout, colour, 21) +
      tube(handle, accent, 25) +
      shape(body, roundLight(sheet, colour)) +
      inside(sheet, body, enamel) +
      shape(lid, roundLight(sheet, colour, 0.5)) +
      knob(sheet, x, 272, accent),
  );
};

/** A hand grinder: `colour` is the barrel, `accent` the wood of grip and knob. */
export const grinder: Drawing = ({ sheet, colour, accent }) => {
  const jar = turned(X, [
    [372, 70],
    [470, 68],
  ]);
  const barrel = turned(X, [
    [204, 70],
    [220, 74],
    [372, 74],
  ]);
  const lid = turned(X, [
    [180, 34],
    [188, 62],
    [204, 70],
  ]);
  const arm = `M${X} 176C${X - 30} 164 ${X - 80} 176 ${X - 142} 166`;
  const handle = turned(X - 142, [
    [94, 14],
    [104, 25],
    [128, 27],
    [150, 16],
    [164, 12],
  ]);
  return framed(
    1.12,
    508,
    standing(sheet, X, 472, 74) +
      shape(jar, metalLight(sheet, STEEL)) +
      shade(sheet, `M${X - 68} 380Q${X} 420 ${X + 68} 380`, 10) +
      shape(barrel, roundLight(sheet, colour)) +
      shape(band(X, [262, 75], [318, 75]), roundLight(sheet, accent, 0.3)) +
      inside(sheet, barrel, shine(sheet, `M${X - 46} 226V370`, 10, 0.5)) +
      shape(lid, metalLight(sheet, STEEL)) +
      line(arm, '#6f6b68', 15) +
      placed(0, -3, 0, line(arm, '#dedbd6', 6)) +
      shape(
        turned(X, [
          [160, 12],
          [166, 15],
          [182, 14],
        ]),
        metalLight(sheet, STEEL),
      ) +
      shape(handle, roundLight(sheet, accent, 0.45)),
  );
};

/** A plunger pot: `colour` is the frame, `accent` handle and knob. */
export const plunger: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const glass = turned(X, [
    [226, 98],
    [452, 98],
  ]);
  const coffee = turned(X, [
    [304, 94],
    [450, 94],
  ]);
  const rod = `M${X} 110V310`;
  return framed(
    1.08,
    504,
    standing(sheet, X, 474, 104) +
      soft(sheet, 14, oval(X + 110, 482, 76, 16, '#a86a34', 'opacity=".45"')) +
      line(rod, '#8d8985', 8) +
      placed(-1.5, 0, 0, line(rod, '#e6e3de', 3)) +
      shape(coffee, blend(sheet, ACROSS, '#6b3f22', '#54301b', '#3a2013', '#24130d')) +
      disc(X, 304, 94, '#a8713e') +
      disc(X, 302, 90, flatLight(sheet, '#c08d58')) +
      shape(glass, glassLight(sheet)) +
      inside(sheet, glass, shine(sheet, `M${X - 70} 262V440`, 11)) +
      tube(`M${X + 98} 270C${X + 196} 244 ${X + 196} 452 ${X + 98} 428`, accent, 25) +
      frame(ink) +
      shape(
        turned(X, [
          [196, 40],
          [204, 84],
          [216, 102],
          [232, 104],
        ]),
        metalLight(sheet, colour),
      ) +
      shape(
        turned(X, [
          [172, 8],
          [200, 12],
        ]),
        metalLight(sheet, colour),
      ) +
      knob(sheet, X, 116, accent),
  );
};

/** The bands and legs around a plunger's glass. */
function frame({ sheet, colour }: Ink): string {
  const steel = metalLight(sheet, colour);
  const legs = `M${X - 84} 252V478M${X - 4} 266V496M${X + 78} 252V478`;
  return (
    shape(band(X, [234, 101], [250, 101]), steel) +
    shape(band(X, [432, 101], [450, 101]), steel) +
    line(legs, dim(colour, 0.2), 10) +
    placed(-2, 0, 0, line(legs, lit(colour, 0.5), 4))
  );
}

/** An eight-sided stovetop pot: `colour` is the metal, `accent` the handle. */
export const moka: Drawing = (ink) => {
  const { sheet, colour, accent } = ink;
  const lid = `M${X - 100} 216L${X - 44} 186L${X + 44} 186L${X + 100} 216L${X + 42} 248L${X - 46} 248Z`;
  return framed(
    1.22,
    506,
    standing(sheet, X, 474, 106) +
      tube(`M${X + 88} 226L${X + 160} 214Q${X + 178} 212 ${X + 178} 234L${X + 172} 336`, accent, 26) +
      shape(
        `M${X - 84} 220L${X - 130} 198L${X - 100} 208L${X - 60} 200L${X - 62} 290Z`,
        flatLight(sheet, colour),
      ) +
      facets(ink, [372, 76], [462, 108]) +
      facets(ink, [218, 98], [346, 70]) +
      shape(band(X, [336, 78], [366, 82]), metalLight(sheet, colour)) +
      oval(X + 20, 430, 9, 9, dim(colour, 0.3)) +
      oval(X + 19, 429, 5, 5, '#c9a44c') +
      shape(lid, flatLight(sheet, lit(colour, 0.2)), `stroke="${dim(colour, 0.1)}" stroke-width="2"`) +
      shape(`M${X - 46} 248L${X - 16} 188H${X + 14}L${X + 42} 248Z`, lit(colour, 0.4), 'opacity=".6"') +
      knob(sheet, X, 190, accent) +
      shine(sheet, `M${X - 66} 260L${X - 48} 330M${X - 76} 400L${X - 88} 448`, 9, 0.7),
  );
};

/** The three sides that show of an eight-sided pot, between two of its rings. */
function facets(
  { sheet, colour }: Ink,
  top: readonly [number, number],
  bottom: readonly [number, number],
): string {
  const corners = [
    [-1, 0],
    [-0.46, 0.3],
    [0.42, 0.3],
    [1, 0],
  ] as const;
  const at = ([y, radius]: readonly [number, number], corner: number): string => {
    const [across, drop] = corners[corner]!;
    return `${short(X + across * radius)} ${short(y + drop * radius)}`;
  };
  return [lit(colour, 0.5), lit(colour, 0.06), dim(colour, 0.4)]
    .map((tone, side) => {
      const d = `M${at(top, side)}L${at(top, side + 1)}L${at(bottom, side + 1)}L${at(bottom, side)}Z`;
      return shape(
        d,
        blend(sheet, ACROSS, lit(tone, 0.2), dim(tone, 0.16)),
        `stroke="${tone}" stroke-width="1.5"`,
      );
    })
    .join('');
}
