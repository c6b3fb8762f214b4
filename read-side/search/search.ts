import type { FacetName, SearchHit, SearchResult } from '#contracts/queries.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { KEY_FORMS, readCursor, writeCursor, type KeyForm } from '../cursor.js';
import { highlightsOf } from './highlight.js';
import type { SearchRequest } from './port.js';
import { formsOf, parseSearch, stemsOf, type SearchQuery } from './search-query.js';
import { correctionsOf, isCorrectable, TYPO_LIMITS, type IndexedWord } from './typos.js';

/** What stands for a misspelt word. */
export type Corrections = Readonly<Record<string, readonly string[]>>;

/** Sort keys of the last hit of the page before: score, day (empty without one), id. */
export type HitKeys = readonly [score: string, day: string, id: string];

/** A search as an engine is asked it: terms, and what is meant by those that nothing has. */
export interface Asked {
  readonly query: SearchQuery;
  readonly corrections: Corrections;
}

export interface FoundRow {
  readonly row: InvoiceSearchRow;
  /** Decimal text, so that a cursor carries it exactly. */
  readonly score: string;
}

/** Where a page begins: behind a hit, and with what the engine keeps in the cursor for itself. */
export interface Place {
  readonly after: HitKeys;
  readonly held: readonly string[];
}

export interface FoundPage extends Pick<SearchResult, 'total' | 'facets'> {
  /** In order; one more than a page has, when there are more. */
  readonly rows: readonly FoundRow[];
  readonly held: readonly string[];
}

/** What an engine must answer about the invoices that pass the request's filter, so that `runSearch` makes the same of it for every engine. */
export interface SearchSource {
  /** Forms of what it keeps in a cursor. */
  readonly heldForms: readonly KeyForm[];
  page(asked: Asked, limit: number, place: Place | undefined): Promise<FoundPage>;
  /** Those of the words that no invoice has. */
  unknown(words: readonly string[]): Promise<readonly string[]>;
  /** Words of the index that resemble it, with the number of invoices (or of a sample of them) that have each. */
  resembling(word: string): Promise<readonly IndexedWord[]>;
}

export const MAX_ISSUERS = 10;
export const FACETS: readonly FacetName[] = ['status', 'format', 'currency', 'issuer', 'year'];
export const NO_FACETS: SearchResult['facets'] = { status: [], format: [], currency: [], issuer: [], year: [] };
const NO_CORRECTIONS: Corrections = {};

/** Every word that counts for the rank, corrections in place of what they correct. */
export const alternativesOf = ({ query: { terms }, corrections }: Asked): readonly string[] => terms.flatMap(({ words }) => words.flatMap((word) => corrections[word] ?? [word]));

/**
 * Full-text search: hits best first (then newest, then by id), facets and number over the whole result. Words that no invoice has are read as
 * typing errors of words that some have; later pages keep the reading of the first.
 */
export async function runSearch(source: SearchSource, request: SearchRequest): Promise<SearchResult> {
  const query = parseSearch(request.text);
  const cursor = request.cursor === undefined ? undefined : readPlace(request.cursor, request, source.heldForms);
  if (query.terms.length === 0) return { items: [], total: 0, facets: NO_FACETS };
  if (cursor) return answer(source, request, { query, corrections: cursor.corrections }, cursor);
  const asWritten = await answer(source, request, { query, corrections: NO_CORRECTIONS }, undefined);
  if (asWritten.total > 0) return asWritten;
  const corrections = await correct(source, query);
  return corrections ? answer(source, request, { query, corrections }, undefined) : asWritten;
}

const identityOf = ({ text, filter }: SearchRequest): unknown => ({ search: text, filter });

function readPlace(cursor: string, request: SearchRequest, heldForms: readonly KeyForm[]): Place & { readonly corrections: Corrections } {
  const { score, day, uuid } = KEY_FORMS;
  const [first = '', second = '', third = '', corrections = '{}', ...held] = readCursor(cursor, identityOf(request), [score, day, uuid, isCorrections, ...heldForms]).keys;
  return { after: [first, second, third], corrections: JSON.parse(corrections) as Corrections, held };
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

async function answer(source: SearchSource, request: SearchRequest, asked: Asked, place: Place | undefined): Promise<SearchResult> {
  const { query, corrections } = asked;
  const { rows, total, facets, held } = await source.page(asked, request.limit + 1, place);
  const found = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? found.at(-1) : undefined;
  const next = last && writeCursor(identityOf(request), [...keysOf(last), JSON.stringify(corrections), ...held]);
  const words = query.terms.flatMap((term) => term.words.flatMap((word) => corrections[word] ?? formsOf(word)));
  const keys = [...query.terms.map(({ key }) => key), query.whole].filter((key) => key.length > 1);
  const marks = { words, keys, stems: stemsOf(alternativesOf(asked)).filter((stem) => stem.length > 2) };
  return { items: found.map((hit) => publicHit(hit, highlightsOf(hit.row, marks))), total, facets, ...(next !== undefined && { next }) };
}

const keysOf = ({ score, row }: FoundRow): HitKeys => [score, row.issuanceDay ?? '', row.id];

/** The order of every engine: the same in each part of it and in the merge. */
export function compareHits(left: FoundRow, right: FoundRow): number {
  const [leftDay, rightDay] = [left.row.issuanceDay ?? '', right.row.issuanceDay ?? ''];
  if (left.score !== right.score) return Number(right.score) - Number(left.score);
  if (leftDay !== rightDay) return leftDay < rightDay ? 1 : -1;
  return left.row.id < right.row.id ? -1 : 1;
}

function publicHit({ row, score }: FoundRow, highlights: readonly string[]): SearchHit {
  const { id, status, uuid, series, number, issuer, receiver, currency, total, issuanceDay } = row;
  return { invoice: { id, status, uuid, series, number, issuer, receiver, currency, total, issuanceDay }, score: Number(score), highlights };
}

/** What the words that nothing has may have meant; undefined when one of them cannot be corrected: then nothing has all of them. */
async function correct(source: SearchSource, query: SearchQuery): Promise<Corrections | undefined> {
  const unknown = await source.unknown([...new Set(query.terms.flatMap((term) => term.words))]);
  if (unknown.length === 0 || unknown.length > TYPO_LIMITS.maxWords || !unknown.every(isCorrectable)) return undefined;
  const corrected = await Promise.all(unknown.map(async (word) => [word, correctionsOf(word, await source.resembling(word))] as const));
  return corrected.every(([, meant]) => meant.length > 0) ? Object.fromEntries(corrected) : undefined;
}
