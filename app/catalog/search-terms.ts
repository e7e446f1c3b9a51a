import type { Fragment, StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { formsOf, isSlip, plainOf, STEMMERS, wordsOf } from './search-words.ts';

/** One word that was typed, without its accents, and the words of products that it stands for: those of a range, and some by name. */
export interface Term {
  readonly typed: string;
  /** From here on, in the order of code points. */
  readonly from: string;
  /** Up to here, and not this. */
  readonly to: string;
  readonly words: readonly string[];
  /** How many places of the catalogue hold it, counted up to a bound. */
  readonly places: number;
}

/** Words of one search; more are not looked at. */
const TERMS_MAX = 8;
/** In characters. A single letter stands for itself: half the catalogue begins with it. */
const BEGINNING_LENGTH_MIN = 2;
/** In characters. */
const PART_LENGTH_MIN = 3;
/** A word that stands in as many places is held by a good part of the catalogue. */
export const PLACES_COUNTED_MAX = 1_000;
/** In letters. */
const SWAPPED_LENGTH_MAX = 5;
/** Trigrams of a word that two letters in each other's place change. */
const TRIGRAMS_OF_SWAPPED = 4;
/** Trigrams of a word that one letter changes. */
const TRIGRAMS_OF_LETTER = 3;
/** Words that are looked at, for each that was typed, to see whether they are meant. */
const LIKE_WORDS_MAX = 200;
/** Words that one typed word may stand for. */
const MEANT_WORDS_MAX = 20;

const LAST_CHARACTER = '\u{10FFFF}';

/** What was typed as words and beginnings of words, with their stems in the store's language. */
export async function termsOf(tx: TenantTx<StoreTenant>, typed: string): Promise<Term[]> {
  const words = [...new Map(wordsOf(typed).map((word) => [plainOf(word), word]))].slice(0, TERMS_MAX);
  if (words.length === 0) return [];
  const ranges = words.map(([plain, word]) => ({
    plain,
    from: plain,
    to: endOf(plain),
    forms: formsOf([word]),
  }));
  const rows = await readTerms(tx, ranges);
  return ranges.map(({ plain, from, to }, at) => {
    const { stems = [], places = 0 } = rows[at] ?? {};
    return { typed: plain, from, to, words: stems.filter((stem) => stem !== plain), places };
  });
}

function endOf(word: string): string {
  return word.length < BEGINNING_LENGTH_MIN ? `${word}\u0001` : word + LAST_CHARACTER;
}

interface TermRow {
  readonly stems: string[];
  readonly places: number;
}

async function readTerms(
  { sql, tenant }: TenantTx<StoreTenant>,
  ranges: readonly { readonly forms: readonly string[]; readonly from: string; readonly to: string }[],
): Promise<TermRow[]> {
  const { merchantId, storeId } = tenant;
  const counted = (ofOwner: Fragment, meant: Fragment) => sql`
    (SELECT count(*)::int FROM (
      SELECT FROM product_words w WHERE w.merchant_id = ${merchantId} AND ${ofOwner} AND ${meant} LIMIT ${PLACES_COUNTED_MAX}) AS places)`;
  const [ours, all] = [sql`w.store_id = ${storeId}`, sql`w.store_id IS NULL`];
  const [begun, stems] = [sql`w.word >= term.start AND w.word < term.stop`, sql`w.word = ANY(stemmed.stems)`];
  return sql<TermRow[]>`
    SELECT to_json(stemmed.stems) AS stems,
      ${counted(ours, begun)} + ${counted(all, begun)} + ${counted(ours, stems)} + ${counted(all, stems)} AS places
    FROM unnest(${ranges.map(({ forms }) => forms.join(' '))}::text[], ${ranges.map(({ from }) => from)}::text[], ${ranges.map(({ to }) => to)}::text[])
      WITH ORDINALITY AS term (forms, start, stop, nth),
      (SELECT coalesce(${sql.json(STEMMERS)}::jsonb ->> split_part(locale, '-', 1), 'simple')::regconfig AS stemmer
        FROM stores WHERE merchant_id = ${merchantId} AND id = ${storeId}) AS language,
      LATERAL (SELECT tsvector_to_array(to_tsvector(language.stemmer, term.forms)) AS stems OFFSET 0) AS stemmed
    ORDER BY nth`;
}

/**
 * What somebody meant whose words are nowhere: the words that hold what was typed, or differ from it by one slip; of single letters, words
 * that begin with them. A word that is somewhere stands for itself too. Empty when a word is like none at all.
 */
export async function meantTerms(tx: TenantTx<StoreTenant>, terms: readonly Term[]): Promise<Term[]> {
  if (terms.every(isLetter)) return [];
  const like = await likeWords(tx, terms);
  const meant = terms.map((term, at) => {
    if (isLetter(term)) return { ...term, to: term.typed + LAST_CHARACTER, places: PLACES_COUNTED_MAX };
    const words = like
      .filter(({ nth, word }) => nth === at + 1 && isMeant(term, word))
      .map(({ word }) => word)
      .slice(0, MEANT_WORDS_MAX);
    if (term.places === 0) return { ...term, from: '', to: '', words };
    const others = words.filter((word) => word < term.from || word >= term.to);
    return { ...term, words: [...new Set([...term.words, ...others])] };
  });
  return meant.every(standsForAny) ? meant : [];
}

function standsForAny({ from, words }: Term): boolean {
  return from !== '' || words.length > 0;
}

function isLetter({ typed }: Term): boolean {
  return typed.length < BEGINNING_LENGTH_MIN;
}

function isMeant({ typed, words }: Term, word: string): boolean {
  return (
    isSlip(typed, word) || words.includes(word) || (typed.length >= PART_LENGTH_MIN && word.includes(typed))
  );
}

/** Those of the merchant's words that share most letters with a typed one, by three in a row; closest first. */
async function likeWords(
  { sql, tenant }: TenantTx<StoreTenant>,
  terms: readonly Term[],
): Promise<{ readonly nth: number; readonly word: string }[]> {
  const trigrams = terms.flatMap(({ typed }, at) =>
    trigramsOf(typed).map((trigram) => ({
      nth: at + 1,
      trigram,
      letters: typed.length,
      least: leastShared(typed),
    })),
  );
  return sql<{ nth: number; word: string }[]>`
    WITH typed AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(trigrams)}) AS typed (nth int, trigram text, letters int, least int)
    ), alike AS (
      SELECT nth, t.word, count(*) AS shared, abs(length(t.word) - letters) AS longer
      FROM typed JOIN word_trigrams t ON t.merchant_id = ${tenant.merchantId} AND t.trigram = typed.trigram
      GROUP BY nth, t.word, letters, least HAVING count(*) >= least
    ), ranked AS (
      SELECT nth, word, row_number() OVER (PARTITION BY nth ORDER BY shared - longer DESC, word) AS rank FROM alike
    )
    SELECT nth, word FROM ranked WHERE rank <= ${LIKE_WORDS_MAX} ORDER BY nth, rank`;
}

/** How many of its own trigrams a word keeps through one slip: two letters in each other's place, or another letter, change no more of them. */
function leastShared(word: string): number {
  const changed = word.length > SWAPPED_LENGTH_MAX ? TRIGRAMS_OF_SWAPPED : TRIGRAMS_OF_LETTER;
  return Math.max(1, spacedTrigrams([...word]).size - changed);
}

/** Of a short word also those that it would have with two letters in each other's place: it shares none else with what is meant. */
function trigramsOf(word: string): string[] {
  const letters = [...word];
  const swaps =
    letters.length > SWAPPED_LENGTH_MAX ? [] : letters.slice(1).map((_, at) => swapped(letters, at));
  return [...new Set([letters, ...swaps].flatMap((each) => [...spacedTrigrams(each)]))];
}

function spacedTrigrams(letters: readonly string[]): Set<string> {
  const spaced = [' ', ...letters, ' '];
  return new Set(spaced.slice(2).map((_, at) => spaced.slice(at, at + 3).join('')));
}

function swapped(letters: readonly string[], at: number): string[] {
  return letters.with(at, letters[at + 1] ?? '').with(at + 1, letters[at] ?? '');
}
