import { platformProblem } from '#contracts/kernel/errors.js';
import type { Position } from '#contracts/kernel/position.js';
import type { ProjectionStatus } from '#contracts/queries.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { SLOTS } from '#contracts/routing.js';
import type { Cache } from '#platform/cache/port.js';
import type { ControlDatabase } from '#platform/control/database.js';
import { Generations } from '#platform/control/generations.js';
import { Leases } from '#platform/control/leases.js';
import type { Pointer } from '#platform/control/pointer.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Feed } from '#platform/feed/port.js';
import { StoreFeed } from '#platform/feed/store-feed.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, type Shards } from '#platform/read-store/shards.js';
import { pause } from '#platform/wake.js';
import { DAILY_REPORT } from './daily-report/store.js';
import { cacheKey, hotCache } from './hot-cache/project.js';
import { INVOICE_SEARCH } from './invoice-search/store.js';
import { INVOICE_SUMMARY } from './invoice-summary/store.js';
import type { RowProjection, StoredProjection } from './kit/projection.js';
import { observeProjection } from './observe.js';
import { TOPIC_RULES } from './kit/topics.js';
import { USERS } from './users/store.js';
import { reasonOf } from './worker/batch.js';
import type { WorkerContext, WorkerHooks, WorkerLog } from './worker/context.js';
import { DerivedRunner } from './worker/derived-runner.js';
import { rebuild, rollback, type RebuildOptions, type RebuildTools } from './worker/rebuild/rebuild.js';
import type { RebuildProgress } from './worker/rebuild/progress.js';
import { Runner, type RunnerStatus } from './worker/runner.js';

export { INVOICE_SEARCH } from './invoice-search/store.js';
export { INVOICE_SUMMARY } from './invoice-summary/store.js';
export { foldInvoice } from './invoice-row/fold.js';
export { indexedSearch } from './invoice-search/index-store.js';
export { sharedCache } from './hot-cache/store.js';
export type { StoredProjection } from './kit/projection.js';
export { TOPIC_RULES } from './kit/topics.js';
export { migrateControl } from '#platform/control/migrations.js';
export { migrateShards } from '#platform/read-store/migrate.js';
export type { RebuildProgress, RunnerStatus, WorkerHooks, WorkerLog };

export const ROW_PROJECTIONS: readonly RowProjection[] = [INVOICE_SUMMARY, INVOICE_SEARCH, USERS, DAILY_REPORT];

/** A change of what readers use, for the record in stream `projection-{set}`. */
export interface GenerationSwitch {
  readonly set: string;
  readonly generations: Readonly<Record<string, number>>;
  readonly reason: string;
}

export interface ProjectionsOptions {
  readonly eventStore: Pick<EventStore, 'subscribe' | 'status' | 'readStream' | 'readAll'>;
  /** Where live events come from; default: the log itself. */
  readonly feed?: Feed;
  /** Opened with the right to read only. */
  readonly rebuildStore: EventStore;
  readonly shards: Shards;
  readonly control: ControlDatabase;
  readonly pointer: Pointer;
  readonly progress: ProgressHub;
  /** The process's own cache of invoice rows; absent where no reader is in the process. */
  readonly cache?: Cache<InvoiceSummary>;
  readonly logger: WorkerLog;
  readonly hooks?: WorkerHooks;
  /** Appends `projection.generation.switched`; the rebuild itself cannot write events. */
  readonly recordSwitch: (change: GenerationSwitch) => Promise<void>;
  /** Name of this worker. The same name after a restart takes its lanes back at once, so it must be unique among running workers. */
  readonly owner: string;
  /** Those whose live worker runs in this process (default: all that are known). */
  readonly projections?: readonly StoredProjection[];
  /** Those that can be asked about and rebuilt; workers of some may be in other processes. */
  readonly known?: readonly StoredProjection[];
  /** Between two looks whether the log is still the one the rows were built from (ms, default a minute). */
  readonly checkLogMs?: number;
}

