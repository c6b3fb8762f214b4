import type { Envelope } from '#contracts/kernel/envelope.js';
import type { Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { LogPage } from '#platform/event-store/port.js';
import { folderOf, type Folder, type Skipped } from '../../kit/fold.js';
import type { ProjectedRow, RowProjection } from '../../kit/projection.js';
import { typePrefixOf } from '../../kit/topics.js';
import type { Aside } from './aside.js';
import type { RowCopier } from './copy.js';
import type { Governor } from './governor.js';
import { FoldWindow, type Pending } from './window.js';

/** Events folded between two breaths. */
const BREATH_EVENTS = 32;

export interface FillOptions {
  readonly projection: RowProjection;
  /** Ids of events that are left out. */
  readonly skipped: Skipped;
  /** Index of the copier whose shard has the rows of a key. */
  readonly shardOf: (shardKey: string) => number;
  readonly copiers: readonly Pick<RowCopier, 'write' | 'finish'>[];
  readonly aside: Pick<Aside, 'needsFlush' | 'add' | 'flush'>;
  readonly windowBytes: number;
  readonly governor: Governor;
  /** Events of the projection's topics in a page. */
  readonly onPage: (events: number, upTo: Position) => void;
}

/**
 * One projection of a pass over the log: fold in the window, write what is finished. A stream whose first events are not in the window has been
 * written (the pass begins at the beginning, so it cannot have been missed): its later events are set aside.
 */
export class Fill {
  readonly #options: FillOptions;
  readonly #folder: Folder<ProjectedRow>;
  readonly #prefixes: readonly string[];
  readonly #window: FoldWindow;
  #faulted: Pending[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(options: FillOptions) {
    this.#options = options;
    this.#folder = folderOf(options.projection, options.skipped);
    this.#prefixes = options.projection.topics.map(typePrefixOf);
    this.#window = new FoldWindow(options.windowBytes);
  }

  /** Pages come in order, whole, with whatever else the pass reads for others. @param ready that there is a place to write to */
  async take(page: LogPage, ready: Promise<void>): Promise<void> {
    const { onPage, aside, governor } = this.#options;
    let events = 0;
    let seen = 0;
    for (const event of page.events) {
      const rest = seen % BREATH_EVENTS === 0 ? governor.breathe() : undefined;
      if (rest) await rest;
      seen += 1;
      if (!this.#prefixes.some((prefix) => event.type.startsWith(prefix))) continue;
      this.#fold(event);
      events += 1;
    }
    if (aside.needsFlush || this.#window.isFull) await ready;
    if (aside.needsFlush) await aside.flush();
    if (this.#window.isFull) await this.#writeOut(this.#window.takeOld());
    onPage(events, page.scannedTo);
  }

  #fold(stored: Envelope): void {
    if (!this.#folder.hasRow(stored)) return;
    const pending = this.#window.touch(stored.stream);
    if (!pending && stored.revision > 0) return this.#options.aside.add(stored);
    try {
      const row = this.#folder.fold(pending?.row, this.#folder.decode(stored));
      if (!row) return;
      if (pending) this.#window.update(pending, row);
      else this.#window.add(stored.stream, laneOf(stored.type, stored.stream), row);
    } catch {
      // The live batch path meets the same event again, behind the row, and parks the stream there.
      if (pending) this.#faulted.push(pending);
      this.#window.remove(stored.stream);
      this.#options.aside.add(stored);
    }
  }

  /** One flush is under way while the next pages are folded; a second one waits for it, which bounds the memory. While readers are busy nothing is folded meanwhile. */
  async #writeOut(rows: readonly Pending[]): Promise<void> {
    await this.#writing;
    const { shardOf, copiers } = this.#options;
    const ofShard = (shard: number): readonly Pending[] => (copiers.length === 1 ? rows : rows.filter(({ row }) => shardOf(row.shardKey) === shard));
    this.#writing = Promise.all(copiers.map((copier, shard) => copier.write(ofShard(shard)))).then(() => undefined);
    this.#writing.catch(() => undefined);
    if (this.#options.governor.isBusy) await this.#writing;
  }

  /** Everything that is in the window is written, for good: the rows are complete up to the last page, and later events of theirs are set aside. */
  async flush(isComplete: boolean): Promise<void> {
    await this.#writeOut([...this.#window.takeAll(), ...this.#faulted]);
    this.#faulted = [];
    await this.#writing;
    await this.#options.aside.flush();
    await Promise.all(this.#options.copiers.map((copier) => copier.finish(isComplete)));
  }
}
