import { bloomBag, dropBag, lanternBag, moonBag, ridgeBag, riverBag, sunriseBag } from './bags.ts';
import { beans, salad, soup } from './bowls.ts';
import { cupping, filters, tastingBox } from './boxes.ts';
import { baguette, bananaBread, sourdough } from './bread.ts';
import { dripper, grinder, kettle, moka, plunger, server } from './brewing.ts';
import { mat, sleepingBag, tent } from './camp.ts';
import type { Hex } from './colour.ts';
import { cookset, stove } from './cooking.ts';
import { cappuccino, espresso, flatWhite, hotChocolate, longBlack, mocha, mug, paperCup } from './cups.ts';
import { coldBrew, icedLatte, latte, lemonade } from './glasses.ts';
import { puffer, shell } from './jackets.ts';
import { beanie, cap, socks } from './knits.ts';
import { backdrop } from './light.ts';
import { daypack, trekkingPack } from './packs.ts';
import { almondCroissant, cookies, croissant, muffin, scroll } from './pastry.ts';
import { avocadoToast, toastie } from './plates.ts';
import { chai, teapot } from './pots.ts';
import { createSheet } from './sheet.ts';
import type { Drawing } from './sheet.ts';
import { fleece, overshirt, tee } from './tops.ts';
import { boots, bottle, headlamp, poles, rope } from './trail.ts';
import { shorts, trousers } from './trousers.ts';

const DRAWINGS = {
  'almond-croissant': almondCroissant,
  'avocado-toast': avocadoToast,
  'bag-bloom': bloomBag,
  'bag-drop': dropBag,
  'bag-lantern': lanternBag,
  'bag-moon': moonBag,
  'bag-ridge': ridgeBag,
  'bag-river': riverBag,
  'bag-sunrise': sunriseBag,
  baguette,
  'banana-bread': bananaBread,
  beanie,
  beans,
  boots,
  bottle,
  cap,
  cappuccino,
  chai,
  'cinnamon-scroll': scroll,
  'cold-brew': coldBrew,
  cookies,
  cookset,
  croissant,
  cupping,
  daypack,
  dripper,
  espresso,
  filters,
  'flat-white': flatWhite,
  fleece,
  grinder,
  headlamp,
  'hot-chocolate': hotChocolate,
  'iced-latte': icedLatte,
  kettle,
  latte,
  lemonade,
  'long-black': longBlack,
  mat,
  mocha,
  moka,
  muffin,
  mug,
  overshirt,
  'paper-cup': paperCup,
  plunger,
  poles,
  puffer,
  rope,
  salad,
  server,
  shell,
  shorts,
  'sleeping-bag': sleepingBag,
  socks,
  soup,
  sourdough,
  stove,
  'tasting-box': tastingBox,
  teapot,
  tee,
  tent,
  toastie,
  'trekking-pack': trekkingPack,
  trousers,
} satisfies Record<string, Drawing>;

export type IllustrationKind = keyof typeof DRAWINGS;

/** What to draw: the thing, the calm colour behind it, its own colour, and the colour of its detail. */
export interface Illustration {
  readonly kind: IllustrationKind;
  readonly backdrop: Hex;
  readonly colour: Hex;
  readonly accent: Hex;
}

/** A picture as a self-contained SVG, 4:3; the same for the same spec, with ids that no other spec's picture has. */
export function illustrate(spec: Illustration): string {
  const sheet = createSheet(nameOf(spec));
  const { colour, accent } = spec;
  return sheet.toSvg(backdrop(sheet, spec.backdrop) + DRAWINGS[spec.kind]({ sheet, colour, accent }));
}

/** A short name made from the spec (FNV-1a). */
function nameOf({ kind, backdrop: behind, colour, accent }: Illustration): string {
  let hash = 2_166_136_261;
  for (const character of `${kind}${behind}${colour}${accent}`) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16_777_619);
  }
  return `p${(hash >>> 0).toString(36)}`;
}
