import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { LogFilter } from '#platform/event-store/port.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import type { RowProjection } from '../../kit/projection.js';
import { reasonOf } from '../batch.js';
import { onEveryShard } from '../bootstrap.js';
import { WORKER_LIMITS, type WorkerContext } from '../context.js';
import { park } from '../quarantine/tables.js';
import { emptyGeneration, placeCheckpoints } from '../schema.js';
import { ShardWriter } from '../shard-writer.js';
import { AsideFile } from './aside.js';
import { RowCopier } from './copy.js';
import { Fill } from './fill.js';
import { buildIndexes } from './index-build.js';
import type { Job } from './job.js';
import { readLog } from './pass.js';

/** One projection of the pass: where its rows go, and what must wait for the indexes. */
interface Filling {
  readonly job: Job<RowProjection>;
  readonly copiers: readonly RowCopier[];
  readonly aside: AsideFile;
}

/** Fills the next generations of all these projections in one pass over the log, then makes their indexes and applies what was set aside. */
export async function copyRows(jobs: readonly Job<RowProjection>[], filter: LogFilter): Promise<void> {
  const fillings = jobs.map((job): Filling => ({
    job, copiers: job.context.shards.settings.map((settings) => new RowCopier(job.projection, job.generation, settings)), aside: new AsideFile(),
  }));
  try {
    for (const { job, copiers } of fillings) {
      await onEveryShard(job.context, emptyGeneration(job.projection, job.generation));
      await Promise.all(copiers.map((copier) => copier.connect()));
    }
    const position = await fillAll(fillings, filter);
    for (const filling of fillings) await finish(filling, position);
  } finally {
    await Promise.all(fillings.flatMap(({ copiers, aside }) => [...copiers.map((copier) => copier.close()), aside.close()]));
  }
}

/** @returns the position up to which the rows of all are complete */
async function fillAll(fillings: readonly Filling[], filter: LogFilter): Promise<Position> {
  const [first] = fillings;
  if (!first) return ORIGIN;
  const { store, signal } = first.job;
  const fills = fillings.map(({ job, copiers, aside }) => new Fill({ projection: job.projection, skipped: job.skipped, shards: job.context.shards, copiers, aside, windowBytes: job.windowBytes, onPage: (events) => job.meter.add(events) }));
  let position = ORIGIN;
  for await (const page of readLog(store, filter, signal)) {
    for (const fill of fills) await fill.take(page);
    position = page.scannedTo;
  }
  for (const fill of fills) await fill.finish();
  return position;
}

async function finish({ job, copiers, aside }: Filling, position: Position): Promise<void> {
  const { context, projection, generation, meter, signal } = job;
  meter.stage('index');
  await Promise.all(context.shards.settings.map((settings) => buildIndexes(projection, generation, settings)));
  signal.throwIfAborted();
  meter.stage('catch-up');
  await parkRefused(job, copiers);
  await applyAside(job, aside, position, copiers);
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
  const writers = connections.map((connection) => new ShardWriter({ projection, generations: [generation], connection, readStream: context.readStream, skipped: job.skipped }));
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
