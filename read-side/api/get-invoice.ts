import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import { toStreamId, type StreamId } from '#contracts/kernel/ids.js';
import type { Lane, Token } from '#contracts/kernel/lane.js';
import { isAfter, type Revision } from '#contracts/kernel/position.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { laneOf } from '#contracts/topics.js';
import type { Cache, CachedBody, CacheEntry } from '#platform/cache/port.js';
import { SingleFlight } from '#platform/cache/single-flight.js';
import { entityTag, isNotModified } from '#platform/http/etag.js';
import { answerText, exchangeOf, settleHeaders } from '#platform/http/exchange.js';
import { pathId } from '#platform/http/query-parameters.js';
import type { Route } from '#platform/http/route.js';
import { carriesToken, Consistency, isStrict, markStale, refuseOrMark, TOKEN_ANSWER, TOKEN_PARAMETERS, TOKEN_PROBLEMS, VIEW_POSITION } from '../consistency.js';
import { publicInvoice } from '../json.js';
import { Parameters } from '../parameters.js';
import { InvoiceRows } from '../queries/invoice-rows.js';
import { SUMMARY } from '../queries/list-invoices.js';
import { parkedAt } from '../queries/parked-stream.js';
import { StoreWatch } from '../store-watch.js';
import { NAMED_VIEW_PARAMETER, viewOf } from '../named-view.js';
import type { ReadDependencies, ReadView } from '../view.js';
import { InvoiceAsOf, type AsOfDependencies } from './invoice-as-of.js';

export interface GetInvoiceDependencies extends ReadDependencies, AsOfDependencies {
  readonly cache: Cache<InvoiceSummary>;
  /** Time that a row read from the table stays in the cache (ms). */
  readonly cacheFillMs: number;
}

/**
 * A worker in another process learns of a switch by its next look at the pointer, and writes rows under the generation before until then. What a reader
 * leaves under the new one in that time would not be overwritten: it lives for a moment only, and only for so long after this process has learnt
 * of the switch (ms).
 */
const SWITCH = { settlesMs: 2_000, fillMs: 500 } as const;

export const cacheKey = (generation: number, id: string): string => `g${generation}:${id}`;

