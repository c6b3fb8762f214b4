import { amountOrder } from '#contracts/read-models/search-document.js';
import type { InvoiceFilter } from '#contracts/queries.js';
import { alternativesOf, type Asked, type HitKeys } from './search.js';
import { formsOf, hasOwnKey, readingsOf, type SearchTerm } from './search-query.js';
import { TYPO_LIMITS, variantsOf } from './typos.js';

/** A clause of the engine's query language. Text of strangers stands in values only, never in names of fields; there are no scripts. */
export type Clause = Readonly<Record<string, unknown>>;

const KEYS = 'search.keys';
const WORDS = 'search.words';

/** Weights as in the table: A (keys) 1.0, B (names) 0.6, C (descriptions) 0.2, here as whole numbers so that sums of them are exact in any order. */
const UNIT = 5;
const WEIGHTS = { keys: 5, names: 3, text: 1 } as const;
const TEXTS = ['names', 'text'] as const;
/** Limit of Σ 1/n², by which Postgres divides what one word can add. */
const MOST_OF_A_WORD = Math.PI ** 2 / 6;

const any = (clauses: readonly Clause[]): Clause => ({ bool: { should: clauses, minimum_should_match: 1 } });
const all = (clauses: readonly Clause[]): Clause => ({ bool: { filter: clauses } });
const worth = (points: number, filter: Clause): Clause => ({ constant_score: { filter, boost: points } });

const keyBegins = (key: string): Clause => ({ prefix: { [KEYS]: { value: key } } });
const keyIs = (key: string): Clause => ({ term: { [KEYS]: { value: key } } });
const wordBegins = (field: (typeof TEXTS)[number], word: string): Clause => ({ match_bool_prefix: { [`search.${field}`]: { query: word } } });
const wordIs = (field: (typeof TEXTS)[number], word: string): Clause => ({ match: { [`search.${field}`]: { query: word } } });
/** The field's own analyzer makes the stem of the word. */
const stemIs = (field: (typeof TEXTS)[number], word: string): Clause => ({ match: { [`search.${field}.stems`]: { query: word } } });

const stemBegins = (field: (typeof TEXTS)[number], word: string): Clause => ({ prefix: { [`search.${field}.stems`]: { value: word } } });

/** A word is found as the beginning of one (a single letter: as a word of its own), and by its Spanish stem. */
function wordClause(word: string): Clause {
  const isLetter = word.length === 1;
  const written = [isLetter ? keyIs(word) : keyBegins(word), ...TEXTS.map((field) => (isLetter ? wordIs(field, word) : wordBegins(field, word)))];
  return any([...written, ...formsOf(word).flatMap((form) => TEXTS.map((field) => stemIs(field, form)))]);
}

/** A term is found by all of its words, or by its key, as in the table. */
function termClause(term: SearchTerm, { corrections }: Pick<Asked, 'corrections'>): Clause {
  const found = readingsOf(term).map((words) => all(words.map((word) => any((corrections[word] ?? [word]).map(wordClause)))));
  return any(hasOwnKey(term) ? [...found, keyBegins(term.key)] : found);
}

/** Invoices that have every term, or the whole search as one key. */
const matching = (asked: Asked): Clause => any([all(asked.query.terms.map((term) => termClause(term, asked))), keyBegins(asked.query.whole)]);

/** One word in several places: the best place counts, of the others a quarter each (1/n² with n = 2, which is what most have). */
const best = (places: Partial<Record<keyof typeof WEIGHTS, Clause>>): Clause =>
  ({ dis_max: { tie_breaker: 0.25, queries: Object.entries(places).map(([place, clause]) => worth(WEIGHTS[place as keyof typeof WEIGHTS], clause)) } });

/** Points of the clauses, divided by their number and by the length of the document: a short text that has the word tells more. */
const ranked = (clauses: readonly Clause[], operands: number): Clause => ({
  function_score: { query: { bool: { should: clauses } }, field_value_factor: { field: 'search.brevity', factor: 1 / (UNIT * MOST_OF_A_WORD * operands), missing: 1 }, boost_mode: 'multiply' },
});

/**
 * An explicit score instead of the engine's statistics, so that the order is that of the table and the same on every copy: 1 for each key that is
 * the very one, and two ranks like the table's, of the words as beginnings and of the words whole.
 */
function scoring(asked: Asked): readonly Clause[] {
  const { query } = asked;
  const words = alternativesOf(asked);
  const forms = words.flatMap(formsOf);
  const exact = [...new Set([query.whole, ...query.terms.map(({ key }) => key)])].map((key) => worth(1, keyIs(key)));
  const beginnings = words.flatMap((word) => [best({ keys: keyBegins(word), names: wordBegins('names', word), text: wordBegins('text', word) }), best({ names: stemBegins('names', word), text: stemBegins('text', word) })]);
  const whole = forms.flatMap((word) => [best({ keys: keyIs(word), names: wordIs('names', word), text: wordIs('text', word) }), best({ names: stemIs('names', word), text: stemIs('text', word) })]);
  return [...exact, ranked(beginnings, words.length), ranked(whole, forms.length * 2)];
}

