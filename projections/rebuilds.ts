import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { RebuildReport } from '#contracts/queries.js';
import type { Pointer } from '#platform/control/pointer.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Hold } from '#platform/postgres/advisory-lock.js';
import { pause } from '#platform/wake.js';
import { isDerived, type StoredProjection } from './kit/projection.js';
import { knownProjection } from './known.js';
import { reasonOf } from './worker/batch.js';
import type { WorkerContext, WorkerLog } from './worker/context.js';
import type { WantedLayout } from './worker/layouts.js';
import { rebuildDiverged } from './worker/rebuild/diverged.js';
import type { FillThreads } from './worker/rebuild/fill-messages.js';
import { Governor, type Traffic } from './worker/rebuild/governor.js';
import type { RebuildOptions, RebuildTools } from './worker/rebuild/job.js';
import { ProgressMeter, type RebuildProgress } from './worker/rebuild/progress.js';
import { rebuild } from './worker/rebuild/rebuild.js';
import { dropUnused, rollback } from './worker/rebuild/switch.js';
import type { Selection } from './worker/repair/select.js';
import { repair } from './worker/repair/repair.js';
import { planLayout } from './worker/reshard/plan.js';
import { readSkips } from './worker/skips.js';
import type { Runner } from './worker/runner.js';

/** A change of what readers use, for the record in stream `projection-{set}`. */
export interface GenerationSwitch {
  readonly set: string;
  readonly generations: Readonly<Record<string, number>>;
  readonly reason: string;
  /** Readers see other rows than before, and somebody allowed it. */
  readonly differencesAccepted: boolean;
  /** Id of who asked; absent for the system itself. */
  readonly actor?: string;
}

export interface RollbackOptions {
  readonly reason?: string;
  readonly actor?: string;
}

export interface RebuildsOptions {
  readonly context: WorkerContext;
  readonly known: readonly StoredProjection[];
  readonly runners: ReadonlyMap<string, Runner>;
  /** Opened with the right to read only. */
  readonly rebuildStore: EventStore;
  readonly pointer: Pointer;
  /** Readers of this process, whom rebuilds give way to. */
  readonly traffic?: Traffic;
  /** How generations are filled while readers are busy. Absent: by this thread, with rests. */
  readonly threads?: FillThreads | undefined;
  readonly logger: WorkerLog;
  /** Streams with an event of a type were all folded again. */
  readonly onRepaired?: (projection: StoredProjection, type: string) => Promise<void>;
  /** The log went back, and the read models with it. */
  readonly onDiverged?: () => void;
  readonly recordSwitch: (change: GenerationSwitch) => Promise<void>;
  /** Makes shards until this process knows so many. Absent: their addresses are settings. */
  readonly growShards?: (count: number) => Promise<void>;
}

interface Running {
  progress: RebuildProgress;
  readonly governor: Governor;
  readonly stop: AbortController;
  done: Promise<unknown>;
}

const RELEASE_LOOK_MS = 10;
/** A worker that has not ended its batch by then is stuck (ms). */
const RELEASE_MS = 30_000;
const SWEEP_MS = 15_000;
/** Dropping what nobody reads takes less than that (ms). */
const HOLD_MS = 3_000;
const HOLD_LOOK_MS = 200;

/** Of what a process holds that changes the generations of a projection. */
const nameOf = (projection: string): string => `rebuild ${projection}`;

/** What is told of a rebuild before its first page. */
const notBegun = (projection: string): RebuildProgress => ({ projection, generation: 0, stage: 'fold', eventsDone: 0, eventsTotal: 0, perSecond: 0, etaSeconds: 0 });

/** Rebuilds and rollbacks of this process: one per projection at a time, over all processes. */
export class Rebuilds {
  readonly #running = new Map<string, Running>();
  readonly #reports = new Map<string, RebuildReport>();
  readonly #options: RebuildsOptions;
  readonly #stop = new AbortController();
  readonly #dropping = new Set<Promise<void>>();

  constructor(options: RebuildsOptions) {
    this.#options = options;
  }

  /** The whole set that it belongs to is paused, goes on, or is given up. @throws Problem projection-unknown | rebuild-not-running */
  steer(name: string, how: 'pause' | 'resume' | 'cancel'): void {
    const running = this.#running.get(knownProjection(this.#options.known, name).name);
    if (!running) throw platformProblem('rebuild-not-running', { projection: name });
    if (how === 'pause') running.governor.pause();
    else if (how === 'resume') running.governor.resume();
    else running.stop.abort(platformProblem('rebuild-cancelled', { projection: name }));
  }

  progressOf(projection: string): RebuildProgress | undefined {
    return this.#running.get(projection)?.progress;
  }

  reportOf(projection: string): RebuildReport | undefined {
    return this.#reports.get(projection);
  }

