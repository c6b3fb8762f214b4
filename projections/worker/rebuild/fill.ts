import { decodeTrusted } from '#contracts/events/decode.js';
import type { DomainEvent } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { EventStore, LogFilter, LogPage } from '#platform/event-store/port.js';
import type { Shards } from '#platform/read-store/shards.js';
import { folderOf, type Folder } from '../../kit/fold.js';
import type { ProjectedRow, RowProjection } from '../../kit/projection.js';
import type { AsideFile } from './aside.js';
import type { RowCopier } from './copy.js';
import { FoldWindow, type Pending } from './window.js';

/** Events of one page of the log; two pages are in memory at a time (one folded, one on its way). */
const PAGE_EVENTS = 1_000;

export interface FillOptions {
  readonly projection: RowProjection;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly filter: LogFilter;
  readonly shards: Shards;
  readonly copiers: readonly RowCopier[];
  readonly aside: AsideFile;
  readonly windowBytes: number;
  readonly signal: AbortSignal;
  readonly onPage: (events: number) => void;
}

/**
 * One pass over the log: fold in the window, write what is finished. A stream whose first events are not in the window has been written
 * (the pass begins at the beginning, so it cannot have been missed): its later events are set aside.
 */
export class Fill {
  readonly #options: FillOptions;
  readonly #folder: Folder<ProjectedRow>;
  readonly #window: FoldWindow;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: FillOptions) {
    this.#options = options;
    this.#folder = folderOf(options.projection);
    this.#window = new FoldWindow(options.windowBytes);
  }

  /** @returns the position up to which the rows are complete */
  async run(): Promise<Position> {
    const { signal, onPage, aside } = this.#options;
    let next = this.#read(ORIGIN);
    for (;;) {
      const page = await next;
      signal.throwIfAborted();
      if (!page.atHead) next = this.#read(page.scannedTo);
      for (const event of page.events) this.#take(event);
      if (aside.needsFlush) await aside.flush();
      if (this.#window.isFull) await this.#writeOut(this.#window.takeOld());
      onPage(page.events.length);
      if (page.atHead) return this.#finish(page.scannedTo);
    }
  }

  #read(after: Position): Promise<LogPage> {
    const page = this.#options.store.readAll(after, { filter: this.#options.filter, limit: PAGE_EVENTS });
    // Awaited in the next round; until then a failure must not count as unhandled.
    page.catch(() => undefined);
    return page;
  }

  #take(stored: Envelope): void {
    if (!this.#folder.hasRow(stored as DomainEvent)) return;
    const pending = this.#window.touch(stored.stream);
    if (!pending && stored.revision > 0) return this.#options.aside.add(stored);
    try {
      const row = this.#folder.fold(pending?.row, decodeTrusted(stored));
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

  readonly #faulted: Pending[] = [];

  /** One flush is under way while the next pages are folded; a second one waits for it, which bounds the memory. */
  async #writeOut(rows: readonly Pending[]): Promise<void> {
    await this.#writing;
    const { shards, copiers } = this.#options;
    const ofShard = (shard: number): readonly Pending[] => (shards.count === 1 ? rows : rows.filter(({ row }) => shards.shardOf(row.shardKey) === shard));
    this.#writing = Promise.all(copiers.map((copier, shard) => copier.write(ofShard(shard)))).then(() => undefined);
    this.#writing.catch(() => undefined);
  }

  async #finish(position: Position): Promise<Position> {
    await this.#writeOut([...this.#window.takeAll(), ...this.#faulted]);
    await this.#writing;
    await Promise.all(this.#options.copiers.map((copier) => copier.finish()));
    return position;
  }
}