export interface ProjectionsHandle {
  /** Names of all that are known here. */
  readonly names: readonly string[];
  /** One entry per projection, `eventsBehind` counted now. */
  status(): Promise<readonly ProjectionStatus[]>;
  /** State of each live worker, without a query. */
  workers(): Readonly<Record<string, RunnerStatus>>;
  /** @throws Problem projection-unknown | rebuild-running */
  rebuild(projection: string, options?: RebuildOptions): Promise<number>;
  /** @throws Problem projection-unknown | rebuild-running | rollback-impossible */
  rollback(projection: string, reason?: string): Promise<number>;
  /** Finishes the batches in hand and releases the lanes. */
  stop(): Promise<void>;
}

const RELEASE_LOOK_MS = 10;

/** Starts the live workers of all projections in this process. */
export async function startProjections(options: ProjectionsOptions): Promise<ProjectionsHandle> {
  const context = contextOf(options);
  await options.pointer.refresh();
  const stopped = new AbortController();
  const following = options.pointer.follow(stopped.signal);
  const running = options.projections ?? options.known ?? ROW_PROJECTIONS;
  const known = options.known ?? running;
  const runners = new Map(running.map((projection) => [projection.name, new Runner(context, projection)]));
  const derived = options.cache && cacheRunner(context, options.cache);
  for (const runner of runners.values()) runner.start();
  derived?.start();
  const rebuilds = new Rebuilds(options, context, known, runners);
  return {
    names: known.map(({ name }) => name),
    status: () => statusOf(options, context, known, runners, derived, rebuilds),
    workers: () => Object.fromEntries([...runners].map(([name, runner]) => [name, runner.status()])),
    rebuild: (name, rebuildOptions) => rebuilds.rebuild(name, rebuildOptions),
    rollback: (name, reason) => rebuilds.rollback(name, reason),
    stop: async () => {
      stopped.abort();
      await rebuilds.stop();
      await Promise.all([...[...runners.values()].map((runner) => runner.stop()), derived?.stop(), following]);
    },
  };
}

function contextOf({ eventStore, feed, shards, control, pointer, progress, logger, hooks = {}, owner, checkLogMs }: ProjectionsOptions): WorkerContext {
  return {
    feed: feed ?? new StoreFeed(eventStore, TOPIC_RULES),
    readStream: (stream, readOptions) => eventStore.readStream(stream, readOptions),
    shards, control, pointer, hooks, checkLogMs, log: logger, hub: progress,
    generations: new Generations(control, pointer),
    leases: new Leases(control, owner),
    slots: evenSlots(SLOTS, shards.count),
  };
}

/** Cached rows carry the summary's generation in their key. */
function cacheRunner(context: WorkerContext, cache: Cache<InvoiceSummary>): DerivedRunner<InvoiceSummary> {
  const keysOf = (id: string): readonly string[] => {
    const generation = context.pointer.generationOf(INVOICE_SUMMARY.name);
    return generation === undefined ? [] : [cacheKey(generation, id)];
  };
  return new DerivedRunner({ context, projection: hotCache, cache, keysOf });
}

/** What is told of a rebuild before its first page. */
const notBegun = (projection: string): RebuildProgress => ({ projection, generation: 0, stage: 'fold', eventsDone: 0, eventsTotal: 0, perSecond: 0, etaSeconds: 0 });

/** Rebuilds of this process: one per projection at a time, over all processes. */
class Rebuilds {
  readonly #running = new Map<string, { progress: RebuildProgress; stop: AbortController; done: Promise<unknown> }>();
  readonly #options: ProjectionsOptions;
  readonly #context: WorkerContext;
  readonly #known: readonly StoredProjection[];
  readonly #runners: ReadonlyMap<string, Runner>;

  constructor(options: ProjectionsOptions, context: WorkerContext, known: readonly StoredProjection[], runners: ReadonlyMap<string, Runner>) {
    this.#options = options;
    this.#context = context;
    this.#known = known;
    this.#runners = runners;
  }

  progressOf(projection: string): RebuildProgress | undefined {
    return this.#running.get(projection)?.progress;
  }

