import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import type { InvoiceFilter } from '#contracts/queries.js';
import { filterConditions } from '../queries/conditions.js';
import { alternativesOf, type Asked, type Corrections, type HitKeys } from './search.js';
import { formsOf, hasOwnKey, readingsOf, stemsOf, type SearchTerm } from './search-query.js';
import { TYPO_LIMITS, variantsOf } from './typos.js';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Weights of D, C (descriptions), B (names) and A (keys), and "divide by 1 + log of the length": a short text that has the word tells more. */
const RANKING = `'{0.1, 0.2, 0.6, 1.0}'`;
const NORMALISATION = 1;
const SCORE_DIGITS = 6;
/** Rows looked at for the words that a misspelt one may mean. */
const MAX_SAMPLED_ROWS = 1_000;

const DAY = `coalesce(issuance_day, '')`;

/** Parts of a tsquery. Words and keys hold letters and digits only, so nothing in them can be an operator. */
const whole = (word: string): string => `'${word}'`;
const begun = (word: string): string => `'${word}':*`;
const isKey = (key: string): string => `'${key}':A`;
const keyBegun = (key: string): string => `'${key}':*A`;
const any = (parts: readonly string[]): string => `(${[...new Set(parts)].join(' | ')})`;
const all = (parts: readonly string[]): string => `(${[...new Set(parts)].join(' & ')})`;

/** A word is found as the beginning of one (a single letter: as a word of its own), and by its Spanish stem. */
const wordQuery = (word: string): string => any([word.length > 1 ? begun(word) : whole(word), ...stemsOf(formsOf(word)).map(whole)]);

/** A term is found by all of its words, or by its key. */
function termQuery(term: SearchTerm, corrections: Corrections): string {
  const found = readingsOf(term).map((words) => all(words.map((word) => any((corrections[word] ?? [word]).map(wordQuery)))));
  return any(hasOwnKey(term) ? [...found, keyBegun(term.key)] : found);
}

/** Beginnings and whole words, asked for apart: of the same word once as a beginning and once whole, `ts_rank` looks at one only. */
function ranked(asked: Asked): readonly [beginnings: string, wholeWords: string] {
  const words = alternativesOf(asked);
  return [any(words.map(begun)), any(words.flatMap((word) => [...formsOf(word), ...stemsOf(formsOf(word))]).map(whole))];
}

/** Statements of one search; user text is in the values only. */
export class SearchSql {
  readonly #table: string;

  constructor(schema: string, private readonly filter: InvoiceFilter) {
    this.#table = `${schema}.invoice`;
  }

  /** `score, row…` of one page, best first. */
  page(asked: Asked, limit: number, after: HitKeys | undefined): Statement {
    const values: unknown[] = [];
    const hits = this.#hits(asked, values);
    const beyond = after ? `WHERE ${beyondOf(after, values)}` : '';
    const text = `WITH hit AS (${hits}) SELECT score::text, ${selectList(INVOICE_SEARCH_TABLE)} FROM hit ${beyond}
      ORDER BY score DESC, ${DAY} DESC, id LIMIT ${limit}`;
    return { text, values };
  }

  /** `facet, value, count` over the whole result; the facet `total` counts all. */
  facets(asked: Asked): Statement {
    const values: unknown[] = [];
    const text = `WITH hit AS (${this.#hits(asked, values)}) SELECT facet, value, count(*)::text FROM hit CROSS JOIN LATERAL
      (VALUES ('total', ''), ('status', status), ('format', format), ('currency', currency), ('issuer', issuer_id), ('year', left(issuance_day, 4))) AS f(facet, value)
      WHERE value IS NOT NULL GROUP BY facet, value`;
    return { text, values };
  }

  /** One row with one `true` or `false` per word: whether any row that passes the filter has it. */
  presence(words: readonly string[]): Statement {
    const values: unknown[] = [];
    const conditions = this.#filters(values);
    const exists = words.map((word) => `EXISTS (SELECT FROM ${this.#table} WHERE document @@ $${values.push(wordQuery(word))}::text::tsquery${conditions})::text`);
    return { text: `SELECT ${exists.join(', ')}`, values };
  }

  /** `word, rows` of the index that are, or begin with, a word one letter away from the misspelt one. */
  resembling(word: string): Statement {
    const variants = [...variantsOf(word)];
    const isPrefix = word.length >= TYPO_LIMITS.shortestPrefix;
    const values: unknown[] = [variants.map(isPrefix ? begun : whole).join(' | '), variants];
    const lengths = isPrefix ? [word.length - 1, word.length, word.length + 1] : [];
    const matching = ['indexed = ANY($2::text[])', ...lengths.map((length) => `left(indexed, ${length}) = ANY($2::text[])`)].join(' OR ');
    const text = `SELECT indexed, count(*)::text FROM
        (SELECT document FROM ${this.#table} WHERE document @@ $1::text::tsquery${this.#filters(values)} ORDER BY id LIMIT ${MAX_SAMPLED_ROWS}) AS sampled,
        LATERAL unnest(tsvector_to_array(document)) AS indexed
      WHERE ${matching} GROUP BY indexed`;
    return { text, values };
  }

  #filters(values: unknown[]): string {
    return filterConditions(this.filter, values, (parameter) => `finding_codes ? ${parameter}`).map((condition) => ` AND ${condition}`).join('');
  }

  /** Rows that have every term, or the whole search as one key; a key that is the very one counts more than any rank. */
  #hits(asked: Asked, values: unknown[]): string {
    const { query: { terms, whole: search }, corrections } = asked;
    const parameter = (query: string): string => `$${values.push(query)}::text::tsquery`;
    const wanted = parameter(any([all(terms.map((term) => termQuery(term, corrections))), keyBegun(search)]));
    const keys = [...new Set([search, ...terms.map(({ key }) => key)])].map((key) => `(document @@ ${parameter(isKey(key))})::int`);
    const ranks = ranked(asked).map((query) => `ts_rank(${RANKING}, document, ${parameter(query)}, ${NORMALISATION})`);
    const score = `round((${[...keys, ...ranks].join(' + ')})::numeric, ${SCORE_DIGITS})`;
    return `SELECT *, ${score} AS score FROM ${this.#table} WHERE document @@ ${wanted}${this.#filters(values)}`;
  }
}

/** Rows behind the last one in the order of the result. */
function beyondOf([score, day, id]: HitKeys, values: unknown[]): string {
  const [s, d, i] = [`$${values.push(score)}::numeric`, `$${values.push(day)}::text`, `$${values.push(id)}::uuid`];
  return `score < ${s} OR (score = ${s} AND (${DAY} < ${d} OR (${DAY} = ${d} AND id > ${i})))`;
}
