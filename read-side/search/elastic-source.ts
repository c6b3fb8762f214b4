import type { ElasticEngine } from '#platform/search/elastic/engine.js';
import { EngineRefusal } from '#platform/search/elastic/faults.js';
import { closePit, openPit } from '#platform/search/elastic/point-in-time.js';
import type { KeyForm } from '../cursor.js';
import { readPage, readPit, readPresence, readResembling, type EnginePage } from './elastic-answer.js';
import { pageBody, presenceBody, resemblingBody, type Clause } from './elastic-query.js';
import type { SearchRequest } from './port.js';
import { MAX_ISSUERS, type Asked, type FoundPage, type Place, type SearchSource } from './search.js';
import type { IndexedWord } from './typos.js';

export interface ElasticSourceOptions {
  readonly engine: ElasticEngine;
  readonly index: string;
  readonly generation: number;
  readonly request: SearchRequest;
}

/** How long a point in time is kept for the next page. */
const KEEP_ALIVE = '1m';
/** `generation.point-in-time`, or nothing; longer names than a cursor has room for are not carried. */
const HELD = /^(?:(\d{1,9})\.([\w+/=-]{1,500}))?$/u;
const isHeld: KeyForm = (text) => HELD.test(text);

/** One search in one index. */
export class ElasticSource implements SearchSource {
  readonly heldForms = [isHeld];

  constructor(private readonly options: ElasticSourceOptions) {}

  async page(asked: Asked, limit: number, place: Place | undefined): Promise<FoundPage> {
    const body = pageBody(asked, this.options.request.filter, limit, place?.after, MAX_ISSUERS);
    const found = await this.#found(body, place);
    const goesOn = found.rows.length >= limit;
    if (!goesOn && found.pit !== undefined) void this.#close(found.pit);
    const held = goesOn && found.pit !== undefined ? `${this.options.generation}.${found.pit}` : '';
    return { rows: found.rows, total: found.total, facets: found.facets, held: [isHeld(held) ? held : ''] };
  }

  async unknown(words: readonly string[]): Promise<readonly string[]> {
    const counts = readPresence(await this.#ask(presenceBody(words, this.options.request.filter)), words.length);
    return words.filter((_, index) => counts[index] === 0);
  }

  async resembling(word: string): Promise<readonly IndexedWord[]> {
    return readResembling(await this.#ask(resemblingBody(word, this.options.request.filter)));
  }

  /** The first page sees the index as it is; from the second on, the pages of a list are those of one moment as far as the engine can keep it. */
  async #found(body: Clause, place: Place | undefined): Promise<EnginePage> {
    const pit = place && !this.options.request.fresh ? await this.#pitFor(place) : undefined;
    if (pit === undefined) return readPage(await this.#ask(body));
    try {
      return readPage(await this.options.engine.request(this.#search('/_search', this.#within(body, pit))));
    } catch (error) {
      // Over, or of an engine that was started again: the sort keys say where the page begins all the same.
      if (error instanceof EngineRefusal && !error.isBusy) return readPage(await this.#ask(body));
      throw error;
    }
  }

  /** A point in time names no index in the request; the clause keeps one that a bearer made up within ours. */
  #within(body: Clause, pit: string): Clause {
    return { ...body, pit: { id: pit, keep_alive: KEEP_ALIVE }, query: { bool: { must: [body['query']], filter: [{ term: { _index: { value: this.options.index } } }] } } };
  }

  async #pitFor({ held: [held = ''] }: Place): Promise<string | undefined> {
    const [, generation, pit] = HELD.exec(held) ?? [];
    if (pit !== undefined) return Number(generation) === this.options.generation ? pit : undefined;
    const { engine, index } = this.options;
    try {
      return readPit(await engine.request(openPit(engine, index, KEEP_ALIVE)));
    } catch (error) {
      // As many as the engine keeps are open, or we may not: the list goes on by its sort keys.
      if (error instanceof EngineRefusal) return undefined;
      throw error;
    }
  }

  /** Not waited for: the engine forgets it by itself. */
  async #close(pit: string): Promise<void> {
    await this.options.engine.request(closePit(this.options.engine, pit)).catch(() => undefined);
  }

  #search(path: string, body: Clause) {
    return { method: 'POST', path, body, querystring: { allow_partial_search_results: false } };
  }

  #ask(body: Clause): Promise<unknown> {
    return this.options.engine.request(this.#search(`/${encodeURIComponent(this.options.index)}/_search`, body));
  }
}
