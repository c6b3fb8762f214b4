import type { Lane } from '#contracts/kernel/lane.js';
import { comparePositions, isAfter, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { ReadRecord } from '#contracts/kernel/record.js';
import type { FeedBatch, LanedEvent } from '../port.js';

export type Item = Extract<ReadRecord, { kind: 'event' | 'watermark' }>;
const positionOf = (item: Item): Position => (item.kind === 'event' ? item.event.position : item.position);

/** What was fetched and not taken yet, lane by lane, and how far each lane is complete. */
export class LaneBuffers {
  /** Lanes that have something, in the order of their turns. */
  readonly #items = new Map<Lane, Item[]>();
  readonly #reached: Map<Lane, Position>;
  #count = 0;

  constructor(from: ReadonlyMap<Lane, Position>) {
    this.#reached = new Map(from);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  push(lane: Lane, item: Item): void {
    const items = this.#items.get(lane);
    if (items) items.push(item);
    else this.#items.set(lane, [item]);
    this.#count += 1;
  }

  reached(lane: Lane): Position {
    return this.#reached.get(lane) ?? ORIGIN;
  }

  moveTo(lane: Lane, position: Position): void {
    this.#reached.set(lane, laterOf(this.reached(lane), position));
  }

  reachedAll(change: (lane: Lane, reached: Position) => Position): Map<Lane, Position> {
    return new Map([...this.#reached].map(([lane, reached]) => [lane, change(lane, reached)]));
  }

  /**
   * All that some lanes have, in position order; a lane is complete up to the furthest of its own. Whoever had a turn goes to the end of the queue:
   * one that is far behind holds nobody up. A little of every lane would be as fair, but would cut most streams in two.
   */
  take(batchSize: number): { readonly batch: FeedBatch; readonly used: number } {
    const entries: LanedEvent[] = [];
    let used = 0;
    const turns = [...this.#items.keys()];
    for (const lane of turns) {
      const items = this.#items.get(lane);
      if (!items || used >= batchSize) break;
      const taken = items.splice(0, batchSize - used);
      this.#items.delete(lane);
      if (items.length > 0) this.#items.set(lane, items);
      used += taken.length;
      for (const item of taken) {
        if (item.kind === 'event' && isAfter(item.event.position, this.reached(lane))) entries.push({ event: item.event, lane });
      }
      // The furthest of them, not the last: a message that was delivered again may stand behind a later one.
      for (const item of taken) this.moveTo(lane, positionOf(item));
    }
    this.#count -= used;
    entries.sort((left, right) => comparePositions(left.event.position, right.event.position));
    const reached = this.reachedAll((_, position) => position);
    return { used, batch: { entries, reached, scannedTo: [...reached.values()].reduce(laterOf, ORIGIN), atHead: this.isEmpty } };
  }
}
