import type { Envelope } from '#contracts/kernel/envelope.js';
import { comparePositions, type Position } from '#contracts/kernel/position.js';
import { matches } from '../filter.js';
import type { LogFilter, LogPage } from '../port.js';

/** Events and JSON characters remembered at most. */
const MAX_EVENTS = 2_048;
const MAX_CHARACTERS = 16_000_000;
/** Without a reader for this long (ms) nothing is remembered: a process that only appends pays nothing. */
const UNREAD_MS = 5_000;

/**
 * The newest events of this process's own appends, so that live subscriptions of the same process read each event once from memory
 * instead of once each from the database. Positions of this store are dense: a batch that does not continue the ring (another process
 * appended in between) starts it anew.
 */
export class LogTail {
  #events: Envelope[] = [];
  #sizes: number[] = [];
  #characters = 0;
  #readAt = 0;

  /** @param stored makes the envelopes and their sizes; not called while nobody reads */
  add(stored: () => { readonly events: readonly Envelope[]; readonly sizes: readonly number[] }): void {
    if (Date.now() - this.#readAt > UNREAD_MS) {
      if (this.#events.length > 0) this.clear();
      return;
    }
    const { events: batch, sizes } = stored();
    const first = batch[0];
    const last = this.#events.at(-1);
    if (!first) return;
    if (last && BigInt(last.position) + 1n !== BigInt(first.position)) this.clear();
    this.#events.push(...batch);
    this.#sizes.push(...sizes);
    this.#characters += sizes.reduce((sum, size) => sum + size, 0);
    if (this.#events.length > MAX_EVENTS * 2 || this.#characters > MAX_CHARACTERS) this.#shrink();
  }

  clear(): void {
    this.#events = [];
    this.#sizes = [];
    this.#characters = 0;
  }

  /** Drops the older half in one go, so that dropping costs nothing per event. */
  #shrink(): void {
    const drop = Math.ceil(this.#events.length / 2);
    this.#characters -= this.#sizes.slice(0, drop).reduce((sum, size) => sum + size, 0);
    this.#events = this.#events.slice(drop);
    this.#sizes = this.#sizes.slice(drop);
  }

  /** A page, or undefined when the ring does not hold everything after the position (or nothing new). */
  page(after: Position, filter: LogFilter | undefined, limit: number): LogPage | undefined {
    this.#readAt = Date.now();
    const [first, last] = [this.#events[0], this.#events.at(-1)];
    if (!first || !last || comparePositions(after, last.position) >= 0) return undefined;
    const start = Number(BigInt(after) - BigInt(first.position)) + 1;
    if (start < 0) return undefined;
    const events: Envelope[] = [];
    let index = start;
    for (; index < this.#events.length && events.length < limit; index += 1) {
      const event = this.#events[index];
      if (event && matches(filter, event)) events.push(event);
    }
    const scanned = this.#events[index - 1];
    return { events, scannedTo: scanned ? scanned.position : after, atHead: index === this.#events.length };
  }
}
