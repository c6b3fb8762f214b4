import { ExponentialBackoff, handleWhen, retry, type IPolicy } from 'cockatiel';
import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { DocumentIndex, DocumentOutcome, IndexedDocument } from '../port.js';
import { bulkLine, bulkOutcomes, chunksOf, type BulkLimits, type BulkLine } from './bulk.js';
import type { ElasticEngine, EngineRequest } from './engine.js';
import { EngineRefusal } from './faults.js';
import { extension, foreignness, indexBody, isOurs, lackingFields, writeAliasOf, type IndexMapping, type IndexTuning } from './mapping.js';
import { scanPages } from './scan.js';

export interface WriteLimits extends BulkLimits {
  /** How often a request that met 429 is made again, and how long is waited at first and at most (ms; with jitter). */
  readonly busyAttempts: number;
  readonly busyFirstMs: number;
  readonly busyLongestMs: number;
  /** Longest wait for one bulk, refresh or index (ms). */
  readonly requestMs: number;
  /** Documents asked for in one request. */
  readonly maxLoad: number;
  /** Documents of one page of a scan; more than an index has shards. */
  readonly pageDocuments: number;
}

export const WRITE_LIMITS: WriteLimits = { maxDocuments: 1_000, maxBytes: 5_000_000, busyAttempts: 7, busyFirstMs: 100, busyLongestMs: 5_000, requestMs: 30_000, maxLoad: 1_000, pageDocuments: 250 };

const LOADED = z.object({
  docs: z.array(z.object({ _id: z.string(), found: z.boolean().default(false), _version: z.int().min(0).default(0), _source: z.record(z.string(), z.unknown()).default({}), error: z.unknown().optional() })),
});
const ALIASES = z.record(z.string(), z.unknown());

const pathOf = (...parts: readonly string[]): string => parts.map((part) => `/${encodeURIComponent(part)}`).join('');

/** The engine reads `*` and `,` in the name of an index as several: such a name is a mistake of ours and goes nowhere. */
function named(index: string): string {
  if (!/^[a-z0-9][a-z0-9_.-]{0,199}$/u.test(index)) throw new RangeError(`'${index}' is no name of an index`);
  return index;
}

/** Documents in Elasticsearch 9 or OpenSearch 3. It knows no invoice: the mapping is given. */
export class ElasticIndex implements DocumentIndex {
  readonly #limits: WriteLimits;
  readonly #whenFree: IPolicy;
  /** Indexes that were seen to have every field. */
  readonly #whole = new Set<string>();

  constructor(private readonly engine: ElasticEngine, private readonly mapping: IndexMapping, private readonly tuning: IndexTuning = {}, limits: Partial<WriteLimits> = {}) {
    this.#limits = { ...WRITE_LIMITS, ...limits };
    const { busyAttempts, busyFirstMs, busyLongestMs } = this.#limits;
    const backoff = new ExponentialBackoff({ initialDelay: busyFirstMs, maxDelay: busyLongestMs });
    this.#whenFree = retry(handleWhen((error) => error instanceof EngineRefusal && error.isBusy), { maxAttempts: busyAttempts, backoff });
  }

  async create(index: string): Promise<void> {
    try {
      await this.#ask({ method: 'PUT', path: pathOf(named(index)), body: indexBody(index, this.mapping, this.tuning) });
    } catch (error) {
      if (!(error instanceof EngineRefusal) || !ALREADY.has(error.type)) throw error;
      const there = await this.#ask({ method: 'GET', path: pathOf(index) });
      if (await this.#extended(index, there)) return;
      const reason = foreignness(there, index, this.mapping);
      if (reason !== undefined) throw platformProblem('search-mapping-foreign', { index, reason });
    }
    this.#whole.add(index);
  }

  /** Before the first write of this process: generations of an earlier program are written to as well, and refuse fields that they do not know. */
  async #complete(index: string): Promise<void> {
    if (this.#whole.has(index)) return;
    const there = await this.#unlessMissing({ method: 'GET', path: pathOf(index) });
    if (there === undefined) return;
    await this.#extended(index, there);
    this.#whole.add(index);
  }

  /** Two processes may do so at once: the second adds what is there. @returns whether there was something to add */
  async #extended(index: string, there: unknown): Promise<boolean> {
    const lacking = lackingFields(there, index, this.mapping);
    if (!lacking) return false;
    await this.#ask({ method: 'PUT', path: pathOf(index, '_mapping'), body: extension(this.mapping, lacking) });
    this.#whole.add(index);
    return true;
  }

  /** An index that Folio has not made is left where it is. @throws Problem search-mapping-foreign */
  async drop(index: string): Promise<void> {
    const there = await this.#unlessMissing({ method: 'GET', path: pathOf(named(index)) });
    this.#whole.delete(index);
    if (there === undefined) return;
    if (!isOurs(there, index)) throw platformProblem('search-mapping-foreign', { index, reason: 'it was not made by Folio, and is not dropped by it' });
    await this.#ask({ method: 'DELETE', path: pathOf(index), querystring: { ignore_unavailable: true } });
  }

