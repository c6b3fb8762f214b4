import type { DomainEvent } from '#contracts/events/index.js';
import type { Lane } from '#contracts/kernel/lane.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import { lanesOf } from '#contracts/topics.js';
import type { Cache } from '#platform/cache/port.js';
import type { FeedBatch } from '#platform/feed/port.js';
import { pause } from '#platform/wake.js';
import { folderOf, foldStream, type Folder } from '../kit/fold.js';
import type { ProjectedRow, Projection } from '../kit/projection.js';
import { idOfStream, noOutcomes, reasonOf, type Outcomes } from './batch.js';
import { WORKER_LIMITS, type WorkerContext } from './context.js';
import type { RunnerStatus } from './runner.js';
import { WorkerSignals } from './signals.js';
import { readSkips } from './skips.js';

export interface DerivedRunnerOptions<Row extends ProjectedRow> {
  readonly context: WorkerContext;
  readonly projection: Projection<Row>;
  readonly cache: Cache<Row>;
  /** Keys a row is written under: one per generation that readers may ask for. */
  readonly keysOf: (id: string) => readonly string[];
}

/**
 * Keeps a cache of this process current. The cache begins empty, so the worker begins at the head of the log: what lies before is filled by
 * readers. Previous state comes from the cache and on a miss from folding the whole stream; a partial row is never written. At least
 * once; every write is guarded by the row's revision.
 */
export class DerivedRunner<Row extends ProjectedRow> {
  readonly #options: DerivedRunnerOptions<Row>;
  #folder: Folder<Row>;
  readonly #stop = new AbortController();
  #subscription = new AbortController();
  readonly #signals = new WorkerSignals();
  readonly #lanes: readonly Lane[];
  /** Undefined until the head of the log was found. */
  #position: Position | undefined;
  #state: RunnerStatus['state'] = 'starting';
  #done: Promise<void> | undefined;

  constructor(options: DerivedRunnerOptions<Row>) {
    this.#options = options;
    this.#folder = folderOf(options.projection);
    this.#lanes = lanesOf(options.projection.topics);
  }

  get projection(): Projection<Row> {
    return this.#options.projection;
  }

  start(): void {
    this.#done ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#state = 'stopped';
  }

  /** As of now. A cache of this process has no generations of its own and no quarantine: what cannot be folded is not cached. */
  status(): RunnerStatus {
    const position = this.#position ?? ORIGIN;
    const lanes = this.#position === undefined ? [] : this.#lanes.map((lane) => ({ lane, position, ...this.#signals.ofLane(lane) }));
    const { secondsBehind, eventsPerSecond, stillSeconds, outcomes, lastBatchEvents } = this.#signals;
    return { state: this.#state, generations: [1], lanes, position, secondsBehind, eventsPerSecond, stillSeconds, outcomes, lastBatchEvents, parkedStreams: 0 };
  }

  async #run(): Promise<void> {
    const { context, projection } = this.#options;
    const signal = this.#stop.signal;
    while (!signal.aborted) {
      try {
        this.#folder = folderOf(projection, await readSkips(context.readStream, projection));
        this.#position ??= (await context.feed.status(projection.topics)).head;
        this.#state = 'running';
        this.#subscription = new AbortController();
        const from = this.#held();
        for await (const batch of context.feed.subscribe({ topics: projection.topics, from, batchSize: WORKER_LIMITS.batchEvents, signal: AbortSignal.any([signal, this.#subscription.signal]) })) {
          if (this.#subscription.signal.aborted) break;
          await this.#applyBatch(batch);
        }
      } catch (error) {
        this.#state = 'failing';
        context.hooks.onFault?.({ projection: projection.name, error });
        await pause(WORKER_LIMITS.maxBackoffMs, signal);
      }
    }
  }

  /** The log went back: what this cache stands behind may never come. It begins at the head again. */
  beginAnew(): void {
    this.#position = undefined;
    this.#subscription.abort();
  }

  #held(): ReadonlyMap<Lane, Position> {
    return new Map(this.#lanes.map((lane) => [lane, this.#position ?? ORIGIN]));
  }

  /** Write first, position afterwards: a failure between the two repeats the batch, and the revision guard drops what was there. */
  async #applyBatch(batch: FeedBatch): Promise<void> {
    const { context, projection } = this.#options;
    const outcomes = noOutcomes();
    const started = performance.now();
    const fresh = this.#signals.begin(batch, this.#held());
    for (const { event } of batch.entries) outcomes[await this.#applyEvent(event as DomainEvent)] += 1;
    const moved = isAfter(batch.scannedTo, this.#position ?? ORIGIN);
    this.#position = batch.scannedTo;
    this.#signals.committed(batch, fresh, outcomes, moved);
    context.hub.publish(projection.name, 1, this.#lanes.map((lane) => [lane, batch.scannedTo] as const));
    if (batch.entries.length > 0) {
      context.hooks.onBatch?.({ projection: projection.name, events: batch.entries.length, outcomes, seconds: (performance.now() - started) / 1_000, visibleAfterMs: null });
    }
  }

  async #applyEvent(stored: DomainEvent): Promise<keyof Outcomes> {
    if (!this.#folder.hasRow(stored)) return 'ignored';
    const id = idOfStream(stored.stream);
    const keys = this.#options.keysOf(id);
    const [firstKey] = keys;
    if (firstKey === undefined) return 'ignored';
    const known = (await this.#options.cache.get(firstKey))?.value;
    if (known && known.revision >= stored.revision) return 'duplicate';
    const row = await this.#rowAfter(known, stored);
    if (row === 'unusable') return this.#forget(keys);
    if (row === undefined) return 'ignored';
    for (const key of keys) await this.#options.cache.write(key, { revision: row.revision, value: row });
    return 'applied';
  }

  /** A row that cannot be folded is not cached at all: readers go to the primary, which has it up to the fault. */
  async #forget(keys: readonly string[]): Promise<'quarantined'> {
    for (const key of keys) await this.#options.cache.remove(key);
    return 'quarantined';
  }

  async #rowAfter(known: Row | undefined, stored: DomainEvent): Promise<Row | undefined | 'unusable'> {
    const follows = known ? known.revision + 1 === stored.revision : stored.revision === 0;
    const events = follows ? [stored] : await this.#options.context.readStream(stored.stream as StreamId);
    try {
      return foldStream(this.#folder, events, follows ? known : undefined);
    } catch (error) {
      this.#options.context.log.warn({ projection: this.projection.name, reason: reasonOf(error) }, 'a row is not cached');
      return 'unusable';
    }
  }
}
