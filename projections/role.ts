import { platformProblem } from '#contracts/kernel/errors.js';
import type { LayoutReport, ProjectionStatus, RebuildReport, VerificationReport } from '#contracts/queries.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { Cache } from '#platform/cache/port.js';
import type { ControlDatabase } from '#platform/control/database.js';
import { Generations } from '#platform/control/generations.js';
import { Leases } from '#platform/control/leases.js';
import type { Pointer } from '#platform/control/pointer.js';
import { WorkerBoard } from '#platform/control/worker-board.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Feed } from '#platform/feed/port.js';
import { StoreFeed } from '#platform/feed/store-feed.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import type { Shards } from '#platform/read-store/shards.js';
import { slotCounts } from '#platform/read-store/slot-tables.js';
import { DAILY_REPORT } from './daily-report/store.js';
import { cacheKey, hotCache } from './hot-cache/project.js';
import { cachedRows } from './hot-cache/store.js';
import { INVOICE_SEARCH } from './invoice-search/store.js';
import { INVOICE_SUMMARY } from './invoice-summary/store.js';
import { isDerived, type RowProjection, type StoredProjection } from './kit/projection.js';
import { knownProjection } from './known.js';
import { Observer } from './observe.js';
import { toldRebuild } from './rebuild-notes.js';
import { ProjectionStatuses } from './status.js';
import { TOPIC_RULES } from './kit/topics.js';
import { USERS } from './users/store.js';
import { verifyDerived } from './worker/compare/verify-derived.js';
import type { Scannable } from './worker/compare/verify-documents.js';
import { verifyTables } from './worker/compare/verify.js';
import type { WorkerContext, WorkerHooks, WorkerLog } from './worker/context.js';
import { DerivedRunner } from './worker/derived-runner.js';
import { Audits } from './audits.js';
import { Fingerprints } from './fingerprints.js';
import { Quarantine, type EventSkip } from './quarantine.js';
import { Rebuilds, type GenerationSwitch, type RollbackOptions } from './rebuilds.js';
import { currentTable, type WantedLayout } from './worker/layouts.js';
import type { FillThreads, LogModule } from './worker/rebuild/fill-messages.js';
import type { Traffic } from './worker/rebuild/governor.js';
import type { RebuildOptions } from './worker/rebuild/job.js';
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
export type { EventSkip, GenerationSwitch, LogModule, RebuildOptions, RebuildProgress, RunnerStatus, WorkerHooks, WorkerLog };

export type ReshardOptions = Omit<RebuildOptions, 'layout' | 'select' | 'expectChanges'>;

export const ROW_PROJECTIONS: readonly RowProjection[] = [INVOICE_SUMMARY, INVOICE_SEARCH, USERS, DAILY_REPORT];

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
  /** Appends `projection.event.skipped`; a process without it lists and retries, but skips nothing. */
  readonly recordSkip?: (skip: EventSkip) => Promise<void>;
  /** Name of this worker. The same name after a restart takes its lanes back at once, so it must be unique among running workers. */
  readonly owner: string;
  /** Where a thread opens the log that rebuilds read: while readers are busy, generations are filled there. Absent: always by the thread of the readers. */
  readonly rebuildLog?: LogModule;
  /** Requests of readers to this process: rebuilds give way to them. */
  readonly traffic?: Traffic;
  /** Name of this process where it has readers: what they may still be reading is not dropped. */
  readonly reader?: string;
  /** Those whose live worker runs in this process (default: all that are known). */
  readonly projections?: readonly StoredProjection[];
  /** Those that can be asked about and rebuilt; workers of some may be in other processes. */
  readonly known?: readonly StoredProjection[];
  /** Between two looks whether the log is still the one the rows were built from (ms, default a minute). */
  readonly checkLogMs?: number;
  /** As `WorkerContext.silentMs`. */
  readonly silentMs?: number;
  /** Makes shards until this process knows so many. Absent: their addresses are settings. */
  readonly growShards?: (count: number) => Promise<void>;
  /** Lagging for longer without moving is a fault (s, default 30). */
  readonly stalledSeconds?: number;
}

