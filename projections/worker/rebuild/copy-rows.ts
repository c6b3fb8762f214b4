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
import { Aside } from './aside.js';
import { RowCopier } from './copy.js';
import { Fill } from './fill.js';
import { buildIndexes } from './index-build.js';
import type { Job } from './job.js';
import { readLog } from './pass.js';
import { identityOf, savedMark, saveMark, type FillMark } from './resume.js';

/** Events between two marks that an interrupted rebuild goes on from. */
const MARK_EVENTS = 500_000;

/** One projection of the pass: where its rows go, and what must wait for the indexes. */
interface Filling {
  readonly job: Job<RowProjection>;
  readonly copiers: readonly RowCopier[];
  readonly aside: Aside;
  readonly fill: Fill;
}

/** Fills the next generations of all these projections in one pass over the log, then makes their indexes and applies what was set aside. @returns up to where */
export async function copyRows(jobs: readonly Job<RowProjection>[], filter: LogFilter): Promise<Position> {
  const fillings = jobs.map(fillingOf);
  try {
    const mark = await begin(fillings);
    const position = mark?.complete === true ? mark.position : await fillAll(fillings, filter, mark?.position);
    for (const filling of fillings) await finish(filling, position);
    return position;
  } finally {
    await Promise.all(fillings.flatMap(({ copiers, aside }) => [...copiers.map((copier) => copier.close()), aside.close()]));
  }
}

function fillingOf(job: Job<RowProjection>): Filling {
  const { context: { shards }, projection, generation, skipped, windowBytes, meter, governor } = job;
  const [first] = shards.settings;
  if (!first) throw new Error('there is no shard');
  const copiers = shards.settings.map((settings) => new RowCopier(projection, generation, settings, governor));
  const aside = new Aside(projection.name, generation, first);
  return { job, copiers, aside, fill: new Fill({ projection, skipped, shards, copiers, aside, windowBytes, governor, onPage: (events) => meter.add(events) }) };
}

/** From the last mark, when all of the set have the same one; otherwise empty and from the beginning. */
async function begin(fillings: readonly Filling[]): Promise<FillMark | undefined> {
  const marks = await Promise.all(fillings.map(({ job }) => savedMark(job)));
  const [first] = marks;
  const resumed = first && marks.every((mark) => mark?.position === first.position && mark.complete === first.complete) ? first : undefined;
  for (const [place, { job, copiers, aside }] of fillings.entries()) {
    if (!resumed) await onEveryShard(job.context, emptyGeneration(job.projection, job.generation));
    await Promise.all([aside.connect(), ...copiers.map((copier) => copier.connect())]);
    await aside.begin(resumed?.position);
    const mark = marks[place];
    if (resumed && mark) await Promise.all(copiers.map((copier, shard) => copier.resume(job, mark, shard)));
  }
  return resumed;
}

/** @returns the position up to which the rows of all are complete */
async function fillAll(fillings: readonly Filling[], filter: LogFilter, from: Position = ORIGIN): Promise<Position> {
  const [first] = fillings;
  if (!first) return ORIGIN;
  const { store, signal, until, markEvents = MARK_EVENTS } = first.job;
  let position = from;
  let unmarked = 0;
  for await (const page of readLog(store, { filter, signal, from, until })) {
    for (const { fill } of fillings) await fill.take(page);
    await first.job.governor.page(page.events.length, signal, (isPaused) => { for (const { job } of fillings) job.meter.stage(isPaused ? 'paused' : 'fold'); });
    position = page.scannedTo;
    unmarked += page.events.length;
    if (unmarked < markEvents) continue;
    await mark(fillings, position, false);
    unmarked = 0;
  }
  await mark(fillings, position, true);
  return position;
}

/** Interrupted from here on, the next run goes on behind this position. */
async function mark(fillings: readonly Filling[], position: Position, complete: boolean): Promise<void> {
  for (const { job, fill, copiers } of fillings) {
    await fill.flush();
    await parkRefused(job, copiers);
    await saveMark(job, { position, complete, digests: copiers.map((copier) => copier.digestsByLane()), identity: identityOf(job) });
  }
}

async function finish({ job, copiers, aside }: Filling, position: Position): Promise<void> {
  const { context, projection, generation, meter, signal, governor } = job;
  meter.stage('index');
  await Promise.all(context.shards.settings.map((settings) => buildIndexes(projection, generation, settings, governor.isBusy)));
  signal.throwIfAborted();
  meter.stage('catch-up');
  await applyAside(job, aside, position, copiers);
  await aside.drop();
}

/** Rows that the table refused (a deterministic fault) are parked streams of the new generation. */
async function parkRefused({ context, projection, generation }: Job, copiers: readonly RowCopier[]): Promise<void> {
  const refused = copiers.flatMap((copier) => copier.refused.splice(0));
  for (const { pending, error } of refused) {
    const [row] = await context.readStream(pending.stream as Parameters<WorkerContext['readStream']>[0], { from: pending.row.revision, limit: 1 });
    if (row) await onEveryShard(context, [park(projection.name, [generation], { event: row, lane: laneOf(row.type, row.stream), reason: reasonOf(error) })]);
  }
}

/** Later events of written rows go through the live batch path, checkpoints moving along; at the end all lanes stand at the position. */
async function applyAside(job: Job, aside: Aside, position: Position, copiers: readonly RowCopier[]): Promise<void> {
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
