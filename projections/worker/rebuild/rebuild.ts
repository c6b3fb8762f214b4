import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import { lanesOf } from '#contracts/topics.js';
import type { Generation } from '#platform/control/generations.js';
import { eachDone } from '#platform/all-done.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { isDiskFull } from '#platform/read-store/connection.js';
import { isSameTable, shardsIn, type SlotTable } from '#platform/read-store/slot-tables.js';
import { pause } from '#platform/wake.js';
import { whileHolds } from '#platform/while-holds.js';
import { isDerived, type RowProjection, type StoredProjection } from '../../kit/projection.js';
import { typePrefixOf } from '../../kit/topics.js';
import { reasonOf } from '../batch.js';
import { onShardsOf } from '../bootstrap.js';
import type { WorkerContext } from '../context.js';
import { fingerprintOf } from '../fingerprint.js';
import { currentTable } from '../layouts.js';
import { whileShardsAnswer } from '../reshard/availability.js';
import { planLayout } from '../reshard/plan.js';
import { dropGeneration } from '../schema.js';
import { checkKept } from '../room.js';
import { readSkips } from '../skips.js';
import { adopt, compare } from './adopt.js';
import { copyRows } from './copy-rows.js';
import { copyRowsInThread } from './fill-thread.js';
import { Governor } from './governor.js';
import type { Job, RebuildOptions, RebuildTools } from './job.js';
import type { Until } from './pass.js';
import { ProgressMeter } from './progress.js';
import { refill } from './refill.js';
import { dropUnused, switchReaders } from './switch.js';

/** Bytes of rows being folded at most, of a set and of one projection of it. */
const WINDOW_BYTES = 24 * 1024 * 1024;
const WINDOW_BYTES_OF_ONE = 12 * 1024 * 1024;
/** A worker lets go of a generation within that time, or the sweep drops it later (ms). */
const DROP_MS = 10_000;
const FIRST_LOOK_MS = 20;
const FIRST_GENERATION_MS = 10_000;

/**
 * Builds the next generations of a set of projections from the log beside the live ones, proves that they are what readers have, and switches
 * readers to all of them at once. Interrupted, it leaves its generations `building` (begun anew under the same number by the next call) or
 * `adopting` (taken up where they were; given up when it was a shard of theirs alone that went away); refused for a difference, `refused` (switched to by the next call when changes are expected).
 * @returns the generations that are live now
 * @throws Problem rebuild-differs | rebuild-quarantine-differs | reshard-impossible | shard-unavailable | read-store-full: readers stay where they were
 */
export async function rebuild(tools: RebuildTools, projections: readonly StoredProjection[], options: RebuildOptions = {}): Promise<Readonly<Record<string, number>>> {
  const jobs = await filled(tools, projections, options).catch((error: unknown) => letGo(tools, projections, error));
  await switchReaders(tools.context, jobs);
  return Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation]));
}

/** Built, kept current by the live workers, and proven. */
async function filled(tools: RebuildTools, projections: readonly StoredProjection[], options: RebuildOptions): Promise<readonly Job[]> {
  const planned = await jobsOf(tools, projections, options);
  const { signal = new AbortController().signal } = options;
  await whileShardsAnswer(shardsOf(tools.context, planned), signal, async (alive) => {
    const unbuilt = planned.filter(({ begun }) => begun !== 'adopting').map((job) => ({ ...job, signal: alive }));
    await build(unbuilt);
    for (const { context, projection, generation } of unbuilt) await context.generations.mark(projection.name, generation, 'adopting');
    // All workers begin to take them in at once.
    for (const { projection } of planned) tools.reloadWorkers(projection.name);
    const checkAllKept = (): Promise<unknown> => Promise.all(planned.map(({ context, projection, generation }) => checkKept(context, projection, generation)));
    await whileHolds(checkAllKept, alive, (kept) => proven(planned.map((job) => ({ ...job, signal: kept })), options));
  }, tools.context.silentMs);
  return planned;
}

