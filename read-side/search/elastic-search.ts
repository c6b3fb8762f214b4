import { LRUCache } from 'lru-cache';
import type { Lane, Token } from '#contracts/kernel/lane.js';
import type { SearchResult } from '#contracts/queries.js';
import { searchIndexName } from '#contracts/read-models/search-document.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import type { ElasticEngine } from '#platform/search/elastic/engine.js';
import type { ReadView } from '../view.js';
import { ElasticSource } from './elastic-source.js';
import { INVOICE_SEARCH, type SearchEngine, type SearchRequest } from './port.js';
import { runSearch } from './search.js';
import { Searchable } from './searchable.js';

export interface ElasticSearchOptions {
  /** Of readers; the projection writes through one of its own. */
  readonly engine: ElasticEngine;
  /** Begins the names of all indexes of this deployment; may be empty. */
  readonly prefix: string;
  /** How far the projection has come. */
  readonly progress: Pick<ProgressHub, 'positionOf'>;
}

/** Generations whose refreshes are remembered. */
const MAX_GENERATIONS = 8;

/** Search in Elasticsearch 9 or OpenSearch 3: the same language, order and answers as the read store's own. */
export class ElasticSearch implements SearchEngine {
  readonly #searchable = new LRUCache<number, Searchable>({ max: MAX_GENERATIONS });

  constructor(private readonly options: ElasticSearchOptions) {}

  search(view: ReadView, request: SearchRequest): Promise<SearchResult> {
    const generation = view.generationOf(INVOICE_SEARCH);
    const { engine, prefix } = this.options;
    return runSearch(new ElasticSource({ engine, index: searchIndexName(prefix, generation), generation, request }), request);
  }

  makeSearchable(generation: number, tokens: readonly Token[]): Promise<void> {
    return this.searchable(generation).reach(tokens);
  }

  /** How far the index of the generation can be searched. */
  searchable(generation: number): Searchable {
    let searchable = this.#searchable.get(generation);
    if (searchable) return searchable;
    const { engine, prefix, progress } = this.options;
    const applied = (lane: Lane) => progress.positionOf(INVOICE_SEARCH, generation, lane);
    const refresh = async (): Promise<void> => void (await engine.request({ method: 'POST', path: `/${encodeURIComponent(searchIndexName(prefix, generation))}/_refresh` }));
    searchable = new Searchable({ applied, refresh });
    this.#searchable.set(generation, searchable);
    return searchable;
  }
}
