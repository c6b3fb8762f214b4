import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import type { InvoiceFilter } from '#contracts/queries.js';
import { filterConditions } from '../queries/conditions.js';
import { alternativesOf, type Corrections, type HitKeys } from './search.js';
import { formsOf, isAbbreviation, withDots, type SearchQuery, type SearchTerm } from './search-query.js';
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

/** A lexeme of a tsquery; words and keys hold letters and digits only, so nothing in them can be an operator. */
const lexeme = (word: string, suffix = ''): string => `'${word}'${suffix}`;

/** Statements of one search; user text is in the values only. */
export class SearchSql {
  readonly #table: string;
  readonly #schema: string;

  constructor(schema: string, private readonly query: SearchQuery, private readonly filter: InvoiceFilter, private readonly corrections: Corrections) {
    this.#schema = schema;
    this.#table = `${schema}.invoice`;
  }

  /** `score, stems (JSON), row…` of one page, best first. */
  page(limit: number, after: HitKeys | undefined): Statement {
    const values: unknown[] = [];
    const hits = this.#hits(values);
    const stems = alternativesOf({ query: this.query, corrections: this.corrections }).map((word) => `plainto_tsquery('${this.#schema}.folio_spanish', $${values.push(word)})::text`);
    const beyond = after ? `WHERE ${beyondOf(after, values)}` : '';
    const text = `WITH hit AS (${hits}) SELECT score::text, to_json(ARRAY[${stems.join(', ')}])::text, ${selectList(INVOICE_SEARCH_TABLE)} FROM hit ${beyond}
      ORDER BY score DESC, ${DAY} DESC, id LIMIT ${limit}`;
    return { text, values };
  }

  /** `facet, value, count` over the whole result; the facet `total` counts all. */
  facets(): Statement {
    const values: unknown[] = [];
    const text = `WITH hit AS (${this.#hits(values)}) SELECT facet, value, count(*)::text FROM hit CROSS JOIN LATERAL
      (VALUES ('total', ''), ('status', status), ('format', format), ('currency', currency), ('issuer', issuer_id), ('year', left(issuance_day, 4))) AS f(facet, value)
      WHERE value IS NOT NULL GROUP BY facet, value`;
    return { text, values };
  }

  /** One row with one `true` or `false` per word: whether any row that passes the filter has it. */
  presence(words: readonly string[]): Statement {
    const values: unknown[] = [];
    const conditions = this.#filters(values);
    const exists = words.map((word) => `EXISTS (SELECT FROM ${this.#table} WHERE document @@ (${this.#word(word, values)})${conditions})::text`);
    return { text: `SELECT ${exists.join(', ')}`, values };
  }

  /** `word, rows` of the index that are, or begin with, a word one letter away from the misspelt one. */
  resembling(word: string): Statement {
    const variants = [...variantsOf(word)];
    const isPrefix = word.length >= TYPO_LIMITS.shortestPrefix;
    const values: unknown[] = [variants.map((variant) => lexeme(variant, isPrefix ? ':*' : '')).join(' | '), variants];
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
  #hits(values: unknown[]): string {
    const { terms, whole } = this.query;
    const all = terms.map((term) => this.#term(term, values));
    const wholeKey = `$${values.push(lexeme(whole, ':*A'))}::text::tsquery`;
    const keys = [...new Set([whole, ...terms.map(({ key }) => key)])].map((key) => `(document @@ $${values.push(lexeme(key, ':A'))}::text::tsquery)::int`);
    const ranks = [this.#beginnings(values), this.#wholeWords(values)].map((ranked) => `ts_rank(${RANKING}, document, ${ranked}, ${NORMALISATION})`);
    const score = `round((${[...keys, ...ranks].join(' + ')})::numeric, ${SCORE_DIGITS})`;
    return `SELECT *, ${score} AS score FROM ${this.#table}, (SELECT (${all.join(' && ')}) || ${wholeKey} AS wanted) AS search
      WHERE document @@ wanted${this.#filters(values)}`;
  }

  /** A term is found by its key, or by all of its words. */
  #term({ key, words }: SearchTerm, values: unknown[]): string {
    const found = words.map((word) => `(${this.#wordsFor(word).map((alternative) => this.#word(alternative, values)).join(' || ')})`).join(' && ');
    const dotted = isAbbreviation({ key, words }) ? this.#dotted(key, values) : [];
    return words.length === 1 ? found : `(${[`(${found})`, `$${values.push(lexeme(key, ':*A'))}::text::tsquery`, ...dotted].join(' || ')})`;
  }

  /** A word is found as the beginning of one (a single letter: as a word of its own), with the database's own folding, and by its Spanish stem. */
  #word(word: string, values: unknown[]): string {
    const forms = formsOf(word).map((form) => `plainto_tsquery('${this.#schema}.folio_spanish', $${values.push(form)})`);
    return [...this.#begun(lexeme(word, word.length > 1 ? ':*' : ''), values), ...forms, ...this.#dotted(word, values)].join(' || ');
  }

  /** The database's parser keeps `S.A.` as one word with a dot in it. */
  #dotted(word: string, values: unknown[]): readonly string[] {
    const dotted = withDots(word);
    return dotted === undefined ? [] : [`$${values.push(lexeme(dotted, ':*'))}::text::tsquery`];
  }

  #begun(query: string, values: unknown[]): readonly string[] {
    const asWritten = `$${values.push(query)}::text`;
    return [`${asWritten}::tsquery`, `to_tsquery('${this.#schema}.folio_simple', ${asWritten})`];
  }

  /** Both ranks are asked for apart: of the same word once as a beginning and once whole, `ts_rank` looks at one only. */
  #beginnings(values: unknown[]): string {
    return `(${alternativesOf({ query: this.query, corrections: this.corrections }).flatMap((word) => this.#begun(lexeme(word, ':*'), values)).join(' || ')})`;
  }

  #wholeWords(values: unknown[]): string {
    const whole = (word: string): readonly string[] => [...this.#begun(lexeme(word), values), `plainto_tsquery('${this.#schema}.folio_spanish', $${values.push(word)})`];
    return `(${alternativesOf({ query: this.query, corrections: this.corrections }).flatMap((word) => formsOf(word).flatMap(whole)).join(' || ')})`;
  }

  #wordsFor(word: string): readonly string[] {
    return this.corrections[word] ?? [word];
  }
}

/** Rows behind the last one in the order of the result. */
function beyondOf([score, day, id]: HitKeys, values: unknown[]): string {
  const [s, d, i] = [`$${values.push(score)}::numeric`, `$${values.push(day)}::text`, `$${values.push(id)}::uuid`];
  return `score < ${s} OR (score = ${s} AND (${DAY} < ${d} OR (${DAY} = ${d} AND id > ${i})))`;
}