/** Taken in by the live workers, and what they have is what readers have. */
async function proven(jobs: readonly Job[], options: RebuildOptions): Promise<void> {
  const inTurn = jobs[0]?.governor.isBusy === true;
  await eachDone(jobs, inTurn, adopt);
  await eachDone(jobs, inTurn, (job) => compare(job, options));
}

/** A worker that keeps a generation on a shard that is gone moves nothing: one that lies where readers have nothing is given up, so that the live one goes on. What was given up for want of room is dropped at once. */
async function letGo(tools: RebuildTools, projections: readonly StoredProjection[], error: unknown): Promise<never> {
  const { context, reloadWorkers } = tools;
  if (error instanceof Problem && error.code === 'read-store-full') for (const projection of projections) await dropUnused(tools, { projection, signal: AbortSignal.timeout(DROP_MS) });
  if (!(error instanceof Problem) || error.code !== 'shard-unavailable') throw error;
  const inUse = shardsIn(context.pointer.current().slots);
  for (const projection of projections) {
    const kept = (await context.generations.list(projection.name)).filter(({ state, slots }) => (state === 'adopting' || state === 'refused') && shardsIn(slots) > inUse);
    for (const { generation } of isDerived(projection) ? [] : kept) await context.generations.giveUp(projection.name, generation);
    reloadWorkers(projection.name);
  }
  throw error;
}

/** Those that readers use and those that are filled: without one of them there is nothing to go on with. */
function shardsOf({ shards, pointer }: WorkerContext, jobs: readonly Job[]): readonly ConnectionSettings[] {
  return shards.settings.slice(0, Math.max(shardsIn(pointer.current().slots), ...jobs.map(({ slots }) => shardsIn(slots))));
}

export interface JobsOptions extends RebuildOptions {
  readonly until?: Until;
  /** Generations that nobody will switch to: what is being built already is left alone. */
  readonly apart?: boolean;
}

/** One job for each projection of the set, each with a generation of its own. */
export async function jobsOf(tools: RebuildTools, projections: readonly StoredProjection[], options: JobsOptions): Promise<readonly Job[]> {
  const { logId, head } = await tools.store.status();
  await tools.context.pointer.refresh();
  const governor = options.governor ?? new Governor();
  const slots = options.layout ? await planLayout(tools, projections, options.layout) : currentTable(tools.context);
  // Where this process does not know all of them, rows would have nowhere to go.
  tools.context.shards.poolsOf(slots);
  return Promise.all(projections.map((projection) => jobOf(tools, projection, { ...options, governor }, { logId, head, slots, windowBytes: Math.min(WINDOW_BYTES_OF_ONE, (options.windowBytes ?? WINDOW_BYTES) / projections.length) })));
}

async function jobOf(tools: RebuildTools, projection: StoredProjection, options: JobsOptions & { readonly governor: Governor }, { head, ...common }: Pick<Job, 'logId' | 'slots' | 'windowBytes'> & { readonly head: Position }): Promise<Job> {
  const { context, store } = tools;
  const { onProgress, expectChanges, until, governor, apart = false, signal = new AbortController().signal } = options;
  const known = await knownGenerations(context, projection.name, signal);
  const open = apart ? undefined : await openOf(context, projection, known, common.slots);
  const generation = open?.generation ?? 1 + Math.max(0, ...known.map((one) => one.generation));
  const meter = new ProgressMeter(projection.name, generation, onProgress ?? ((): void => undefined));
  const begun = await takenUp(context, projection.name, open, expectChanges === true);
  meter.expect(until && 'position' in until ? until.position : head);
  const skipped = await readSkips((...asked) => store.readStream(...asked), projection);
  return { ...tools, ...common, projection, generation, skipped, meter, signal, lanes: lanesOf(projection.topics), begun, governor, ...(until && { until }), ...(options.markEvents !== undefined && { markEvents: options.markEvents }) };
}

/** What an earlier rebuild has left. A generation keeps its layout for life: one that was begun for another layout is given up. */
async function openOf(context: WorkerContext, projection: StoredProjection, known: readonly Generation[], slots: SlotTable): Promise<Generation | undefined> {
  const open = known.filter(({ state }) => state === 'building' || state === 'adopting' || state === 'refused');
  const usable = open.filter((one) => isDerived(projection) || isSameTable(one.slots, slots));
  for (const { generation } of open) if (!usable.some((one) => one.generation === generation)) await context.generations.giveUp(projection.name, generation);
  return usable[0];
}

