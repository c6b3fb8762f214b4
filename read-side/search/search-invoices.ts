import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { selectList } from '#contracts/read-models/tables/table.js';
import type { FacetName, InvoiceFilter, SearchHit, SearchResult } from '#contracts/queries.js';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { readCursor, writeCursor } from '../cursor.js';
import { filterConditions } from '../queries/conditions.js';
import type { ReadView, TextRow } from '../view.js';
import { keyPrefixQuery, keyQuery, parseSearch, prefixQuery, resembles, SHORTEST_TYPO, type SearchQuery } from './search-query.js';

export const INVOICE_SEARCH = 'invoice-search';

export interface SearchRequest {
  readonly text: string;
  readonly filter: InvoiceFilter;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Candidates of the search with typing errors, looked at one by one. */
const MAX_RESEMBLING = 500;
const MAX_ISSUERS = 10;
const FACETS: readonly FacetName[] = ['status', 'format', 'currency', 'issuer', 'year'];
const SCORE_DIGITS = 6;

interface Found {
  readonly row: InvoiceSearchRow;
  /** Decimal text, so that a cursor carries it exactly. */
  readonly score: string;
  readonly headline: string;
}

interface Answer {
  readonly hits: readonly Found[];
  readonly total: number;
  readonly facets: SearchResult['facets'];
}

/** Exact first; only when nothing is found, words are allowed to be one letter off. */
export async function searchInvoices(view: ReadView, request: SearchRequest): Promise<SearchResult> {
  const query = parseSearch(request.text);
  if (query.words.length === 0) return { items: [], total: 0, facets: emptyFacets() };
  const exact = await searchExactly(view, query, request);
  const answer = exact.total > 0 || !query.words.some((word) => word.length >= SHORTEST_TYPO) ? exact : await searchResembling(view, query, request);
  const identity = { search: request.text, filter: request.filter };
  const page = answer.hits.slice(0, request.limit);
  const last = page.at(-1);
  const more = answer.hits.length > request.limit && last;
  return { items: page.map(toHit), total: answer.total, facets: answer.facets, ...(more && { next: writeCursor(identity, keysOf(last)) }) };
}

const keysOf = ({ score, row }: Found): string[] => [score, row.issuanceDay ?? '', row.id];

/** Better first, then newer, then by id: the same order on every shard and in every merge. */
function compareFound(left: Found, right: Found): number {
  const byScore = Number(right.score) - Number(left.score);
  if (byScore !== 0) return byScore;
  const [leftDay, rightDay] = [left.row.issuanceDay ?? '', right.row.issuanceDay ?? ''];
  if (leftDay !== rightDay) return leftDay < rightDay ? 1 : -1;
  return left.row.id < right.row.id ? -1 : 1;
}

/** SQL of "matches the query" and of its score; every user text is a parameter. */
function matching({ words, key }: SearchQuery, schema: string, values: unknown[]): { tsquery: string; score: string } {
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const perWord = words.map((word) => `(${parameter(prefixQuery(word))}::tsquery || plainto_tsquery('${schema}.folio_spanish', ${parameter(word)}))`);
  const tsquery = `((${perWord.join(' && ')}) || ${parameter(keyPrefixQuery(key))}::tsquery)`;
  const score = `round((ts_rank('{0.1, 0.2, 0.6, 1.0}', document, query.q) + CASE WHEN document @@ ${parameter(keyQuery(key))}::tsquery THEN 10 ELSE 0 END)::numeric, ${SCORE_DIGITS})`;
  return { tsquery, score };
}

async function searchExactly(view: ReadView, query: SearchQuery, { text, filter, limit, cursor }: SearchRequest): Promise<Answer> {
  const schema = view.schemaOf(INVOICE_SEARCH);
  const values: unknown[] = [];
  const { tsquery, score } = matching(query, schema, values);
  const conditions = ['document @@ query.q', ...filterConditions(filter, values, (parameter) => `finding_codes ? ${parameter}`)];
  const hits = `SELECT *, ${score} AS score FROM ${schema}.invoice, (SELECT ${tsquery} AS q) AS query WHERE ${conditions.join(' AND ')}`;
  const [rows, facets] = await Promise.all([view.all(pageSql(schema, hits, cursor, { search: text, filter }, values, limit), values), view.all(facetSql(hits), values.slice(0, cursor === undefined ? values.length : -3))]);
  const found = rows.flat().map(toFound).sort(compareFound);
  const { total, facets: counted } = sumFacets(facets.flat());
  return { hits: found, total, facets: counted };
}

/** Appends the cursor's keys to the parameters, after those that the facets share. */
function pageSql(schema: string, hits: string, cursor: string | undefined, identity: unknown, values: unknown[], limit: number): string {
  let after = '';
  if (cursor !== undefined) {
    values.push(...readCursor(cursor, identity, 3).keys);
    const [score, day, id] = [values.length - 2, values.length - 1, values.length];
    after = `WHERE (score < $${score}::numeric) OR (score = $${score}::numeric AND coalesce(issuance_day, '') < $${day}) OR (score = $${score}::numeric AND coalesce(issuance_day, '') = $${day} AND id > $${id}::uuid)`;
  }
  const options = `'StartSel=' || chr(1) || ', StopSel=' || chr(2) || ', MaxFragments=2, MaxWords=14, MinWords=4, FragmentDelimiter=' || chr(3)`;
  return `WITH hit AS (${hits}), page AS (SELECT * FROM hit ${after} ORDER BY score DESC, coalesce(issuance_day, '') DESC, id LIMIT ${limit + 1})
    SELECT score, ts_headline('${schema}.folio_spanish', names || E'\\n' || description_text, q, ${options}), ${selectList(INVOICE_SEARCH_TABLE)} FROM page`;
}

const facetSql = (hits: string): string => `WITH hit AS (${hits})
  SELECT facet, value, count(*) FROM hit CROSS JOIN LATERAL (VALUES ('total', ''), ('status', status), ('format', format), ('currency', currency), ('issuer', issuer_id), ('year', left(issuance_day, 4))) AS f(facet, value)
  WHERE value IS NOT NULL GROUP BY facet, value`;

const toFound = ([score, headline, ...columns]: TextRow): Found => ({ score: score ?? '0', headline: headline ?? '', row: INVOICE_SEARCH_TABLE.parse(columns) });

const emptyFacets = (): SearchResult['facets'] => ({ status: [], format: [], currency: [], issuer: [], year: [] });

/** Adds up what the shards counted. */
function sumFacets(rows: readonly TextRow[]): { total: number; facets: SearchResult['facets'] } {
  const counts = new Map<string, Map<string, number>>();
  for (const [facet, value, count] of rows) {
    const values = counts.get(facet ?? '') ?? new Map<string, number>();
    counts.set(facet ?? '', values.set(value ?? '', (values.get(value ?? '') ?? 0) + Number(count)));
  }
  const facets = Object.fromEntries(FACETS.map((name) => [name, ranked(counts.get(name), name)])) as SearchResult['facets'];
  return { total: counts.get('total')?.get('') ?? 0, facets };
}

function ranked(values: ReadonlyMap<string, number> | undefined, name: FacetName): readonly { value: string; count: number }[] {
  const list = [...(values ?? [])].map(([value, count]) => ({ value, count })).sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1));
  return name === 'issuer' ? list.slice(0, MAX_ISSUERS) : list;
}

