import type { Envelope } from '#contracts/kernel/envelope.js';
import { isAfter, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { WorkerContext } from './context.js';

/**
 * Whether the log is still the one that this worker's rows were built from. A restored backup or a replica that was behind has the same name
 * and fewer events, or other events at the same positions: what has been applied would never be taken back.
 */
export class LogIdentity {
  #last: Envelope | undefined;

  constructor(private readonly context: Pick<WorkerContext, 'feed' | 'readStream'>, private readonly topics: readonly string[], private readonly logId: string) {}

  /** The newest event that was applied. */
  note(event: Envelope | undefined): void {
    this.#last = event ?? this.#last;
  }

  /** The same log id, a head that is not before any checkpoint, and the newest applied event still where it was. @throws what the log's own failure is */
  async holds(checkpoints: Iterable<Position>): Promise<boolean> {
    const furthest = [...checkpoints].reduce(laterOf, ORIGIN);
    const { logId, head } = await this.context.feed.status(this.topics, furthest);
    if (logId !== this.logId || isAfter(furthest, head)) return false;
    if (!this.#last) return true;
    const { stream, revision, id, position } = this.#last;
    const [found] = await this.context.readStream(stream, { from: revision, limit: 1 });
    return found?.id === id && found.position === position;
  }
}