  #idle(names: readonly string[]): readonly StoredProjection[] {
    return [...new Set(names)].map((name) => {
      const projection = knownProjection(this.#options.known, name);
      if (this.#running.has(name)) throw platformProblem('rebuild-running', { projection: name });
      return projection;
    });
  }

  async rebuild(names: readonly string[], options: RebuildOptions = {}): Promise<Readonly<Record<string, number>>> {
    const projections = this.#idle(names);
    const stop = new AbortController();
    const governor = options.governor ?? new Governor({ traffic: this.#options.traffic, eventsPerSecond: options.eventsPerSecond });
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const entries = new Map(projections.map(({ name }): [string, Running] => [name, { progress: notBegun(name), governor, stop, done: Promise.resolve() }]));
    for (const [name, entry] of entries) {
      this.#running.set(name, entry);
      this.#reports.set(name, { projection: name, outcome: 'running', generation: null, comparison: null, repaired: null, problem: null });
    }
    const watched = this.#watched(entries, { ...options, governor });
    try {
      const work = this.alone([...entries.keys()], (lost) => this.#run(projections, { ...watched, signal: AbortSignal.any([signal, lost]) }));
      for (const entry of entries.values()) entry.done = work.catch(() => undefined);
      const generations = await work;
      if (options.select) return generations;
      this.#dropBehind(projections);
      for (const [name, generation] of Object.entries(generations)) this.#report(name, { outcome: 'switched', generation });
      if (options.fromDivergence === true) this.#options.onDiverged?.();
      const differencesAccepted = options.fromDivergence === true || projections.some(({ name }) => (this.#reports.get(name)?.comparison?.differing ?? 0) > 0);
      await this.#record({ reason: options.reason ?? 'rebuild', differencesAccepted, ...(options.actor !== undefined && { actor: options.actor }) });
      return generations;
    } catch (error) {
      for (const [name, { progress }] of entries) this.#report(name, { ...outcomeOf(error), generation: progress.generation });
      throw error;
    } finally {
      for (const name of entries.keys()) this.#running.delete(name);
    }
  }

  /** All projections that live in tables: a layout is one for all of them. */
  get #inTables(): readonly string[] {
    return this.#options.known.flatMap((one) => (isDerived(one) ? [] : [one.name]));
  }

  /** Whether rows can be laid out so: refusals come before anything is built. @returns the projections. @throws Problem rebuild-running | reshard-impossible | shard-unavailable */
  async checkLayout(layout: WantedLayout): Promise<readonly string[]> {
    const projections = this.#idle(this.#inTables);
    await this.#options.pointer.refresh();
    await planLayout(this.tools(), projections, layout);
    return projections.map(({ name }) => name);
  }

  /**
   * Builds all rows anew from the log in another layout, proves that they are the same over all shards, and flips the slot table with the generations.
   * @throws Problem as `rebuild`, and reshard-impossible | shard-unavailable: readers stay where they were
   */
  async reshard(layout: WantedLayout, options: Omit<RebuildOptions, 'layout' | 'select' | 'expectChanges'> = {}): Promise<Readonly<Record<string, number>>> {
    return this.rebuild(this.#inTables, { reason: 'reshard', ...options, layout });
  }

  async #run(projections: readonly StoredProjection[], options: RebuildOptions & { readonly signal: AbortSignal }): Promise<Readonly<Record<string, number>>> {
    const { context, rebuildStore: store } = this.#options;
    const { select: selection, signal } = options;
    if (options.fromDivergence === true) return rebuildDiverged(this.tools(), projections, options);
    if (!selection) return rebuild(this.tools(), projections, options);
    for (const projection of projections) {
      const { name } = projection;
      const generation = context.pointer.generationOf(name) ?? 0;
      const meter = new ProgressMeter(name, generation, options.onProgress ?? ((): void => undefined));
      const skipped = await readSkips(context.readStream, projection);
      const repaired = await repair({ context, store, projection, selection, skipped, signal, onPage: (events) => meter.add(events) });
      this.#report(name, { outcome: 'repaired', generation, repaired });
      this.#options.runners.get(name)?.reload();
      if (onlyOfType(selection) && repaired.left.length === 0) await this.#options.onRepaired?.(projection, selection.type);
    }
    return context.pointer.current().generations;
  }

  #watched(entries: ReadonlyMap<string, Running>, options: RebuildOptions): RebuildOptions {
    return {
      ...options,
      onProgress: (progress) => {
        const entry = entries.get(progress.projection);
        if (entry) entry.progress = progress;
        options.onProgress?.(progress);
      },
      onCompared: (name, comparison) => {
        this.#report(name, { comparison });
        options.onCompared?.(name, comparison);
      },
    };
  }

  #report(name: string, more: Partial<RebuildReport>): void {
    const report = this.#reports.get(name);
    if (report) this.#reports.set(name, { ...report, ...more });
  }

  async rollback(names: readonly string[], { reason = 'rollback', actor }: RollbackOptions = {}): Promise<Readonly<Record<string, number>>> {
    const projections = this.#idle(names).map(({ name }) => name);
    const generations = await this.alone(projections, () => rollback(this.#options.context, projections, this.#options.known));
    await this.#record({ reason, differencesAccepted: false, ...(actor !== undefined && { actor }) });
    return generations;
  }

  /** No other process changes the generations of these projections meanwhile. @throws Problem rebuild-running */
  async alone<Result>(projections: readonly string[], work: (lost: AbortSignal) => Promise<Result>): Promise<Result> {
    // No longer than for another process that drops: one that waits for a shard that hangs must not hold up a rollback.
    if (this.#dropping.size > 0) await Promise.race([Promise.all(this.#dropping), pause(HOLD_MS, this.#stop.signal)]);
    return this.#holding(projections, work);
  }

  async #holding<Result>(projections: readonly string[], work: (lost: AbortSignal) => Promise<Result>): Promise<Result> {
    const hold = await this.#hold(projections);
    try {
      return await work(hold.lost);
    } finally {
      await hold.release().catch(() => undefined);
    }
  }

  /** Another process may be dropping what nobody reads any more: that is waited for, a rebuild is not. @throws Problem rebuild-running */
  async #hold(projections: readonly string[]): Promise<Hold> {
    for (const deadline = performance.now() + HOLD_MS; ;) {
      const hold = await this.#options.context.control.tryHold(...projections.map(nameOf));
      if (hold) return hold;
      if (performance.now() > deadline || this.#stop.signal.aborted) throw platformProblem('rebuild-running', { projection: await this.#heldOf(projections) });
      await pause(HOLD_LOOK_MS, this.#stop.signal);
    }
  }

  /** What nobody reads any more goes behind the switch: whoever asked for that does not wait until very large tables, or those on a shard that hangs, are gone. */
  #dropBehind(projections: readonly StoredProjection[]): void {
    const dropping = this.#drop(projections, this.#stop.signal).finally(() => this.#dropping.delete(dropping));
    this.#dropping.add(dropping);
  }

  /** What fails is tried again by the next sweep. */
  async #drop(projections: readonly StoredProjection[], signal: AbortSignal): Promise<void> {
    const names = projections.map(({ name }) => name);
    await this.#holding(names, async (lost) => {
      for (const projection of projections) await dropUnused(this.tools(), { projection, signal: AbortSignal.any([signal, lost]) });
    }).catch(() => undefined);
  }

  /** The first of these that another process has. */
  async #heldOf(projections: readonly string[]): Promise<string> {
    for (const projection of projections) {
      const hold = await this.#options.context.control.tryHold(nameOf(projection));
      if (!hold) return projection;
      await hold.release();
    }
    return projections.join(', ');
  }

  /** The switch has happened whatever becomes of its record; a record that fails is said loudly and is no failure of the switch. */
  async #record(about: Pick<GenerationSwitch, 'reason' | 'differencesAccepted' | 'actor'>): Promise<void> {
    const { pointer, recordSwitch, logger } = this.#options;
    const change = { set: pointer.name, generations: pointer.current().generations, ...about };
    await recordSwitch(change).catch((error: unknown) => logger.warn({ ...change, error: reasonOf(error) }, 'the switch of generations could not be recorded'));
  }