  async write(index: string, documents: readonly IndexedDocument[]): Promise<readonly DocumentOutcome[]> {
    if (documents.length > 0) await this.#complete(index);
    const outcomes: DocumentOutcome[] = Array.from({ length: documents.length }, () => 'written');
    for (const chunk of chunksOf(documents.map(bulkLine), this.#limits)) await this.#writeChunk(index, chunk, outcomes);
    return outcomes;
  }

  /** Those that met 429 are sent again, alone; a chunk that is too large for what stands in front of the engine goes in halves. */
  async #writeChunk(index: string, chunk: readonly BulkLine[], outcomes: DocumentOutcome[]): Promise<void> {
    let left = chunk;
    try {
      await this.#whenFree.execute(async () => {
        const found = bulkOutcomes(await this.#bulk(index, left), left, index);
        const busy: BulkLine[] = [];
        left.forEach((line, at) => {
          const outcome = found[at] ?? 'busy';
          if (outcome === 'busy') busy.push(line);
          else outcomes[line.place] = outcome;
        });
        left = busy;
        if (left.length > 0) throw new EngineRefusal(429, 'busy', `it has not taken ${left.length} document(s)`);
      });
    } catch (error) {
      if (!(error instanceof EngineRefusal) || error.status !== 413) throw error;
      await this.#writeHalves(index, left, outcomes);
    }
  }

  async #writeHalves(index: string, chunk: readonly BulkLine[], outcomes: DocumentOutcome[]): Promise<void> {
    const [first] = chunk;
    if (chunk.length === 1 && first) {
      outcomes[first.place] = { refused: `a document of ${first.bytes} bytes is larger than the engine takes` };
      return;
    }
    const middle = Math.ceil(chunk.length / 2);
    for (const half of [chunk.slice(0, middle), chunk.slice(middle)]) await this.#writeChunk(index, half, outcomes);
  }

  #bulk(index: string, lines: readonly BulkLine[]): Promise<unknown> {
    const bulkBody = `${lines.map(({ action, source }) => `${action}\n${source}`).join('\n')}\n`;
    return this.engine.request({ method: 'POST', path: pathOf(writeAliasOf(index), '_bulk'), bulkBody, querystring: { require_alias: true, refresh: false } }, this.#limits.requestMs);
  }

  async load(index: string, ids: readonly string[]): Promise<ReadonlyMap<string, IndexedDocument>> {
    const loaded = new Map<string, IndexedDocument>();
    for (let from = 0; from < ids.length; from += this.#limits.maxLoad) {
      for (const document of await this.#loadSome(index, ids.slice(from, from + this.#limits.maxLoad))) loaded.set(document.id, document);
    }
    return loaded;
  }

  async #loadSome(index: string, ids: readonly string[]): Promise<readonly IndexedDocument[]> {
    const docs = LOADED.safeParse(await this.#ask({ method: 'POST', path: pathOf(index, '_mget'), body: { ids }, querystring: { realtime: true } })).data?.docs;
    if (docs?.length !== ids.length || docs.some(({ error }) => error !== undefined)) throw platformProblem('search-unavailable', { reason: `it cannot read documents of ${index}` });
    return docs.filter(({ found }) => found).map(({ _id: id, _version: version, _source: source }) => ({ id, revision: toRevision(version), source }));
  }

  async refresh(index: string): Promise<void> {
    await this.#ask({ method: 'POST', path: pathOf(index, '_refresh') });
  }

  async* scan(index: string): AsyncIterable<readonly IndexedDocument[]> {
    await this.refresh(named(index));
    yield* scanPages(this.engine.product, (request) => this.#ask(request), index, this.#limits.pageDocuments);
  }

  /** How often written documents become findable by themselves: `-1` (never) while a rebuild fills the index, `1s` before it is read. */
  async setRefreshInterval(index: string, interval: string): Promise<void> {
    await this.#ask({ method: 'PUT', path: pathOf(named(index), '_settings'), body: { index: { refresh_interval: interval } } });
  }

  /** Points a name for people at the index and away from all others; nothing of Folio reads through it. */
  async setAlias(alias: string, index: string): Promise<void> {
    const before = Object.keys(ALIASES.safeParse(await this.#unlessMissing({ method: 'GET', path: pathOf('_alias', alias) })).data ?? {});
    const removed = before.filter((other) => other !== index).map((other) => ({ remove: { index: other, alias, must_exist: false } }));
    await this.#ask({ method: 'POST', path: '/_aliases', body: { actions: [...removed, { add: { index, alias } }] } });
  }

  async #unlessMissing(request: EngineRequest): Promise<unknown> {
    try {
      return await this.#ask(request);
    } catch (error) {
      if (error instanceof EngineRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  #ask(request: EngineRequest): Promise<unknown> {
    return this.#whenFree.execute(() => this.engine.request(request, this.#limits.requestMs));
  }
}

/** Refusals of `create` because of the name: an index has it, or an alias. */
const ALREADY: ReadonlySet<string> = new Set(['resource_already_exists_exception', 'invalid_index_name_exception', 'index_already_exists_exception']);
