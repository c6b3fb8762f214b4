import type { Envelope } from '#contracts/kernel/envelope.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { isAfter, laterOf, ORIGIN, toPosition, toRevision, type Position, type Revision } from '#contracts/kernel/position.js';
import type { Generation } from '#platform/control/generations.js';
import { schemaOf } from '#platform/read-store/table.js';
import { folderOf } from '../kit/fold.js';
import { isDerived, type StoredProjection } from '../kit/projection.js';
import type { WorkerContext } from './context.js';

/** An event that was applied, as far as it is remembered; a row remembers no id. */
interface Applied {
  readonly streams: readonly string[];
  readonly revision: Revision;
  readonly position: Position;
  readonly id?: string;
}

/**
 * Whether the log is still the one that this worker's rows were built from. A restored backup or a replica that was behind has the same name
 * and fewer events, or other events at the same positions: what has been applied would never be taken back.
 */
export class LogIdentity {
  #last: Applied | undefined;

  constructor(private readonly context: Pick<WorkerContext, 'feed' | 'readStream'>, private readonly topics: readonly string[], private readonly logId: string, newest?: Applied) {
    this.#last = newest;
  }

  /** The newest event that was applied. */
  note(event: Envelope | undefined): void {
    this.#last = event ? { ...event, streams: [event.stream] } : this.#last;
  }

  /** The same log id, a head that is not before any checkpoint, and the newest applied event still where it was. @throws what the log's own failure is */
  async holds(checkpoints: Iterable<Position>): Promise<boolean> {
    const furthest = [...checkpoints].reduce(laterOf, ORIGIN);
    const { logId, head } = await this.context.feed.status(this.topics);
    if (logId !== this.logId || isAfter(furthest, head)) return false;
    if (!this.#last) return true;
    const { streams, revision, id, position } = this.#last;
    for (const stream of streams) {
      const [found] = await this.context.readStream(stream as StreamId, { from: revision, limit: 1 });
      if (found?.position === position && found.revision === revision && (id === undefined || found.id === id)) return true;
    }
    return false;
  }
}

/** What the newest row says of the last event that was folded into it: a worker that has just started has applied nothing itself. */
export async function newestApplied({ shards }: Pick<WorkerContext, 'shards'>, projection: StoredProjection, { generation, slots }: Pick<Generation, 'generation' | 'slots'>): Promise<Applied | undefined> {
  if (isDerived(projection)) return undefined;
  const text = `SELECT id, revision, position FROM ${schemaOf(projection.name, generation)}.${projection.table.name} ORDER BY position DESC LIMIT 1`;
  const found = await Promise.all(shards.poolsOf(slots).map(async (pool) => (await pool.query<{ id: string; revision: string; position: string }>(text)).rows));
  const [newest] = found.flat().sort((left, right) => (isAfter(toPosition(left.position), toPosition(right.position)) ? -1 : 1));
  return newest && { streams: folderOf(projection).streamsOf(newest.id), revision: toRevision(Number(newest.revision)), position: toPosition(newest.position) };
}