  #idle(name: string): StoredProjection {
    const projection = this.#known.find((one) => one.name === name);
    if (!projection) throw platformProblem('projection-unknown', { name, known: this.#known.map((one) => one.name) });
    if (this.#running.has(name)) throw platformProblem('rebuild-running', { projection: name });
    return projection;
  }

  async rebuild(name: string, options: RebuildOptions = {}): Promise<number> {
    const projection = this.#idle(name);
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const entry = { progress: notBegun(name), stop, done: Promise.resolve() as Promise<unknown> };
    const onProgress = (progress: RebuildProgress): void => {
      entry.progress = progress;
      options.onProgress?.(progress);
    };
    this.#running.set(name, entry);
    try {
      const work = this.#alone(name, (lost) => rebuild(this.#tools(), projection, { ...options, signal: AbortSignal.any([signal, lost]), onProgress }));
      entry.done = work.catch(() => undefined);
      const generation = await work;
      await this.#record(options.reason ?? 'rebuild');
      return generation;
    } finally {
      this.#running.delete(name);
    }
  }

  async rollback(name: string, reason = 'rollback'): Promise<number> {
    this.#idle(name);
    const generation = await this.#alone(name, () => rollback(this.#context, name));
    await this.#record(reason);
    return generation;
  }

  /** No other process changes the projection's generations meanwhile. @throws Problem rebuild-running */
  async #alone<Result>(projection: string, work: (lost: AbortSignal) => Promise<Result>): Promise<Result> {
    const hold = await this.#context.control.tryHold(`rebuild ${projection}`);
    if (!hold) throw platformProblem('rebuild-running', { projection });
    try {
      return await work(hold.lost);
    } finally {
      await hold.release().catch(() => undefined);
    }
  }

  /** The switch has happened whatever becomes of its record; a record that fails is said loudly and is no failure of the switch. */
  async #record(reason: string): Promise<void> {
    const { pointer, recordSwitch, logger } = this.#options;
    const change = { set: pointer.name, generations: pointer.current().generations, reason };
    await recordSwitch(change).catch((error: unknown) => logger.warn({ ...change, error: reasonOf(error) }, 'the switch of generations could not be recorded'));
  }

  #tools(): RebuildTools {
    return {
      context: this.#context,
      store: this.#options.rebuildStore,
      reloadWorkers: (name) => this.#runners.get(name)?.reload(),
      released: async (name, generation) => {
        const never = new AbortController().signal;
        while (this.#runners.get(name)?.status().generations.includes(generation)) await pause(RELEASE_LOOK_MS, never);
      },
    };
  }

  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ done }) => done));
  }
}

async function statusOf(
  { eventStore }: ProjectionsOptions, context: WorkerContext, known: readonly StoredProjection[], runners: ReadonlyMap<string, Runner>,
  derived: DerivedRunner<InvoiceSummary> | undefined, rebuilds: Rebuilds,
): Promise<readonly ProjectionStatus[]> {
  // A store that does not answer leaves the count unknown; the seconds still tell.
  const behind = (topics: readonly string[], position: Position): Promise<number | null> => context.feed.status(topics, position).then((status) => status.behind, () => null);
  const rows = await Promise.all(known.map(async (projection): Promise<ProjectionStatus> => {
    const { name, topics } = projection;
    const runner = runners.get(name);
    const rebuild = rebuilds.progressOf(name) ?? null;
    if (!runner) return { ...(await observeProjection(context, eventStore, projection)), rebuild };
    const { lanes, position, secondsBehind } = runner.status();
    return { name, generation: context.pointer.generationOf(name) ?? 0, lanes, position, eventsBehind: await behind(topics, position), secondsBehind, rebuild };
  }));
  if (!derived) return rows;
  const { position, lanes } = derived.status();
  const { name, topics } = derived.projection;
  return [...rows, { name, generation: 1, lanes, position, eventsBehind: await behind(topics, position), secondsBehind: 0, rebuild: null }];
}