/** What was refused is kept current: when changes are expected it is compared and switched to at once, otherwise it is begun anew. */
async function takenUp(context: WorkerContext, projection: string, open: Generation | undefined, expectChanges: boolean): Promise<Job['begun']> {
  if (open?.state !== 'refused') return open?.state === 'building' || open?.state === 'adopting' ? open.state : undefined;
  const state = expectChanges ? 'adopting' : 'building';
  await context.generations.mark(projection, open.generation, state);
  return state;
}

/** The live worker makes the very first generation; a rebuild asked for before that waits for it. @throws Problem read-store-unavailable */
async function knownGenerations(context: WorkerContext, projection: string, signal: AbortSignal): Promise<readonly Generation[]> {
  const deadline = Date.now() + FIRST_GENERATION_MS;
  for (;;) {
    signal.throwIfAborted();
    const known = await context.generations.list(projection);
    if (known.some(({ state }) => state === 'live')) return known;
    if (Date.now() > deadline) throw platformProblem('read-store-unavailable');
    await pause(FIRST_LOOK_MS, signal);
  }
}

/** For generations that are not compared with others. @returns how far the log went in. @throws Problem shard-unavailable | read-store-full */
export function buildWhileShardsAnswer({ context }: RebuildTools, jobs: readonly Job[]): Promise<Position> {
  const signal = AbortSignal.any(jobs.map((job) => job.signal));
  return whileShardsAnswer(shardsOf(context, jobs), signal, (alive) => build(jobs.map((job) => ({ ...job, signal: alive }))), context.silentMs);
}

/** Tables in one pass over the log; stores elsewhere, whose rows are written again and again, each in its own. @returns how far the log went in. @throws Problem read-store-full */
async function build(jobs: readonly Job[]): Promise<Position> {
  for (const { context, projection, generation, slots, logId, begun, released, reloadWorkers, signal } of jobs) {
    await context.generations.add({ projection: projection.name, generation, state: 'building', logId, owner: context.leases.owner, slots: isDerived(projection) ? null : slots });
    await context.generations.describe(projection.name, generation, fingerprintOf(projection));
    if (begun !== 'building') continue;
    // A worker may still be writing what was refused.
    reloadWorkers(projection.name);
    await released(projection.name, generation, signal);
  }
  const inTables = jobs.flatMap((job) => (isDerived(job.projection) ? [] : [job as Job<RowProjection>]));
  let position = ORIGIN;
  if (inTables.length > 0) position = await fillTables(inTables).catch((error: unknown) => giveRoomBack(inTables, error));
  for (const job of jobs) if (isDerived(job.projection)) position = laterOf(position, await refill({ ...job, projection: job.projection }, { typePrefixes: job.projection.topics.map(typePrefixOf) }));
  return position;
}

/** While readers are busy by a thread that they do not wait for; otherwise here, which needs no thread that begins with nothing. */
function fillTables(jobs: readonly Job<RowProjection>[]): Promise<Position> {
  const filter = { typePrefixes: [...new Set(jobs.flatMap(({ projection }) => projection.topics.map(typePrefixOf)))] };
  const { threads, governor } = jobs[0] ?? {};
  return threads && governor?.isBusy === true && jobs.every(({ projection }) => threads.knows(projection)) ? copyRowsInThread(threads, jobs, filter) : copyRows(jobs, filter);
}

/** A full disk stops the live worker as well: what was being built goes at once, so that the live generation has its room again. */
async function giveRoomBack(jobs: readonly Job[], error: unknown): Promise<never> {
  if (!isDiskFull(error)) throw error;
  for (const { context, projection, generation, slots } of jobs) {
    await context.generations.saveProgress(projection.name, generation, {});
    await onShardsOf(context, slots, dropGeneration(projection.name, generation));
  }
  throw platformProblem('read-store-full', { reason: reasonOf(error) }, { cause: error });
}
