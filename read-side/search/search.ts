import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import type { FacetName, InvoiceFilter, SearchHit, SearchResult } from '#contracts/queries.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { KEY_FORMS, readCursor, writeCursor } from '../cursor.js';
import type { ReadView, TextRow } from '../view.js';
import { highlightsOf } from './highlight.js';
import { formsOf, parseSearch, type SearchQuery } from './search-query.js';
import { SearchSql, type Corrections, type HitKeys } from './search-sql.js';
import { correctionsOf, isCorrectable, TYPO_LIMITS, type IndexedWord } from './typos.js';

export const INVOICE_SEARCH = 'invoice-search';

export interface SearchRequest {
  readonly text: string;
  readonly filter: InvoiceFilter;
  readonly limit: number;
  readonly cursor: string | undefined;
}

const MAX_ISSUERS = 10;
const FACETS: readonly FacetName[] = ['status', 'format', 'currency', 'issuer', 'year'];
const NO_CORRECTIONS: Corrections = {};

/**
 * Full-text search over all shards: hits best first (then newest, then by id), facets and number over the whole result. Words that no
 * invoice has are read as typing errors of words that some have; later pages keep the reading of the first.
 */
export async function searchInvoices(view: ReadView, request: SearchRequest): Promise<SearchResult> {
  const query = parseSearch(request.text);
  const cursor = request.cursor === undefined ? undefined : readPlace(request.cursor, request);
  if (query.terms.length === 0) return { items: [], total: 0, facets: sumFacets([]).facets };
  if (cursor) return answer(view, request, query, cursor.corrections, cursor.after);
  const asWritten = await answer(view, request, query, NO_CORRECTIONS, undefined);
  if (asWritten.total > 0) return asWritten;
  const corrections = await correct(view, request, query);
  return corrections ? answer(view, request, query, corrections, undefined) : asWritten;
}

interface Place {
  readonly after: HitKeys;
  readonly corrections: Corrections;
}

const identityOf = ({ text, filter }: SearchRequest): unknown => ({ search: text, filter });

function readPlace(cursor: string, request: SearchRequest): Place {
  const { score, day, uuid } = KEY_FORMS;
  const [first = '', second = '', third = '', corrections = '{}'] = readCursor(cursor, identityOf(request), [score, day, uuid, isCorrections]).keys;
  return { after: [first, second, third], corrections: JSON.parse(corrections) as Corrections };
}

const WORD = /^[\p{L}\p{N}]{1,60}$/u;

/** A cursor is only as trustworthy as its bearer. */
function isCorrections(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const lists: readonly unknown[] = Object.values(value);
    const isList = (list: unknown): boolean =>
      Array.isArray(list) && list.length > 0 && list.length <= TYPO_LIMITS.maxCorrections && list.every((word) => typeof word === 'string' && WORD.test(word));
    return lists.length <= TYPO_LIMITS.maxWords && lists.every(isList);
  } catch {
    return false;
  }
}

interface Hit {
  readonly row: InvoiceSearchRow;
  /** Decimal text, so that a cursor carries it exactly. */
  readonly score: string;
  readonly stems: readonly string[];
}

async function answer(view: ReadView, request: SearchRequest, query: SearchQuery, corrections: Corrections, after: HitKeys | undefined): Promise<SearchResult> {
  const sql = new SearchSql(view.schemaOf(INVOICE_SEARCH), query, request.filter, corrections);
  const [page, counts] = [sql.page(request.limit + 1, after), sql.facets()];
  const [shards, counted] = await Promise.all([view.all(page.text, page.values), view.all(counts.text, counts.values)]);
  const hits = shards.flat().map(toHit).sort(compareHits);
  const items = hits.slice(0, request.limit);
  const last = hits.length > request.limit ? items.at(-1) : undefined;
  const next = last && writeCursor(identityOf(request), [...keysOf(last), JSON.stringify(corrections)]);
  const words = query.terms.flatMap((term) => term.words.flatMap((word) => corrections[word] ?? formsOf(word)));
  const keys = [...query.terms.map(({ key }) => key), query.whole].filter((key) => key.length > 1);
  const found = items.map((hit) => publicHit(hit, words, keys));
  return { items: found, ...sumFacets(counted.flat()), ...(next !== undefined && { next }) };
}

