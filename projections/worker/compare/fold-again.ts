import type { Envelope } from '#contracts/kernel/envelope.js';
import { isUuid, toStreamId } from '#contracts/kernel/ids.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import { folderOf, type Folder } from '../../kit/fold.js';
import type { ProjectedRow, Projection } from '../../kit/projection.js';
import { readSkips } from '../skips.js';

/** Events of a stream that are read at a time. */
const PAGE = 1_000;

/** What a stream gives when it is folded again. */
export interface FoldedAgain {
  /** Undefined: there is no such stream, or none of its events makes a row. */
  readonly row: ProjectedRow | undefined;
  readonly events: number;
  /** This program cannot fold the events: of a row that is there all the same nothing can be said. */
  readonly cannotFold: boolean;
}

/** Folds single streams again, as the worker does; what an operator told it to skip is left out. */
export class FoldAgain {
  #folder: Promise<Folder<ProjectedRow>> | undefined;

  constructor(private readonly readStream: EventStore['readStream'], private readonly projection: Projection<ProjectedRow>) {}

  /** Skips that were recorded meanwhile count from the next fold on. */
  readSkipsAgain(): void {
    this.#folder = undefined;
  }

  /** The first events of the stream, as long as they are within. @throws what the store throws */
  async fold(id: string, within: (event: Envelope) => boolean): Promise<FoldedAgain> {
    // What somebody made up may be an id that no row has, and a name that no store takes.
    if (!isUuid(id)) return { row: undefined, events: 0, cannotFold: false };
    const folder = await (this.#folder ??= readSkips(this.readStream, this.projection).then((skipped) => folderOf(this.projection, skipped)));
    for (const stream of folder.streamsOf(id)) {
      const folded = await this.#foldStream(folder, stream, within);
      if (folded.events > 0) return folded;
    }
    return { row: undefined, events: 0, cannotFold: false };
  }

  async #foldStream(folder: Folder<ProjectedRow>, stream: string, within: (event: Envelope) => boolean): Promise<FoldedAgain> {
    let row: ProjectedRow | undefined;
    let events = 0;
    for (let more = true; more;) {
      const page = await this.readStream(toStreamId(stream), { from: toRevision(events), limit: PAGE });
      for (const event of page.filter(within)) {
        try {
          row = folder.fold(row, folder.decode(event));
        } catch {
          return { row: undefined, events: events + page.length, cannotFold: true };
        }
      }
      events += page.length;
      more = page.length === PAGE && page.every(within);
    }
    return { row, events, cannotFold: false };
  }

}