/** The filter of a request; the same columns as `filterConditions`. */
export function filterClauses(filter: InvoiceFilter): readonly Clause[] {
  const clauses: Clause[] = [];
  const add = <Value>(value: Value | undefined, clause: (value: Value) => Clause): void => {
    if (value !== undefined) clauses.push(clause(value));
  };
  const is = (field: string) => (value: string): Clause => ({ term: { [field]: { value } } });
  add(filter.status, is('status'));
  add(filter.issuer, is('issuer.id'));
  add(filter.receiver, is('receiver.id'));
  add(filter.from, (day) => ({ range: { issuanceDay: { gte: day } } }));
  add(filter.to, (day) => ({ range: { issuanceDay: { lte: day } } }));
  add(filter.minTotal, (amount) => ({ range: { 'search.total': { gte: amountOrder(amount) } } }));
  add(filter.maxTotal, (amount) => ({ range: { 'search.total': { lte: amountOrder(amount) } } }));
  add(filter.currency, is('currency'));
  add(filter.documentType, is('documentType'));
  add(filter.format, is('format'));
  add(filter.code, is('findingCodes'));
  add(filter.uuid, is('uuid'));
  return clauses;
}

const FACET_FIELDS = { status: 'status', format: 'format', currency: 'currency', issuer: 'issuer.id', year: 'search.year' } as const;
const MAX_FACET_VALUES = 1_000;
const facet = (field: string, size: number): Clause => ({ terms: { field, size, shard_size: MAX_FACET_VALUES, order: [{ _count: 'desc' }, { _key: 'asc' }] } });

/** One page with the facets of the whole result. */
export function pageBody(asked: Asked, filter: InvoiceFilter, limit: number, after: HitKeys | undefined, maxIssuers: number): Clause {
  return {
    size: limit, track_total_hits: true, _source: { excludes: ['search'] },
    query: { bool: { filter: [matching(asked), ...filterClauses(filter)], should: scoring(asked) } },
    sort: [{ _score: 'desc' }, { 'search.day': 'desc' }, { id: 'asc' }],
    ...(after && { search_after: [Number(after[0]), after[1], after[2]] }),
    aggs: Object.fromEntries(Object.entries(FACET_FIELDS).map(([name, field]) => [name, facet(field, name === 'issuer' ? maxIssuers : MAX_FACET_VALUES)])),
  };
}

/** How many invoices that pass the filter have each word, as buckets in the order of the words. */
export const presenceBody = (words: readonly string[], filter: InvoiceFilter): Clause => ({
  size: 0, track_total_hits: false, query: all(filterClauses(filter)), aggs: { words: { filters: { filters: words.map(wordClause) } } },
});

/** Longest regular expression that engines take is 1,000 characters. */
const MAX_PATTERN = 900;
const MAX_SAMPLED = 1_000;

/** Words that are, or (longer ones) begin with, a word one letter away from the misspelt one; counted in a sample. */
export function resemblingBody(word: string, filter: InvoiceFilter): Clause {
  const includes: readonly (string | readonly string[])[] = word.length >= TYPO_LIMITS.shortestPrefix ? patternsOf(word) : [[...variantsOf(word)]];
  const found = includes.map((include): Clause => (typeof include === 'string' ? { regexp: { [WORDS]: { value: include } } } : { terms: { [WORDS]: include } }));
  const counted = includes.map((include, index) => [`part${index}`, { terms: { field: WORDS, include, size: MAX_FACET_VALUES } }] as const);
  return {
    size: 0, track_total_hits: false, query: all([...filterClauses(filter), any(found)]),
    aggs: { sample: { sampler: { shard_size: MAX_SAMPLED }, aggs: Object.fromEntries(counted) } },
  };
}

/** The variants of `variantsOf` and what begins with them, as few expressions as the engine's limit allows. The word is of letters only: none of them means anything. */
export function patternsOf(word: string): readonly string[] {
  const letters = Array.from(word);
  const patterns: string[] = [];
  for (const part of [...letters.map((_, at) => variantsAt(letters, at)), `${word}[a-z]`]) {
    const last = patterns.at(-1);
    if (last !== undefined && last.length + part.length < MAX_PATTERN) patterns[patterns.length - 1] = `${last}|${part}`;
    else patterns.push(part);
  }
  return patterns.map((pattern) => `(${pattern}).*`);
}

/** Another letter, a letter more, a letter less, two letters swapped: at one place. */
function variantsAt(letters: readonly string[], at: number): string {
  const [before, after] = [letters.slice(0, at).join(''), letters.slice(at + 1).join('')];
  const [here, next] = [letters[at] ?? '', letters[at + 1]];
  const swapped = next === undefined ? '' : `|${next}${here}${letters.slice(at + 2).join('')}`;
  return `${before}([a-z]?${after}|[a-z]${here}${after}${swapped})`;
}
