import type { Lane } from '#contracts/kernel/lane.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { EventStore, LogFilter } from '#platform/event-store/port.js';
import { WriterConnection } from '#platform/read-store/connection.js';
import type { Skipped } from '../../kit/fold.js';
import type { DerivedProjection } from '../../kit/projection.js';
import { makeDerived } from '../bootstrap.js';
import type { WorkerContext } from '../context.js';
import { ShardWriter } from '../shard-writer.js';
import type { Governor } from './governor.js';
import { readLog, type Until } from './pass.js';
import type { ProgressMeter } from './progress.js';

export interface RefillJob {
  readonly context: WorkerContext;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly projection: DerivedProjection;
  readonly generation: number;
  readonly lanes: readonly Lane[];
  readonly logId: string;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal;
  readonly skipped: Skipped;
  readonly governor: Governor;
  /** The last event that goes in; absent: everything there is. */
  readonly until?: Until;
}

/** Events of one page, folded and written together: larger than live ones, because nobody waits for them. */
const PAGE_EVENTS = 2_000;

/** Fills a new generation of a derived store from the log, by the live batch path: a row is written as often as pages touch it, each time newer. @returns how far */
export async function refill({ context, store, projection, generation, lanes, logId, meter, signal, skipped, until, governor }: RefillJob, filter: LogFilter): Promise<Position> {
  await makeDerived(context, projection, generation, lanes, ORIGIN, logId);
  const [settings] = context.shards.settings;
  if (!settings) throw new Error('there is no shard');
  const connection = new WriterConnection(settings, 'folio-rebuild');
  try {
    const writer = new ShardWriter({ projection, generations: [generation], connection, readStream: context.readStream, skipped });
    await writer.claim(lanes.map((lane) => ({ lane, epoch: '0' })), logId);
    let position = ORIGIN;
    for await (const page of readLog(store, { filter, signal, until, pageEvents: PAGE_EVENTS })) {
      await writer.apply(page.events.map((event) => ({ event, lane: laneOf(event.type, event.stream) })), page.scannedTo);
      meter.add(page.events.length, page.scannedTo);
      await governor.page(page.events.length, signal, (isPaused) => meter.stage(isPaused ? 'paused' : 'fold'));
      await governor.breathe();
      position = page.scannedTo;
    }
    return position;
  } finally {
    await connection.close();
  }
}