/** One invoice: from the cache when it is new enough, then from the table (and the row is left in the cache); as it was, from the log. */
export function getInvoiceRoute(dependencies: GetInvoiceDependencies): Route {
  const reader = new InvoiceReader(dependencies);
  return {
    method: 'get', path: '/api/v1/invoices/:id', roles: ['admin', 'analyst', 'viewer'], tag: 'invoices', summary: 'One invoice, as it is or as it was', hot: matchInvoice,
    parameters: [
      { name: 'id', in: 'path', description: 'invoice id', required: true },
      ...TOKEN_PARAMETERS, NAMED_VIEW_PARAMETER,
      { name: 'revision', in: 'query', description: 'answer only when the view has at least this revision of the invoice; waits, and says what it could not wait for, as with a token' },
      { name: 'asOf', in: 'query', description: 'the invoice as it was after the event at this position of the log, or at this instant (ISO 8601 with `Z` or an offset); not together with a token or a revision' },
    ],
    answers: {
      200: { description: `the invoice; ${TOKEN_ANSWER}; \`Folio-Stale-Reason: quarantined\` tells that waiting does not help; with \`asOf\`, \`Folio-As-Of\` is the position of the last event that it is made of` },
      304: { description: 'not modified' },
    },
    problems: ['invoice-unknown', 'query-invalid', 'until-invalid', ...TOKEN_PROBLEMS, 'generation-unknown', 'read-store-unavailable', 'store-unavailable'],
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

/** What a reader asks beyond the row as it is. */
interface Asked {
  /** Of the invoice's own lane: the others say nothing about it. */
  readonly tokens: readonly Token[];
  readonly revision?: Revision;
}

/** One read of a row that the cache does not answer. */
interface Reading {
  readonly request: Request;
  readonly response: Response;
  readonly view: ReadView;
  readonly id: string;
  readonly key: string;
  readonly cached: CacheEntry<InvoiceSummary> | undefined;
  readonly asked: Asked | undefined;
}

const NO_TOKENS: readonly Token[] = [];
const streamOf = (id: string): StreamId => toStreamId(`invoice-${id}`);
const laneOfInvoice = (id: string): Lane => laneOf('fiscal.invoice.created', streamOf(id));

class InvoiceReader {
  readonly #dependencies: GetInvoiceDependencies;
  readonly #consistency: Consistency;
  readonly #past: InvoiceAsOf;
  readonly #watch: StoreWatch;
  readonly #flights = new SingleFlight<Entry>();
  readonly #rows = new InvoiceRows();

  constructor(dependencies: GetInvoiceDependencies) {
    this.#dependencies = dependencies;
    this.#consistency = new Consistency(dependencies);
    this.#past = new InvoiceAsOf(dependencies);
    this.#watch = new StoreWatch(() => dependencies.shards.poolsOf(dependencies.pointer.current().slots));
  }

  async answer(request: Request, response: Response): Promise<void> {
    const id = pathId(request);
    if (id === undefined) throw problem('invoice-unknown');
    const query = request.url.includes('?') ? readQuery(request) : undefined;
    if (query?.asOf !== undefined) return this.#past.answer(request, response, id, query.asOf);
    const view = viewOf(this.#dependencies, request, response);
    const generation = view.generationOf(SUMMARY);
    const key = cacheKey(generation, id);
    const asked = query?.revision !== undefined || carriesToken(request) ? await this.#asked(request, id, query?.revision) : undefined;
    const { cache } = this.#dependencies;
    const cached = cache.peek ? cache.peek(key) : await cache.get(key);
    // Where nothing is asked the row itself is not looked at: a shared cache gives the body without reading it.
    if (cached && (asked === undefined || covers(cached, asked))) {
      if (asked) response.setHeader(VIEW_POSITION, cached.value.position);
      if (this.#watch.isDown()) markStale(response);
      return send(request, response, generation, hasBody(cached) ? cached : await this.#withBody(key, cached));
    }
    // Who asks for the same row while it is read gets the same answer; a token may ask for a later one.
    const load = (): Promise<Entry> => this.#fromTable({ request, response, view, id, key, cached, asked });
    send(request, response, generation, asked || cached ? await load() : await this.#flights.run(key, load));
  }

  async #asked(request: Request, id: string, revision: Revision | undefined): Promise<Asked> {
    const lane = laneOfInvoice(id);
    const tokens = carriesToken(request) ? (await this.#consistency.tokensFor(SUMMARY, request)).filter((token) => token.lane === lane) : NO_TOKENS;
    return { tokens, ...(revision !== undefined && { revision }) };
  }

  /** The table's row, once it has what was asked; the cached one where it is newer all the same, or where the table does not answer. */
  async #fromTable(reading: Reading): Promise<Entry> {
    const { request, response, key, cached, asked } = reading;
    try {
      const entry = await this.#entryAsAsked(reading);
      if (entry && asked && !response.hasHeader(VIEW_POSITION)) response.setHeader(VIEW_POSITION, entry.value.position);
      if (!entry) throw problem('invoice-unknown');
      return await this.#withBody(key, entry);
    } catch (error) {
      if (!isGone(error, 'read-store-unavailable') || !cached || isStrict(request)) throw error;
      response.setHeader(VIEW_POSITION, cached.value.position);
      markStale(response);
      return this.#withBody(key, cached);
    }
  }

  /**
   * A revision is waited for as the position of its event, which only the log knows: it is asked when neither cache nor table have the revision.
   * @throws Problem view-behind | position-ahead | store-unavailable | read-store-unavailable
   */
  async #entryAsAsked(reading: Reading): Promise<CacheEntry<InvoiceSummary> | undefined> {
    const { request, response, view, id, key, cached, asked } = reading;
    if (!asked) return newest(cached, await this.#rows.find(view, id));
    const { revision } = asked;
    let { tokens } = asked;
    if (revision !== undefined && !(cached && cached.revision >= revision)) {
      const row = await this.#rows.find(view, id);
      if (row && row.revision >= revision && tokens.length === 0) return newest(cached, row);
      if (!row || row.revision < revision) {
        const token = await this.#tokenOf(id, revision).catch((error: unknown) => unknownPlace(error, row));
        if (!token) {
          refuseOrMark(request, response, 0);
          return newest(cached, row);
        }
        tokens = [...tokens, token];
      }
    }
    if (tokens.length === 0) return newest(cached, await this.#rows.find(view, id));
    const isReached = await this.#consistency.reached(SUMMARY, view, tokens, response);
    // While the view was waited for, the cache has mostly got the row as well: many who are woken together then ask no table.
    const here = await this.#dependencies.cache.get(key);
    if (here && covers(here, { ...asked, tokens })) {
      response.setHeader(VIEW_POSITION, here.value.position);
      return here;
    }
    if (!isReached) refuseOrMark(request, response, this.#consistency.waitMs);
    const entry = newest(here ?? cached, await this.#rows.find(view, id));
    if (isReached) await this.#tellParked(reading, tokens, entry);
    return entry;
  }

  /** Where the revision is in the log: one read of one event. @throws Problem position-ahead | store-unavailable */
  async #tokenOf(id: string, revision: Revision): Promise<Token> {
    const [event] = await this.#dependencies.log.readStream(streamOf(id), { from: revision, limit: 1 });
    if (!event) throw problem('position-ahead');
    return { position: event.position, lane: laneOfInvoice(id) };
  }

  /**
   * The lane has passed the tokens and the row has not: they belong to another invoice of the lane, and all is well, or this one is parked.
   * Then no waiting helps. @throws Problem view-behind
   */
  async #tellParked({ request, response, view, id, asked }: Reading, tokens: readonly Token[], entry: CacheEntry<InvoiceSummary> | undefined): Promise<void> {
    if (entry && covers(entry, { ...asked, tokens })) return;
    // A shard that does not answer here is no reason to keep back a row that was found.
    const parked = await parkedAt(view, SUMMARY, streamOf(id)).catch(() => undefined);
    if (parked !== undefined && tokens.some(({ position }) => !isAfter(parked, position))) refuseOrMark(request, response, 0, 'quarantined');
    else if (asked?.revision !== undefined && !(entry && entry.revision >= asked.revision)) refuseOrMark(request, response, 0);
  }

  /** The body is made once, by the first reader of a row, and kept with it. */
  async #withBody(key: string, entry: CacheEntry<InvoiceSummary>): Promise<Entry> {
    if (hasBody(entry)) return entry;
    const text = JSON.stringify(publicInvoice(entry.value));
    const whole = { revision: entry.revision, value: entry.value, body: { text, length: Buffer.byteLength(text) } };
    await this.#dependencies.cache.fill(key, whole, this.#fillMs());
    return whole;
  }

  #fillMs(): number {
    const { pointer, cacheFillMs } = this.#dependencies;
    return pointer.usedForMs < SWITCH.settlesMs ? Math.min(SWITCH.fillMs, cacheFillMs) : cacheFillMs;
  }
}

const newest = (cached: CacheEntry<InvoiceSummary> | undefined, row: InvoiceSummary | undefined): CacheEntry<InvoiceSummary> | undefined =>
  cached && (!row || cached.revision > row.revision) ? cached : row && { revision: row.revision, value: row };

/** @throws Problem query-invalid */
function readQuery(request: Request): { readonly revision?: Revision; readonly asOf?: string } {
  const parameters = new Parameters(request, ['revision', 'asOf']);
  const revision = parameters.revision('revision');
  const asOf = parameters.stated('asOf');
  if (asOf !== undefined && (revision !== undefined || carriesToken(request))) {
    throw problem('query-invalid', { name: 'asOf', reason: 'the past does not wait for the view: it goes neither with a position token nor with a revision' });
  }
  return { ...(revision !== undefined && { revision }), ...(asOf !== undefined && { asOf }) };
}

const isGone = (error: unknown, code: 'read-store-unavailable' | 'store-unavailable'): boolean => error instanceof Problem && error.code === code;

/** Without the log nobody knows what to wait for: a row that is there is answered as it is. */
function unknownPlace(error: unknown, row: InvoiceSummary | undefined): undefined {
  if (!row || !isGone(error, 'store-unavailable')) throw error;
}

/**
 * A cached row answers a token when it has folded up to the token's position itself. That the cache's worker has passed the position would
 * not do: the row may have been filled, later, by a reader of a table that was behind.
 */
const covers = ({ revision, value }: CacheEntry<InvoiceSummary>, asked: Asked): boolean =>
  (asked.revision === undefined || revision >= asked.revision) && asked.tokens.every(({ position }) => !isAfter(position, value.position));

function send(request: Request, response: Response, generation: number, { revision, body }: Entry): void {
  const tag = entityTag(revision, generation);
  if (!isNotModified(request, tag)) return answerText(response, ['ETag', tag, 'Content-Type', 'application/json; charset=utf-8'], body);
  settleHeaders(exchangeOf(request, response), response);
  response.setHeader('ETag', tag);
  response.status(304).end();
}
