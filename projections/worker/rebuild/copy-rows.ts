import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import { allDone, eachDone } from '#platform/all-done.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { LogFilter } from '#platform/event-store/port.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import { shardsIn } from '#platform/read-store/slot-tables.js';
import { reasonOf } from '../batch.js';
import { onShardsOf } from '../bootstrap.js';
import { WORKER_LIMITS, type WorkerContext } from '../context.js';
import { park } from '../quarantine/tables.js';
import { emptyGeneration, placeCheckpoints } from '../schema.js';
import { ShardWriter } from '../shard-writer.js';
import { isShardGone } from '../reshard/availability.js';
import { Aside } from './aside.js';
import { RowCopier } from './copy.js';
import { Fill } from './fill.js';
import { buildIndexes } from './index-build.js';
import type { FillJob } from './job.js';
import { readLog } from './pass.js';
import { identityOf, savedMark, saveMark, type FillMark } from './resume.js';
import { ShardWork } from './shard-work.js';

/** Events between two marks that an interrupted rebuild goes on from. */
const MARK_EVENTS = 500_000;

/** One projection of the pass: where its rows go, and what must wait for the indexes. */
interface Filling {
  readonly job: FillJob;
  readonly copiers: readonly RowCopier[];
  readonly aside: Aside;
  readonly fill: Fill;
}

/** Fills the next generations of all these projections in one pass over the log, then makes their indexes and applies what was set aside. @returns up to where */
export async function copyRows(jobs: readonly FillJob[], filter: LogFilter): Promise<Position> {
  const fillings = jobs.map(fillingOf);
  const [first] = jobs;
  const shards = first ? settingsOf(first).map((settings) => new ShardWork(settings, first)) : [];
  const signal = first?.signal;
  const close = async (): Promise<void> => void (await Promise.all(fillings.flatMap(({ copiers, aside }) => [...copiers.map((copier) => copier.close()), aside.close()])));
  // A shard that is gone may leave a COPY waiting for an answer for ever: its connection is ended instead.
  const cut = (): void => void (signal && isShardGone(signal) && close());
  signal?.addEventListener('abort', cut, { once: true });
  let ready: Promise<void> | undefined;
  try {
    const marks = await Promise.all(fillings.map(({ job }) => savedMark(job)));
    const mark = commonMark(marks);
    for (const { job } of fillings) if (mark) job.meter.begin(mark.position);
    ready = begin(fillings, mark ? marks : []);
    const isFilled = mark?.complete === true;
    const position = isFilled ? mark.position : await fillAll(fillings, filter, ready, mark?.position);
    await ready;
    await finishAll(fillings, position, isFilled, shards);
    return position;
  } finally {
    signal?.removeEventListener('abort', cut);
    await ready?.catch(() => undefined);
    await Promise.all([close(), ...shards.map((shard) => shard.close())]);
  }
}

function fillingOf(job: FillJob): Filling {
  const { context: { shards }, projection, generation, slots, skipped, windowBytes, meter, governor } = job;
  const [first] = shards.settings;
  if (!first) throw new Error('there is no shard');
  const places = settingsOf(job);
  const copiers = places.map((settings) => new RowCopier(projection, generation, settings, { governor, windowBytes: windowBytes / places.length }));
  const aside = new Aside(projection.name, generation, first);
  const shardOf = (shardKey: string): number => shards.shardOf(shardKey, slots);
  return { job, copiers, aside, fill: new Fill({ projection, skipped, shardOf, copiers, aside, windowBytes, governor, onPage: (events, upTo) => meter.add(events, upTo) }) };
}

/** Shards that the generation lies on. */
const settingsOf = ({ context: { shards }, slots }: FillJob): readonly ConnectionSettings[] => shards.settings.slice(0, shardsIn(slots));

/** While readers are busy one thing is done at a time: they have a core for themselves. */
const isBusy = ([first]: readonly Filling[]): boolean => first?.job.governor.isBusy === true;

/** Where an earlier run can be taken up: all of the set have the same mark. */
function commonMark(marks: readonly (FillMark | undefined)[]): FillMark | undefined {
  const [first] = marks;
  return first && marks.every((mark) => mark?.position === first.position && mark.complete === first.complete) ? first : undefined;
}

/** Makes the generations, or takes each back to its mark. The first pages are folded meanwhile. */
function begin(fillings: readonly Filling[], marks: readonly (FillMark | undefined)[]): Promise<void> {
  const begun = eachDone(fillings, isBusy(fillings), async ({ job, copiers, aside }, place) => {
    const mark = marks[place];
    if (!mark) for (const copier of copiers) await copier.transaction(emptyGeneration(job.projection, job.generation));
    await Promise.all(copiers.map((copier) => copier.connect()));
    if (mark) await Promise.all([aside.resume(mark.position), ...copiers.map((copier, shard) => copier.resume(job, mark, shard))]);
  });
  // Awaited where something is written; until then a failure must not count as unhandled.
  begun.catch(() => undefined);
  return begun;
}

