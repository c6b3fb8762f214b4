import { platformProblem } from '#contracts/kernel/errors.js';
import { laterOf, ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { lanesOf } from '#contracts/topics.js';
import type { Generation } from '#platform/control/generations.js';
import { pause } from '#platform/wake.js';
import { isDerived, type RowProjection, type StoredProjection } from '../../kit/projection.js';
import { typePrefixOf } from '../../kit/topics.js';
import type { WorkerContext } from '../context.js';
import { fingerprintOf } from '../fingerprint.js';
import { readSkips } from '../skips.js';
import { adopt, compare } from './adopt.js';
import { copyRows } from './copy-rows.js';
import { Governor } from './governor.js';
import type { Job, RebuildOptions, RebuildTools } from './job.js';
import type { Until } from './pass.js';
import { ProgressMeter } from './progress.js';
import { refill } from './refill.js';
import { switchReaders } from './switch.js';

/** Bytes of rows being folded at most. */
const WINDOW_BYTES = 24 * 1024 * 1024;
const FIRST_LOOK_MS = 20;
const FIRST_GENERATION_MS = 10_000;

/**
 * Builds the next generations of a set of projections from the log beside the live ones, proves that they are what readers have, and switches
 * readers to all of them at once. Interrupted, it leaves its generations `building` (begun anew under the same number by the next call) or
 * `adopting` (taken up where they were); refused for a difference, `refused` (switched to by the next call when changes are expected).
 * @returns the generations that are live now
 * @throws Problem rebuild-differs | rebuild-quarantine-differs: readers stay where they were
 */
export async function rebuild(tools: RebuildTools, projections: readonly StoredProjection[], options: RebuildOptions = {}): Promise<Readonly<Record<string, number>>> {
  const jobs = await jobsOf(tools, projections, options);
  const unbuilt = jobs.filter(({ begun }) => begun !== 'adopting');
  await build(unbuilt);
  for (const { context, projection, generation } of unbuilt) await context.generations.mark(projection.name, generation, 'adopting');
  for (const job of jobs) await adopt(job);
  for (const job of jobs) await compare(job, options);
  await switchReaders(tools.context, jobs);
  return Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation]));
}

export interface JobsOptions extends RebuildOptions {
  readonly until?: Until;
  /** Generations that nobody will switch to: what is being built already is left alone. */
  readonly apart?: boolean;
}

/** One job for each projection of the set, each with a generation of its own. */
export async function jobsOf(tools: RebuildTools, projections: readonly StoredProjection[], options: JobsOptions): Promise<readonly Job[]> {
  const { logId } = await tools.store.status(toPosition('9'.repeat(18)));
  const governor = options.governor ?? new Governor();
  return Promise.all(projections.map((projection) => jobOf(tools, projection, { ...options, governor }, logId, (options.windowBytes ?? WINDOW_BYTES) / projections.length)));
}

async function jobOf(tools: RebuildTools, projection: StoredProjection, options: JobsOptions & { readonly governor: Governor }, logId: string, windowBytes: number): Promise<Job> {
  const { context, store } = tools;
  const { onProgress, expectChanges, until, governor, apart = false, signal = new AbortController().signal } = options;
  const known = await knownGenerations(context, projection.name, signal);
  const open = apart ? undefined : known.find(({ state }) => state === 'building' || state === 'adopting' || state === 'refused');
  const generation = open?.generation ?? 1 + Math.max(0, ...known.map((one) => one.generation));
  const meter = new ProgressMeter(projection.name, generation, onProgress ?? ((): void => undefined));
  const begun = await takenUp(context, projection.name, open, expectChanges === true);
  // Counting runs beside the fold: it only serves the estimate.
  if (begun !== 'adopting') void store.status(ORIGIN, { typePrefixes: projection.topics.map(typePrefixOf) }).then(({ behind }) => meter.expect(behind ?? 0), () => undefined);
  const skipped = await readSkips((...asked) => store.readStream(...asked), projection);
  return { ...tools, projection, generation, skipped, logId, meter, signal, windowBytes, lanes: lanesOf(projection.topics), begun, governor, ...(until && { until }), ...(options.markEvents !== undefined && { markEvents: options.markEvents }) };
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

/** Tables in one pass over the log; stores elsewhere, whose rows are written again and again, each in its own. @returns how far the log went in */
export async function build(jobs: readonly Job[]): Promise<Position> {
  for (const { context, projection, generation, logId, begun, released, reloadWorkers } of jobs) {
    await context.generations.add(projection.name, generation, 'building', logId, context.leases.owner);
    await context.generations.describe(projection.name, generation, fingerprintOf(projection));
    if (begun !== 'building') continue;
    // A worker may still be writing what was refused.
    reloadWorkers(projection.name);
    await released(projection.name, generation);
  }
  const inTables = jobs.flatMap((job) => (isDerived(job.projection) ? [] : [job as Job<RowProjection>]));
  let position = ORIGIN;
  if (inTables.length > 0) position = await copyRows(inTables, { typePrefixes: [...new Set(inTables.flatMap(({ projection }) => projection.topics.map(typePrefixOf)))] });
  for (const job of jobs) if (isDerived(job.projection)) position = laterOf(position, await refill({ ...job, projection: job.projection }, { typePrefixes: job.projection.topics.map(typePrefixOf) }));
  return position;
}