/** Trigram candidates from the index, then each looked at: every word must be there, or one letter away. */
async function searchResembling(view: ReadView, { words }: SearchQuery, { text, filter, cursor }: SearchRequest): Promise<Answer> {
  const values: unknown[] = [words.filter((word) => word.length >= SHORTEST_TYPO)];
  const conditions = filterConditions(filter, values, (parameter) => `finding_codes ? ${parameter}`);
  const sql = `SELECT (SELECT round(avg(word_similarity(wanted, words))::numeric, ${SCORE_DIGITS}) FROM unnest($1::text[]) AS wanted) AS score, words, ${selectList(INVOICE_SEARCH_TABLE)}
    FROM ${view.schemaOf(INVOICE_SEARCH)}.invoice WHERE words %> ANY($1::text[]) ${conditions.map((condition) => `AND ${condition}`).join(' ')} ORDER BY score DESC, id LIMIT ${MAX_RESEMBLING}`;
  const rows = (await view.all(sql, values, RESEMBLING)).flat();
  const all = rows.map(toFound).filter(({ headline }) => resembles(words, headline)).map((found) => ({ ...found, headline: '' })).sort(compareFound);
  const after = cursor === undefined ? undefined : readCursor(cursor, { search: text, filter }, 3).keys;
  const start = after === undefined ? 0 : all.findIndex((found) => keysOf(found).every((key, index) => key === after[index])) + 1;
  const facets = sumFacets(all.flatMap(({ row }) => facetRows(row)));
  return { hits: all.slice(start), total: all.length, facets: facets.facets };
}

/** Loose enough for one letter in a short word; the rest is decided word by word. */
const RESEMBLING = { 'pg_trgm.word_similarity_threshold': '0.3' } as const;

const facetRows = (row: InvoiceSearchRow): TextRow[] => [
  ['status', row.status, '1'], ...(row.format === null ? [] : [['format', row.format, '1']]), ...(row.currency === null ? [] : [['currency', row.currency, '1']]),
  ...(row.issuer.id === undefined ? [] : [['issuer', row.issuer.id, '1']]), ...(row.issuanceDay === null ? [] : [['year', row.issuanceDay.slice(0, 4), '1']]),
];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '\u0001': '<mark>', '\u0002': '</mark>' };

/** Everything is escaped but the marks, which the database could only write as control characters. */
const highlights = (headline: string): readonly string[] =>
  headline.split('\u0003').filter((fragment) => fragment.includes('\u0001')).map((fragment) => Array.from(fragment.trim(), (character) => ESCAPES[character] ?? character).join(''));

function toHit({ row, score, headline }: Found): SearchHit {
  const { id, status, uuid, series, number, issuer, receiver, currency, total, issuanceDay } = row;
  return { invoice: { id, status, uuid, series, number, issuer, receiver, currency, total, issuanceDay }, score: Number(score), highlights: highlights(headline) };
}
