import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import { toStreamId } from '#contracts/kernel/ids.js';
import type { Token } from '#contracts/kernel/lane.js';
import { isAfter } from '#contracts/kernel/position.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { laneOf } from '#contracts/topics.js';
import type { Cache, CachedBody, CacheEntry } from '#platform/cache/port.js';
import { SingleFlight } from '#platform/cache/single-flight.js';
import { entityTag, isNotModified } from '#platform/http/etag.js';
import { answerText, exchangeOf, settleHeaders } from '#platform/http/exchange.js';
import type { Route } from '#platform/http/route.js';
import { carriesToken, Consistency, isStrict, markStale, TOKEN_HEADER } from '../consistency.js';
import { publicInvoice } from '../json.js';
import { pathId } from '../parameters.js';
import { findInvoice, SUMMARY } from '../queries/list-invoices.js';
import { StoreWatch } from '../store-watch.js';
import { ReadView, type ReadDependencies } from '../view.js';

export interface GetInvoiceDependencies extends ReadDependencies {
  readonly cache: Cache<InvoiceSummary>;
  /** Time that a row read from the table stays in the cache (ms). */
  readonly cacheFillMs: number;
}

export const cacheKey = (generation: number, id: string): string => `g${generation}:${id}`;

/** One invoice: from the cache when it is new enough, then from the table (and the row is left in the cache). */
export function getInvoiceRoute(dependencies: GetInvoiceDependencies): Route {
  const reader = new InvoiceReader(dependencies);
  return {
    method: 'get', path: '/api/v1/invoices/:id', roles: ['admin', 'analyst', 'viewer'], tag: 'invoices', summary: 'One invoice', hot: matchInvoice,
    parameters: [{ name: 'id', in: 'path', description: 'invoice id', required: true }, TOKEN_HEADER],
    answers: { 200: { description: 'the invoice' }, 304: { description: 'not modified' } },
    problems: ['invoice-unknown', 'token-malformed', 'position-ahead', 'view-behind', 'read-store-unavailable'],
    handle: (request, response) => reader.answer(request, response),
  };
}

const PREFIX = '/api/v1/invoices/';
const ID_LENGTH = 36;

/** The plain address of one invoice. */
const matchInvoice = (url: string): { id: string } | undefined =>
  url.length === PREFIX.length + ID_LENGTH && url.startsWith(PREFIX) && !url.includes('/', PREFIX.length) && !url.includes('?') ? { id: url.slice(PREFIX.length) } : undefined;

type Entry = CacheEntry<InvoiceSummary> & { readonly body: CachedBody };
const hasBody = (entry: CacheEntry<InvoiceSummary>): entry is Entry => entry.body !== undefined;

const NO_TOKENS: readonly Token[] = [];

class InvoiceReader {
  readonly #dependencies: GetInvoiceDependencies;
  readonly #consistency: Consistency;
  readonly #watch: StoreWatch;
  readonly #flights = new SingleFlight<Entry>();

  constructor(dependencies: GetInvoiceDependencies) {
    this.#dependencies = dependencies;
    this.#consistency = new Consistency(dependencies);
    this.#watch = new StoreWatch(dependencies.shards.pools);
  }

  async answer(request: Request, response: Response): Promise<void> {
    const id = pathId(request);
    if (id === undefined) throw problem('invoice-unknown');
    const view = new ReadView(this.#dependencies);
    const generation = view.generationOf(SUMMARY);
    const key = cacheKey(generation, id);
    const tokens = carriesToken(request) ? await this.#tokensFor(request, id) : NO_TOKENS;
    const { cache } = this.#dependencies;
    const cached = cache.peek ? cache.peek(key) : await cache.get(key);
    // Without a token the row itself is not looked at: a shared cache gives the body without reading it.
    if (cached && (tokens.length === 0 || covers(cached.value, tokens))) {
      if (this.#watch.isDown()) markStale(response);
      return send(request, response, generation, hasBody(cached) ? cached : await this.#withBody(key, cached));
    }
    // Who asks for the same row while it is read gets the same answer; a token may ask for a later one.
    const load = (): Promise<Entry> => this.#fromTable(view, generation, id, tokens, cached, request, response);
    send(request, response, generation, tokens.length > 0 || cached ? await load() : await this.#flights.run(key, load));
  }

  /** Of the tokens only those of the invoice's own lane say something about it. */
  async #tokensFor(request: Request, id: string): Promise<readonly Token[]> {
    const lane = laneOf('fiscal.invoice.created', toStreamId(`invoice-${id}`));
    return (await this.#consistency.tokensFor(SUMMARY, request)).filter((token) => token.lane === lane);
  }

  /** The table's row, once it has reached the token; the cached one where it is newer all the same, or where the table does not answer. */
  async #fromTable(
    view: ReadView, generation: number, id: string, tokens: readonly Token[], cached: CacheEntry<InvoiceSummary> | undefined, request: Request, response: Response,
  ): Promise<Entry> {
    const key = cacheKey(generation, id);
    try {
      await this.#consistency.waitFor(SUMMARY, view, tokens, request, response);
      const row = await findInvoice(view, id);
      if (cached && (!row || cached.revision > row.revision)) return await this.#withBody(key, cached);
      if (!row) throw problem('invoice-unknown');
      return await this.#withBody(key, { revision: row.revision, value: row });
    } catch (error) {
      const gone = error instanceof Problem && error.code === 'read-store-unavailable';
      if (!gone || !cached || isStrict(request)) throw error;
      response.setHeader('Folio-View-Position', cached.value.position);
      markStale(response);
      return this.#withBody(key, cached);
    }
  }

  /** The body is made once, by the first reader of a row, and kept with it. */
  async #withBody(key: string, entry: CacheEntry<InvoiceSummary>): Promise<Entry> {
    if (hasBody(entry)) return entry;
    const text = JSON.stringify(publicInvoice(entry.value));
    const whole = { revision: entry.revision, value: entry.value, body: { text, length: Buffer.byteLength(text) } };
    await this.#dependencies.cache.fill(key, whole, this.#dependencies.cacheFillMs);
    return whole;
  }
}

/**
 * A cached row answers a token when it has folded up to the token's position itself. That the cache's worker has passed the position would
 * not do: the row may have been filled, later, by a reader of a table that was behind.
 */
const covers = (row: InvoiceSummary, tokens: readonly Token[]): boolean => tokens.every(({ position }) => !isAfter(position, row.position));

function send(request: Request, response: Response, generation: number, { revision, body }: Entry): void {
  const tag = entityTag(revision, generation);
  if (!isNotModified(request, tag)) return answerText(response, ['ETag', tag, 'Content-Type', 'application/json; charset=utf-8'], body);
  settleHeaders(exchangeOf(request, response), response);
  response.setHeader('ETag', tag);
  response.status(304).end();
}