/** @returns the position up to which all of it was folded; what is still in memory is not written yet */
async function fillAll(fillings: readonly Filling[], filter: LogFilter, ready: Promise<void>, from: Position = ORIGIN): Promise<Position> {
  const [first] = fillings;
  if (!first) return ORIGIN;
  if (isBusy(fillings)) await ready;
  const { store, signal, until, markEvents = MARK_EVENTS } = first.job;
  let position = from;
  let unmarked = 0;
  for await (const page of readLog(store, { filter, signal, from, until, governor: first.job.governor })) {
    for (const { fill } of fillings) await fill.take(page, ready);
    await first.job.governor.page(page.events.length, signal, (isPaused) => { for (const { job } of fillings) job.meter.stage(isPaused ? 'paused' : 'fold'); });
    position = page.scannedTo;
    unmarked += page.events.length;
    if (unmarked < markEvents) continue;
    await ready;
    await eachDone(fillings, isBusy(fillings), (filling) => mark(filling, position, false));
    unmarked = 0;
  }
  return position;
}

/** Interrupted from here on, the next run goes on behind this position, when all of the set have come to it. */
async function mark({ job, fill, copiers }: Filling, position: Position, complete: boolean): Promise<void> {
  await fill.flush(complete);
  await parkRefused(job, copiers);
  await saveMark(job, { position, complete, digests: copiers.map((copier) => copier.digestsByLane()), identity: identityOf(job) });
}

/** What is still in memory is written, and each is finished as soon as all of its own is: the engine makes the indexes of one while the next is written. */
async function finishAll(fillings: readonly Filling[], position: Position, isFilled: boolean, shards: readonly ShardWork[]): Promise<void> {
  const inTurn = isBusy(fillings);
  // One after another: all of them have the mark that a later run goes on from before the first index is made.
  if (inTurn && !isFilled) for (const filling of fillings) await mark(filling, position, true);
  await eachDone(fillings, inTurn, async (filling) => {
    try {
      if (!inTurn && !isFilled) await mark(filling, position, true);
      await finish(filling, position, shards);
    } catch (error) {
      for (const shard of shards) shard.fail(error);
      throw error;
    }
  });
}

async function finish({ job, copiers, aside }: Filling, position: Position, shards: readonly ShardWork[]): Promise<void> {
  job.meter.stage('index');
  await allDone(shards.map((shard) => buildIndexes(shard, job)));
  job.signal.throwIfAborted();
  job.meter.stage('catch-up');
  await applyAside(job, aside, position, copiers);
  // Where the control database is another server, it must not know of a generation that this one could still lose in part.
  await Promise.all(copiers.map((copier) => copier.makeDurable()));
}

/** Rows that the table refused (a deterministic fault) are parked streams of the new generation, each where its row would be. */
async function parkRefused({ context, projection, generation, slots }: FillJob, copiers: readonly RowCopier[]): Promise<void> {
  for (const [shard, copier] of copiers.entries()) {
    for (const { pending, error } of copier.refused.splice(0)) {
      const [row] = await context.readStream(pending.stream as Parameters<WorkerContext['readStream']>[0], { from: pending.row.revision, limit: 1 });
      if (!row) continue;
      const parked = park(projection.name, [generation], { event: row, lane: laneOf(row.type, row.stream), reason: reasonOf(error) });
      await onShardsOf(context, slots, (place) => (place === shard ? [parked] : []));
    }
  }
}

/** Later events of written rows go through the live batch path, checkpoints moving along; at the end all lanes stand at the position. */
async function applyAside(job: FillJob, aside: Aside, position: Position, copiers: readonly RowCopier[]): Promise<void> {
  const { projection, generation, lanes, logId } = job;
  const isNone = aside.count === 0;
  await allDone(copiers.map((copier) => copier.transaction([placeCheckpoints(projection.name, generation, lanes, isNone ? position : ORIGIN, logId, copier.digests)])));
  if (!isNone) await applyEvents(job, aside, position);
  await aside.drop();
}

async function applyEvents(job: FillJob, aside: Aside, position: Position): Promise<void> {
  const { context, projection, generation, slots, lanes, logId } = job;
  const connections = settingsOf(job).map((settings) => new WriterConnection(settings, 'folio-rebuild'));
  const writers = connections.map((connection) => new ShardWriter({ projection, generations: [generation], connection, readStream: context.readStream, skipped: job.skipped }));
  try {
    const unowned = lanes.map((lane) => ({ lane, epoch: '0' }));
    await Promise.all(writers.map((writer) => writer.claim(unowned, logId)));
    for await (const batch of aside.batches(WORKER_LIMITS.batchEvents)) {
      job.signal.throwIfAborted();
      const entries = batch.map((event) => ({ event, lane: laneOf(event.type, event.stream) }));
      const upTo = batch.at(-1)?.position ?? position;
      await Promise.all(writers.map((writer, shard) => writer.apply(entries.filter(({ event }) => context.shards.shardOf(event.shardKey, slots) === shard), upTo)));
    }
    await Promise.all(writers.map((writer) => writer.apply([], position)));
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}
