import type { Lane } from '#contracts/kernel/lane.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';
import { laneOf, lanesOf } from '#contracts/topics.js';
import type { EventStore } from '#platform/event-store/port.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import { pause } from '#platform/wake.js';
import { isDerived, type RowProjection, type StoredProjection } from '../../kit/projection.js';
import { typePrefixOf } from '../../kit/topics.js';
import { reasonOf } from '../batch.js';
import { dropWhole, onEveryShard } from '../bootstrap.js';
import { WORKER_LIMITS, type WorkerContext } from '../context.js';
import { park } from '../quarantine.js';
import { emptyGeneration, placeCheckpoints } from '../schema.js';
import { ShardWriter } from '../shard-writer.js';
import { AsideFile } from './aside.js';
import { RowCopier } from './copy.js';
import { Fill } from './fill.js';
import { buildIndexes } from './index-build.js';
import { ProgressMeter, type RebuildProgress } from './progress.js';
import { refill } from './refill.js';

/** Bytes of rows being folded at most. */
const WINDOW_BYTES = 24 * 1024 * 1024;
const ADOPTION_LOOK_MS = 20;
const FIRST_GENERATION_MS = 10_000;

export interface RebuildOptions {
  readonly onProgress?: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal;
  readonly windowBytes?: number;
  /** Who asked, for the record of the switch. */
  readonly reason?: string;
}

export interface RebuildTools {
  readonly context: WorkerContext;
  /** Reads only: a rebuild has no right to write events. */
  readonly store: EventStore;
  /** Tells the live workers of this process that generations changed. */
  readonly reloadWorkers: (projection: string) => void;
  /** Resolves when no worker of this process writes the generation any more. */
  readonly released: (projection: string, generation: number) => Promise<void>;
}

export interface Job<Kept extends StoredProjection = StoredProjection> extends RebuildTools {
  readonly projection: Kept;
  readonly generation: number;
  readonly lanes: readonly Lane[];
  readonly logId: string;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  readonly windowBytes: number;
}

/**
 * Builds the next generation from the log beside the live one and switches readers to it. Interrupted, it leaves its generation `building`
 * (begun anew under the same number by the next call) or `adopting` (taken up where it was).
 * @returns the generation that is live now
 */
export async function rebuild(tools: RebuildTools, projection: StoredProjection, options: RebuildOptions = {}): Promise<number> {
  const { context, store } = tools;
  const signal = options.signal ?? new AbortController().signal;
  const filter = { typePrefixes: projection.topics.map(typePrefixOf) };
  const { logId } = await store.status(toPosition('9'.repeat(18)));
  const known = await knownGenerations(context, projection.name, signal);
  const begun = known.find(({ state }) => state === 'building' || state === 'adopting');
  const generation = begun?.generation ?? 1 + Math.max(0, ...known.map((one) => one.generation));
  const meter = new ProgressMeter(projection.name, generation, options.onProgress ?? ((): void => undefined));
  const job: Job = { ...tools, projection, generation, logId, meter, signal, lanes: lanesOf(projection.topics), windowBytes: options.windowBytes ?? WINDOW_BYTES };
  if (begun?.state !== 'adopting') {
    // Counting runs beside the fold: it only serves the estimate.
    void store.status(ORIGIN, filter).then(({ behind }) => meter.expect(behind ?? 0), () => undefined);
    await build(job, filter);
    await context.generations.mark(projection.name, generation, 'adopting');
  }
  await adopt(job);
  await switchReaders(job);
  return generation;
}

/** The live worker makes the very first generation; a rebuild asked for before that waits for it. @throws Problem read-store-unavailable */
async function knownGenerations(context: WorkerContext, projection: string, signal: AbortSignal): ReturnType<WorkerContext['generations']['list']> {
  const deadline = Date.now() + FIRST_GENERATION_MS;
  for (;;) {
    signal.throwIfAborted();
    const known = await context.generations.list(projection);
    if (known.some(({ state }) => state === 'live')) return known;
    if (Date.now() > deadline) throw platformProblem('read-store-unavailable');
    await pause(ADOPTION_LOOK_MS, signal);
  }
}

async function build(job: Job, filter: { typePrefixes: string[] }): Promise<void> {
  const { context, projection, generation } = job;
  await context.generations.add(projection.name, generation, 'building', job.logId, context.leases.owner);
  return isDerived(projection) ? refill({ ...job, projection }, filter) : copyRows({ ...job, projection }, filter);
}