export interface ProjectionsHandle {
  /** Names of all that are known here. */
  readonly names: readonly string[];
  /** One entry per projection over all its workers, in whichever process, counted now. */
  status(): Promise<readonly ProjectionStatus[]>;
  /** For readiness. @throws Problem log-diverged, or an Error that names a projection whose worker is in this process, lags and does not move */
  check(): Promise<void>;
  /** State of each live worker, without a query. */
  workers(): Readonly<Record<string, RunnerStatus>>;
  /** @returns its generation. @throws Problem projection-unknown | rebuild-running | rebuild-differs | rebuild-quarantine-differs */
  rebuild(projection: string, options?: RebuildOptions): Promise<number>;
  /** All of them in one pass over the log and one switch. @throws as `rebuild` */
  rebuildSet(projections: readonly string[], options?: RebuildOptions): Promise<Readonly<Record<string, number>>>;
  /** Whether rows can be laid out so. @returns the projections it is about. @throws Problem rebuild-running | reshard-impossible | shard-unavailable */
  checkLayout(layout: WantedLayout): Promise<readonly string[]>;
  /** Lays the rows of all projections out anew. @throws as `checkLayout` and `rebuild` */
  reshard(layout: WantedLayout, options?: ReshardOptions): Promise<Readonly<Record<string, number>>>;
  /** Where rows lie now. */
  layout(): LayoutReport;
  /** How the last rebuild ended that this process ran. */
  lastRebuild(projection: string): RebuildReport | undefined;
  /** The rebuild that it belongs to is paused, goes on, or is given up (what was built is gone on with by the next one). @throws Problem projection-unknown | rebuild-not-running */
  steerRebuild(projection: string, how: 'pause' | 'resume' | 'cancel'): void;
  /** @throws Problem projection-unknown | rebuild-running | rollback-impossible */
  rollback(projection: string, reason?: string): Promise<number>;
  /** All of them in one switch. @throws as `rollback` */
  rollbackSet(projections: readonly string[], options?: RollbackOptions): Promise<Readonly<Record<string, number>>>;
  /** Reads every row that readers have. @throws Problem projection-unknown | read-store-unavailable | search-unavailable | upstream-unavailable */
  verify(projection: string): Promise<VerificationReport>;
  /** Read models of another moment. */
  readonly audits: Audits;
  /** Streams that a projection could not take. */
  readonly quarantine: Quarantine;
  /** Finishes the batches in hand and releases the lanes. */
  stop(): Promise<void>;
}

/** Starts the live workers of all projections in this process. */
export async function startProjections(options: ProjectionsOptions): Promise<ProjectionsHandle> {
  const context = contextOf(options);
  await options.pointer.refresh();
  const stopped = new AbortController();
  const { reader, shards } = options;
  if (reader !== undefined) await options.pointer.tell(reader, shards.count);
  const following = options.pointer.follow(stopped.signal, reader, () => shards.count);
  const running = options.projections ?? options.known ?? ROW_PROJECTIONS;
  const known = options.known ?? running;
  const runners = new Map(running.map((projection) => [projection.name, new Runner(context, projection)]));
  const derived = options.cache && cacheRunner(context, options.cache);
  for (const runner of runners.values()) runner.start();
  derived?.start();
  const quarantine = new Quarantine({ context, known, recordSkip: options.recordSkip ?? cannotRecord, reloadWorkers: (name) => runners.get(name)?.reload() });
  const { growShards } = options;
  const grow = growShards && (async (count: number): Promise<void> => {
    await growShards(count);
    if (reader !== undefined) await options.pointer.tell(reader, shards.count);
  });
  const fingerprints = new Fingerprints(context, known);
  const rebuilds = new Rebuilds({ ...options, threads: options.rebuildLog && threadsFor(options.rebuildLog, options.control), context, known, runners, ...(grow && { growShards: grow }), onDiverged: () => derived?.beginAnew(), onRepaired: (projection, type) => fingerprints.repaired(projection, type) });
  const audits = new Audits(context, known, rebuilds);
  const sweeping = rebuilds.sweep(stopped.signal);
  void fingerprints.look().catch(() => undefined);
  const board = new WorkerBoard<RunnerStatus, RebuildProgress>(options.control, options.owner);
  const statuses = new ProjectionStatuses({
    observer: new Observer(context, options.eventStore), board, known, owner: options.owner, workers: runners, own: derived, rebuildOf: (name) => rebuilds.progressOf(name), outOfDate: (name) => fingerprints.of(name), stalledSeconds: options.stalledSeconds,
  });
  return {
    names: known.map(({ name }) => name),
    status: async () => {
      await fingerprints.look().catch(() => undefined);
      return statuses.all();
    },
    check: () => statuses.check(),
    workers: () => Object.fromEntries([...runners].map(([name, runner]) => [name, runner.status()])),
    rebuild: (name, rebuildOptions = {}) => toldRebuild(board, rebuildOptions, async (told) => (await rebuilds.rebuild([name], told))[name] ?? 0),
    rebuildSet: (names, rebuildOptions = {}) => toldRebuild(board, rebuildOptions, (told) => rebuilds.rebuild(names, told)),
    checkLayout: (layout) => rebuilds.checkLayout(layout),
    reshard: (layout, reshardOptions = {}) => toldRebuild(board, reshardOptions, (told) => rebuilds.reshard(layout, told)),
    layout: () => ({ known: context.shards.count, slots: slotCounts(currentTable(context)) }),
    steerRebuild: (name, how) => rebuilds.steer(name, how),
    lastRebuild: (name) => rebuilds.reportOf(name),
    rollback: async (name, reason) => (await rebuilds.rollback([name], reason === undefined ? {} : { reason }))[name] ?? 0,
    rollbackSet: (names, rollbackOptions) => rebuilds.rollback(names, rollbackOptions),
    quarantine,
    audits,
    verify: (name) => verify({ context, known, own: options.cache && { ...hotCache, store: cachedRows(options.cache, () => options.pointer.generationOf(INVOICE_SUMMARY.name)) }, store: options.eventStore, signal: stopped.signal }, name),
    stop: async () => {
      stopped.abort();
      await rebuilds.stop();
      await Promise.all([...[...runners.values()].map((runner) => runner.stop()), derived?.stop(), following, sweeping]);
      if (reader !== undefined) await options.pointer.leave(reader).catch(() => undefined);
    },
  };
}

