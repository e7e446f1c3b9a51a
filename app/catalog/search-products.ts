import type { Fragment, StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { PlacedProduct } from './product-cursor.ts';
import { meantTerms, PLACES_COUNTED_MAX, termsOf, type Term } from './search-terms.ts';

/** Products that are put in order for one search; who sees that many adds a word. */
const RANKED_MAX = 500;
/** Places of the rarest word that are looked at for one search. */
const SCANNED_MAX = 20_000;
/** Between one score and the next there is room for the positions of the shelf. */
const SCORE_STEP = 1_000_000;

export interface Search {
  /** What somebody typed. */
  readonly typed: string;
  /** Which products may be found; `p` stands for the product's row. */
  readonly among: Fragment;
}

/**
 * The best of what is found, best first: products that hold every typed word or its beginning, or, when none does, what is like it: parts
 * of words, and words with one slip.
 */
export async function foundProducts(tx: TenantTx<StoreTenant>, search: Search): Promise<PlacedProduct[]> {
  const terms = await termsOf(tx, search.typed);
  if (terms.length === 0) return [];
  const found = await holding(tx, terms, search);
  // Words that are all known were typed as they were meant; that no product has them all is the answer.
  if (found.length > 0 || terms.every(({ places }) => places > 0)) return found;
  const meant = await meantTerms(tx, terms);
  return meant.length > 0 ? holding(tx, meant, search) : [];
}

/** Begins at the places of the rarest word, and looks there for the others; where even that is common, all places of all are counted up. */
async function holding(
  tx: TenantTx<StoreTenant>,
  terms: readonly Term[],
  search: Search,
): Promise<PlacedProduct[]> {
  const [rarest, ...others] = terms.toSorted((a, b) => a.places - b.places);
  if (!rarest) throw new TypeError('expected at least one word, received none');
  const areCommon = others.length > 0 && rarest.places >= PLACES_COUNTED_MAX;
  return areCommon
    ? ranked(tx, search, { first: placesOfAll(tx, terms), others: [] })
    : ranked(tx, search, { first: placesOf(tx, rarest), others });
}

interface Ranking {
  /** A relation of product_id and score. */
  readonly first: Fragment;
  /** What else the products must hold. */
  readonly others: readonly Term[];
}

async function ranked(
  tx: TenantTx<StoreTenant>,
  { among }: Search,
  { first, others }: Ranking,
): Promise<PlacedProduct[]> {
  const { sql, tenant } = tx;
  const each = (part: (name: Fragment, term: Term) => Fragment) =>
    others.reduce((all, term, at) => sql`${all} ${part(sql`${sql(`term_${at}`)}`, term)}`, sql``);
  const looks = each(
    (name, term) => sql`
      CROSS JOIN LATERAL (SELECT min(${scoreOf(tx, term)}) AS score FROM product_words w
        WHERE w.merchant_id = p.merchant_id AND w.product_id = p.id AND ${standsFor(tx, term)}) AS ${name}`,
  );
  return sql<PlacedProduct[]>`
    SELECT id, min(score * ${SCORE_STEP}::int + least(position, ${SCORE_STEP - 1}::int))::int AS place FROM (
      SELECT p.id, p.position, first.score ${each((name) => sql`+ ${name}.score`)} AS score
      FROM (${first}) AS first JOIN products p ON p.merchant_id = ${tenant.merchantId} AND p.id = first.product_id ${looks}
      WHERE ${among} ${each((name) => sql`AND ${name}.score IS NOT NULL`)} LIMIT ${RANKED_MAX}
    ) AS ranked GROUP BY id ORDER BY place, id`;
}

/** Products that hold all words, best first, from the places of each: joined, PostgreSQL would look for each of thousands in thousands. */
function placesOfAll(tx: TenantTx<StoreTenant>, terms: readonly Term[]): Fragment {
  const { sql } = tx;
  const places = terms
    .map((term, nth) => placesOf(tx, term, sql`${2 ** nth}::int AS held,`))
    .reduce((all, each) => sql`${all} UNION ALL ${each}`);
  return sql`
    SELECT product_id, min(score) AS score FROM (${places}) AS places
    GROUP BY product_id HAVING bit_or(held) = ${2 ** terms.length - 1} ORDER BY score, product_id`;
}

/** Where a word stands, in the store's own products and in those of all stores; whole words and names come first. */
function placesOf(tx: TenantTx<StoreTenant>, term: Term, columns: Fragment = tx.sql``): Fragment {
  const { sql, tenant } = tx;
  const of = (owner: Fragment, words: Fragment) => sql`
    (SELECT ${columns} w.product_id, ${scoreOf(tx, term)} AS score FROM product_words w
      WHERE w.merchant_id = ${tenant.merchantId} AND ${owner} AND ${words} ORDER BY w.word, w.place, w.product_id LIMIT ${SCANNED_MAX})`;
  const [ours, all] = [sql`w.store_id = ${tenant.storeId}`, sql`w.store_id IS NULL`];
  const [named, begun] = [namedWords(tx, term), begunWords(tx, term)];
  const places = sql`${of(ours, begun)} UNION ALL ${of(all, begun)}`;
  return term.words.length === 0
    ? places
    : sql`${places} UNION ALL ${of(ours, named)} UNION ALL ${of(all, named)}`;
}

function scoreOf({ sql }: TenantTx, { typed }: Term): Fragment {
  return sql`(w.place * 2 + CASE WHEN w.word = ${typed} THEN 0 ELSE 1 END)`;
}

function standsFor(tx: TenantTx, term: Term): Fragment {
  return tx.sql`(${begunWords(tx, term)} OR ${namedWords(tx, term)})`;
}

function begunWords({ sql }: TenantTx, { from, to }: Term): Fragment {
  return sql`w.word >= ${from} AND w.word < ${to}`;
}

function namedWords({ sql }: TenantTx, { words }: Term): Fragment {
  return sql`w.word = ANY(${words}::text[])`;
}