async function copyRows(job: Job<RowProjection>, filter: { typePrefixes: string[] }): Promise<void> {
  const { context, projection, generation, meter, signal } = job;
  await onEveryShard(context, emptyGeneration(projection, generation));
  const copiers = context.shards.settings.map((settings) => new RowCopier(projection, generation, settings));
  const aside = new AsideFile();
  try {
    await Promise.all(copiers.map((copier) => copier.connect()));
    const fill = new Fill({ ...job, filter, copiers, aside, shards: context.shards, onPage: (events) => meter.add(events) });
    const position = await fill.run();
    meter.stage('index');
    await Promise.all(context.shards.settings.map((settings) => buildIndexes(projection, generation, settings)));
    signal.throwIfAborted();
    meter.stage('catch-up');
    await parkRefused(job, copiers);
    await applyAside(job, aside, position, copiers);
  } finally {
    await Promise.all(copiers.map((copier) => copier.close()));
    await aside.close();
  }
}

/** Rows that the table refused (a deterministic fault) are parked streams of the new generation. */
async function parkRefused({ context, projection, generation }: Job, copiers: readonly RowCopier[]): Promise<void> {
  for (const { pending, error } of copiers.flatMap(({ refused }) => refused)) {
    const [row] = await context.readStream(pending.stream as Parameters<WorkerContext['readStream']>[0], { from: pending.row.revision, limit: 1 });
    if (row) await onEveryShard(context, [park(projection.name, [generation], { event: row, lane: laneOf(row.type, row.stream), reason: reasonOf(error) })]);
  }
}

/** Later events of written rows go through the live batch path, checkpoints moving along; at the end all lanes stand at the position. */
async function applyAside(job: Job, aside: AsideFile, position: Position, copiers: readonly RowCopier[]): Promise<void> {
  const { context, projection, generation, lanes, logId } = job;
  const start = aside.count === 0 ? position : ORIGIN;
  await onEveryShard(context, (shard) => [placeCheckpoints(projection.name, generation, lanes, start, logId, copiers[shard]?.digests)]);
  if (aside.count === 0) return;
  const connections = context.shards.settings.map((settings) => new WriterConnection(settings, 'folio-rebuild'));
  const writers = connections.map((connection) => new ShardWriter({ projection, generations: [generation], connection, readStream: context.readStream }));
  try {
    const unowned = lanes.map((lane) => ({ lane, epoch: '0' }));
    await Promise.all(writers.map((writer) => writer.claim(unowned, logId)));
    for await (const batch of aside.batches(WORKER_LIMITS.batchEvents)) {
      job.signal.throwIfAborted();
      const entries = batch.map((event) => ({ event, lane: laneOf(event.type, event.stream) }));
      const upTo = batch.at(-1)?.position ?? position;
      await Promise.all(writers.map((writer, shard) => writer.apply(entries.filter(({ event }) => context.shards.shardOf(event.shardKey) === shard), upTo)));
    }
    await Promise.all(writers.map((writer) => writer.apply([], position)));
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

const APART = `SELECT count(*) FROM checkpoint AS next JOIN checkpoint AS live USING (projection, lane)
  WHERE projection = $1 AND next.generation = $2 AND live.generation = $3 AND (next.position <> live.position OR next.epoch <> live.epoch)`;

/** The live worker takes the generation in; from then on both stand at the same position at every commit. */
async function adopt({ context, projection, generation, meter, signal, reloadWorkers }: Job): Promise<void> {
  meter.stage('catch-up');
  const live = (await context.generations.list(projection.name)).find(({ state }) => state === 'live');
  reloadWorkers(projection.name);
  while (live) {
    signal.throwIfAborted();
    const apart = await Promise.all(context.shards.pools.map((pool) => pool.query<{ count: string }>(APART, [projection.name, generation, live.generation])));
    if (apart.every(({ rows }) => rows[0]?.count === '0')) return;
    await pause(ADOPTION_LOOK_MS, signal);
  }
}

async function switchReaders(job: Job): Promise<void> {
  const { context, projection, generation, meter } = job;
  meter.stage('switch');
  const before = await context.generations.list(projection.name);
  await context.generations.switchTo(projection.name, generation, context.slots);
  meter.stage('done');
  await dropUnused(job, before.filter(({ state }) => state === 'previous').map((one) => one.generation));
}

/** The generation before the previous one: no reader has used it since the switch before this one. */
async function dropUnused({ context, projection, reloadWorkers, released }: Job, generations: readonly number[]): Promise<void> {
  if (generations.length === 0) return;
  reloadWorkers(projection.name);
  for (const generation of generations) {
    await released(projection.name, generation);
    await dropWhole(context, projection, generation);
  }
}

/** Readers go back to the previous generation, which was kept current. @throws Problem rollback-impossible */
export async function rollback(context: WorkerContext, projection: string): Promise<number> {
  const previous = (await context.generations.list(projection)).find(({ state }) => state === 'previous');
  if (!previous) throw platformProblem('rollback-impossible', { projection });
  await context.generations.switchTo(projection, previous.generation, context.slots);
  return previous.generation;
}
