import { cents } from '#core/values/money.ts';
import type { Hex } from './illustrations/colour.ts';
import type { IllustrationKind } from './illustrations/illustrate.ts';
import type { DemoChoice, DemoGroup, DemoPicture, DemoPostcodes, DemoProduct, DemoVariant } from './shop.ts';

/** The words in which the demo shops are written, so that their files read like a menu. */

/** A product as a data file writes it. Amounts are in minor units, as everywhere. */
export interface ProductNote {
  readonly slug: string;
  readonly name: string;
  /** One string for each paragraph. */
  readonly about: readonly string[];
  readonly category: string;
  readonly tags: readonly string[];
  /** Begins the SKU of each variant. */
  readonly sku: string;
  readonly price: number;
  readonly compareAt?: number;
  readonly weightGrams?: number;
  readonly size?: readonly [lengthMm: number, widthMm: number, heightMm: number];
  /** Absent: yes when it weighs something. */
  readonly shippable?: boolean;
  readonly options?: readonly OptionNote[];
  readonly stock?: StockNote;
  readonly groups?: readonly DemoGroup[];
  readonly pictures: readonly DemoPicture[];
}

interface OptionNote {
  readonly name: string;
  readonly values: readonly ValueNote[];
}

interface ValueNote {
  readonly name: string;
  /** What this value adds to price and weight. */
  readonly price: number;
  readonly grams: number;
}

interface StockNote {
  readonly each: number;
  /** Pieces of single variants, by their values joined with " / ". */
  readonly except?: Readonly<Record<string, number>>;
}

/** Works out a product: one variant for each combination of its options. Throws for stock of a variant that it has not. */
export function product(note: ProductNote): DemoProduct {
  const { slug, name, category, tags, options = [], groups = [], pictures, size } = note;
  const variants = combinations(options).map((values) => variant(note, values));
  refuseStrayStock(note, variants);
  return {
    slug,
    name,
    description: note.about.map((paragraph) => `<p>${paragraph}</p>`).join(''),
    category,
    tags,
    shippable: note.shippable ?? note.weightGrams !== undefined,
    dimensions: size ? { lengthMm: size[0], widthMm: size[1], heightMm: size[2] } : null,
    options: options.map((each) => each.name),
    variants,
    groups,
    pictures,
  };
}

function refuseStrayStock({ slug, stock }: ProductNote, variants: readonly DemoVariant[]): void {
  const titles = variants.map(({ optionValues }) => optionValues.join(' / '));
  const stray = Object.keys(stock?.except ?? {}).find((title) => !titles.includes(title));
  if (stray !== undefined)
    throw new Error(`${slug}: expected one of ${titles.join(', ')}, received ${stray}`);
}

function combinations(options: readonly OptionNote[]): ValueNote[][] {
  return options.reduce<ValueNote[][]>(
    (soFar, { values }) => soFar.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

function variant(note: ProductNote, values: readonly ValueNote[]): DemoVariant {
  const optionValues = values.map(({ name }) => name);
  const more = values.reduce((sum, { price }) => sum + price, 0);
  const shows = note.pictures.findIndex(({ of }) => of !== undefined && optionValues.includes(of));
  return {
    optionValues,
    sku: [note.sku, ...optionValues.map(skuPart)].join('-'),
    priceCents: cents(note.price + more),
    compareAtCents: note.compareAt === undefined ? null : cents(note.compareAt + more),
    weightGrams: values.reduce((sum, { grams }) => sum + grams, note.weightGrams ?? 0),
    stock: note.stock ? (note.stock.except?.[optionValues.join(' / ')] ?? note.stock.each) : null,
    picture: shows < 0 ? null : shows,
  };
}

/** "Whole bean" → WHOBEA, "500 g" → 500G, "XL" → XL. */
function skuPart(value: string): string {
  const words = value.toUpperCase().match(/[A-Z0-9]+/g) ?? [];
  return words.map((word) => word.slice(0, 3)).join('');
}

/** An option of which every value costs and weighs the same, unless a value is given as `[name, price, grams]`. */
export function option(
  name: string,
  ...values: readonly (string | readonly [name: string, price: number, grams?: number])[]
): OptionNote {
  return {
    name,
    values: values.map((value) => {
      const [valueName, price, grams = 0] = typeof value === 'string' ? [value, 0] : value;
      return { name: valueName, price, grams };
    }),
  };
}

type ChoiceNote = string | readonly [name: string, delta: number, maxQuantity?: number];

/** Exactly one has to be chosen. */
export function oneOf(name: string, ...choices: readonly ChoiceNote[]): DemoGroup {
  return { name, minSelect: 1, maxSelect: 1, required: true, choices: choices.map(choice) };
}

/** Nothing has to be chosen; at most so many pieces may be. */
export function upTo(maxSelect: number, name: string, ...choices: readonly ChoiceNote[]): DemoGroup {
  return { name, minSelect: 0, maxSelect, required: false, choices: choices.map(choice) };
}

/** From so many to so many pieces have to be chosen. */
export function between(
  [minSelect, maxSelect]: readonly [number, number],
  name: string,
  ...choices: readonly ChoiceNote[]
): DemoGroup {
  return { name, minSelect, maxSelect, required: true, choices: choices.map(choice) };
}

function choice(note: ChoiceNote): DemoChoice {
  const [name, delta, maxQuantity = 1] = typeof note === 'string' ? [note, 0] : note;
  return { name, priceDeltaCents: cents(delta), maxQuantity };
}

/** A picture: what it shows, the colour behind it, the thing's own colour and that of its detail. */
export function picture(
  kind: IllustrationKind,
  [backdrop, colour, accent]: readonly [backdrop: Hex, colour: Hex, accent: Hex],
  alt: string,
): DemoPicture {
  return { illustration: { kind, backdrop, colour, accent }, alt };
}

/** A picture for each value of a colour option; `alt` is followed by the colour's name. */
export function inColours(
  kind: IllustrationKind,
  alt: string,
  colours: Readonly<Record<string, readonly [backdrop: Hex, colour: Hex, accent: Hex]>>,
): DemoPicture[] {
  return Object.entries(colours).map(([of, inks]) => ({
    ...picture(kind, inks, `${alt} ${of.toLowerCase()}`),
    of,
  }));
}

/** Postcodes from one number to another, both included. */
export function postcodes(from: number, to: number): DemoPostcodes {
  return { kind: 'range', from: String(from), to: String(to) };
}

/** Postcodes that begin so, one rule for each. */
export function beginning(...prefixes: readonly string[]): DemoPostcodes[] {
  return prefixes.map((prefix) => ({ kind: 'prefix', prefix }));
}
