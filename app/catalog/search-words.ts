/** The stemmer of each language that PostgreSQL knows; other languages are searched by whole words and their beginnings. */
export const STEMMERS: Readonly<Record<string, string>> = {
  ar: 'arabic',
  ca: 'catalan',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hi: 'hindi',
  hu: 'hungarian',
  hy: 'armenian',
  id: 'indonesian',
  it: 'italian',
  lt: 'lithuanian',
  nb: 'norwegian',
  ne: 'nepali',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sr: 'serbian',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
  yi: 'yiddish',
};

const TAGS_AND_ENTITIES = /<[^>]*>|&\w+;/g;

/** The words of a text, in lower case. What is saved and what is typed are split alike. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

/** Accents of letters that are read alike without them; of other scripts the marks are letters themselves. */
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu;
/** Letters that no mark can be taken from. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** A word as people type it who have no accents at hand: `brûlée` → `brulee`. */
export function plainOf(word: string): string {
  return word
    .replaceAll('ё', 'е')
    .normalize('NFD')
    .replaceAll(ACCENTS, '')
    .normalize('NFC')
    .replaceAll(/[ßæœøđðłþı]/g, (letter) => PLAIN[letter] ?? letter);
}

/** The words, and how they are typed without accents. */
export function formsOf(words: readonly string[]): string[] {
  return [...new Set(words.flatMap((word) => [word, plainOf(word)]))];
}

/** The words of a description's HTML. */
export function wordsOfHtml(html: string): string[] {
  return wordsOf(html.replaceAll(TAGS_AND_ENTITIES, ' '));
}

/** Whether one slip of the fingers makes one word of the other: a letter too many, too few, another one, or two that changed places. */
export function isSlip(typed: string, word: string): boolean {
  const [from, to] = [[...typed], [...word]];
  const head = sharedFrom(from, to);
  const [a, b] = [from.slice(head), to.slice(head)];
  const tail = sharedFrom(a.toReversed(), b.toReversed());
  const [left, right] = [a.slice(0, a.length - tail), b.slice(0, b.length - tail)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

function sharedFrom(a: readonly string[], b: readonly string[]): number {
  const differing = a.findIndex((letter, at) => letter !== b[at]);
  return differing === -1 ? a.length : differing;
}