const toHit = ([score, stems, ...columns]: TextRow): Hit => ({ score: score ?? '0', stems: JSON.parse(stems ?? '[]') as readonly string[], row: INVOICE_SEARCH_TABLE.parse(columns) });

const keysOf = ({ score, row }: Hit): HitKeys => [score, row.issuanceDay ?? '', row.id];

/** The order of the statement: the same on every shard and in the merge. */
function compareHits(left: Hit, right: Hit): number {
  const [leftDay, rightDay] = [left.row.issuanceDay ?? '', right.row.issuanceDay ?? ''];
  if (left.score !== right.score) return Number(right.score) - Number(left.score);
  if (leftDay !== rightDay) return leftDay < rightDay ? 1 : -1;
  return left.row.id < right.row.id ? -1 : 1;
}

function publicHit({ row, score, stems }: Hit, words: readonly string[], keys: readonly string[]): SearchHit {
  const { id, status, uuid, series, number, issuer, receiver, currency, total, issuanceDay } = row;
  const bare = stems.map((stem) => stem.replaceAll(`'`, '')).filter((stem) => stem.length > 2);
  return { invoice: { id, status, uuid, series, number, issuer, receiver, currency, total, issuanceDay }, score: Number(score), highlights: highlightsOf(row, { words, stems: bare, keys }) };
}

/** Adds up what the shards counted: most frequent value first. */
function sumFacets(rows: readonly TextRow[]): Pick<SearchResult, 'total' | 'facets'> {
  const sums: Record<FacetName | 'total', Map<string, number>> = { total: new Map(), status: new Map(), format: new Map(), currency: new Map(), issuer: new Map(), year: new Map() };
  for (const [facet, value, count] of rows) {
    const sum = sums[facet as FacetName | 'total'];
    sum.set(value ?? '', (sum.get(value ?? '') ?? 0) + Number(count));
  }
  const ranked = (name: FacetName): SearchResult['facets'][FacetName] =>
    [...sums[name]].map(([value, count]) => ({ value, count })).sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
  const facets = Object.fromEntries(FACETS.map((name) => [name, name === 'issuer' ? ranked(name).slice(0, MAX_ISSUERS) : ranked(name)])) as SearchResult['facets'];
  return { total: sums.total.get('') ?? 0, facets };
}

/** What the words that nothing has may have meant; undefined when one of them cannot be corrected: then nothing has all of them. */
async function correct(view: ReadView, { filter }: SearchRequest, query: SearchQuery): Promise<Corrections | undefined> {
  const sql = new SearchSql(view.schemaOf(INVOICE_SEARCH), query, filter, NO_CORRECTIONS);
  const words = [...new Set(query.terms.flatMap((term) => term.words))];
  const presence = sql.presence(words);
  const shards = (await view.all(presence.text, presence.values)).flat();
  const unknown = words.filter((_, index) => !shards.some((row) => row[index] === 'true'));
  if (unknown.length === 0 || unknown.length > TYPO_LIMITS.maxWords || !unknown.every(isCorrectable)) return undefined;
  const corrected = await Promise.all(unknown.map(async (word) => [word, correctionsOf(word, await indexedWords(view, sql, word))] as const));
  return corrected.every(([, meant]) => meant.length > 0) ? Object.fromEntries(corrected) : undefined;
}

async function indexedWords(view: ReadView, sql: SearchSql, word: string): Promise<readonly IndexedWord[]> {
  const resembling = sql.resembling(word);
  const rows = new Map<string, number>();
  for (const [indexed, count] of (await view.all(resembling.text, resembling.values)).flat()) rows.set(indexed ?? '', (rows.get(indexed ?? '') ?? 0) + Number(count));
  return [...rows].map(([indexed, count]) => ({ word: indexed, rows: count }));
}
