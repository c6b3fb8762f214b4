import type { Token } from '#contracts/kernel/lane.js';
import type { InvoiceFilter, SearchResult } from '#contracts/queries.js';
import type { ReadView } from '../view.js';

export const INVOICE_SEARCH = 'invoice-search';

export interface SearchRequest {
  /** Any text; see `parseSearch`. */
  readonly text: string;
  readonly filter: InvoiceFilter;
  /** Hits of one page, from 1. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor: string | undefined;
  /** The caller has written something and asks whether it is seen: nothing older than now may answer. */
  readonly fresh?: boolean;
}

/** Full text over the invoices of one generation. Every engine has the same query language, order, facets and highlights: one suite proves them. */
export interface SearchEngine {
  /** @throws Problem cursor-invalid | cursor-expired | read-store-unavailable | search-unavailable */
  search(view: ReadView, request: SearchRequest): Promise<SearchResult>;
  /**
   * What the projection has applied so far can be found when it resolves; asked only by searches that carry a token, after the projection was
   * waited for. At once where writing and finding are one. @throws Problem search-unavailable
   */
  makeSearchable(generation: number, tokens: readonly Token[]): Promise<void>;
}