  tools(): RebuildTools {
    const { context, rebuildStore, runners, growShards, threads } = this.#options;
    return {
      context, store: rebuildStore, threads, ...(growShards && { growShards }),
      reloadWorkers: (name) => runners.get(name)?.reload(),
      released: async (name, generation, signal) => {
        const deadline = Date.now() + RELEASE_MS;
        while (runners.get(name)?.status().generations.includes(generation)) {
          signal.throwIfAborted();
          if (Date.now() > deadline) throw new Error(`a worker of ${name} still writes generation ${generation}`);
          await pause(RELEASE_LOOK_MS, signal);
        }
      },
    };
  }

  /** Until the signal aborts: drops what readers could still have used at its switch. One process does it at a time; what fails is tried again. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { context, known } = this.#options;
    while (!signal.aborted) {
      await pause(SWEEP_MS, signal);
      for (const projection of signal.aborted ? [] : known) {
        if (this.#running.has(projection.name) || (await context.generations.unused(projection.name).catch(() => [])).length === 0) continue;
        await this.#drop([projection], signal);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all([...running.map(({ done }) => done), ...this.#dropping]);
  }
}

const onlyOfType = (selection: Selection): selection is Selection & { readonly type: string } => selection.type !== undefined && Object.keys(selection).length === 1;

const REFUSALS: ReadonlySet<string> = new Set(['rebuild-differs', 'rebuild-quarantine-differs']);

function outcomeOf(error: unknown): Pick<RebuildReport, 'outcome' | 'problem'> {
  if (!(error instanceof Problem)) return { outcome: 'failed', problem: { code: 'internal', detail: reasonOf(error) } };
  return { outcome: REFUSALS.has(error.code) ? 'refused' : 'failed', problem: { code: error.code, detail: error.message } };
}
