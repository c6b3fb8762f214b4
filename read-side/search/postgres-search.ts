import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import type { FacetName, InvoiceFilter, SearchResult } from '#contracts/queries.js';
import type { ReadView, TextRow } from '../view.js';
import { INVOICE_SEARCH, type SearchEngine, type SearchRequest } from './port.js';
import { SearchSql } from './postgres-sql.js';
import { compareHits, FACETS, MAX_ISSUERS, runSearch, type Asked, type FoundPage, type FoundRow, type Place, type SearchSource } from './search.js';
import type { IndexedWord } from './typos.js';

/** Search in the read store itself: Postgres full text over all shards. What is written can be found at once. */
export class PostgresSearch implements SearchEngine {
  search(view: ReadView, request: SearchRequest): Promise<SearchResult> {
    return runSearch(new PostgresSource(view, request.filter), request);
  }

  async makeSearchable(): Promise<void> {
    // Rows and their words are one transaction.
  }
}

class PostgresSource implements SearchSource {
  readonly heldForms = [];

  constructor(private readonly view: ReadView, private readonly filter: InvoiceFilter) {}

  async page(asked: Asked, limit: number, place: Place | undefined): Promise<FoundPage> {
    const [page, counts] = [this.#sql.page(asked, limit, place?.after), this.#sql.facets(asked)];
    const [shards, counted] = await Promise.all([this.view.all(page.text, page.values), this.view.all(counts.text, counts.values)]);
    const found = shards.flat();
    return { rows: found.map(toFound).sort(compareHits).slice(0, limit), ...sumFacets(counted.flat()), held: [] };
  }

  async unknown(words: readonly string[]): Promise<readonly string[]> {
    const presence = this.#sql.presence(words);
    const shards = (await this.view.all(presence.text, presence.values)).flat();
    return words.filter((_, index) => !shards.some((row) => row[index] === 'true'));
  }

  async resembling(word: string): Promise<readonly IndexedWord[]> {
    const resembling = this.#sql.resembling(word);
    const rows = new Map<string, number>();
    for (const [indexed, count] of (await this.view.all(resembling.text, resembling.values)).flat()) rows.set(indexed ?? '', (rows.get(indexed ?? '') ?? 0) + Number(count));
    return [...rows].map(([indexed, count]) => ({ word: indexed, rows: count }));
  }

  get #sql(): SearchSql {
    return new SearchSql(this.view.schemaOf(INVOICE_SEARCH), this.filter);
  }
}

const toFound = ([score, ...columns]: TextRow): FoundRow => ({ score: score ?? '0', row: INVOICE_SEARCH_TABLE.parse(columns) });

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