const threadsFor = (log: LogModule, control: ControlDatabase): FillThreads =>
  ({ log, control: control.settings, entry: new URL('./fill-generations.js', import.meta.url), knows: (projection) => ROW_PROJECTIONS.includes(projection) });

const cannotRecord = (): Promise<never> => Promise.reject(new Error('this process cannot append to the log'));

interface Verifying {
  readonly context: WorkerContext;
  readonly known: readonly StoredProjection[];
  /** The cache of this process; it has no generations of its own. */
  readonly own: Scannable | undefined;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly signal: AbortSignal;
}

/** @throws Problem projection-unknown | read-store-unavailable */
async function verify({ context, known, own, store, signal }: Verifying, name: string): Promise<VerificationReport> {
  if (own?.name === name && known.every((one) => one.name !== name)) return verifyDerived({ context, store, projection: own, generation: 1, signal });
  const projection = knownProjection(known, name);
  if (!isDerived(projection)) return verifyTables(context, projection);
  const generation = context.pointer.generationOf(name);
  if (generation === undefined) throw platformProblem('read-store-unavailable');
  // Every invoice has a row in the summary.
  const table = known.flatMap((one) => (isDerived(one) || one.name !== INVOICE_SUMMARY.name ? [] : [one]))[0];
  return verifyDerived({ context, store, projection, generation, table, signal });
}

function contextOf({ eventStore, feed, shards, control, pointer, progress, logger, hooks = {}, owner, checkLogMs, silentMs }: ProjectionsOptions): WorkerContext {
  return {
    feed: feed ?? new StoreFeed(eventStore, TOPIC_RULES),
    readStream: (stream, readOptions) => eventStore.readStream(stream, readOptions),
    shards, control, pointer, hooks, checkLogMs, silentMs, log: logger, hub: progress,
    generations: new Generations(control, pointer),
    leases: new Leases(control, owner),
  };
}

/** Cached rows carry the summary's generation in their key. Those of the generation used before are kept current as well: readers may go back to it. */
function cacheRunner(context: WorkerContext, cache: Cache<InvoiceSummary>): DerivedRunner<InvoiceSummary> {
  let used: readonly number[] = [];
  const keysOf = (id: string): readonly string[] => {
    const generation = context.pointer.generationOf(INVOICE_SUMMARY.name);
    if (generation !== undefined && generation !== used[0]) used = [generation, ...used.slice(0, 1)];
    return used.map((one) => cacheKey(one, id));
  };
  return new DerivedRunner({ context, projection: hotCache, cache, keysOf });
}
