import type { Lane } from '#contracts/kernel/lane.js';
import type { ProjectedRow } from '../../kit/projection.js';

/** A row being folded, and the stream it belongs to. */
export interface Pending {
  readonly stream: string;
  readonly lane: Lane;
  row: ProjectedRow;
}

/** Bookkeeping per row: entry, map slots, key. */
const ENTRY_BYTES = 400;

/** Bytes of a row as V8 keeps it, roughly: text by its length, everything else by the slot. */
export function roughBytes(value: unknown): number {
  if (typeof value === 'string') return 16 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 24;
  for (const member of Object.values(value)) bytes += roughBytes(member) + 8;
  return bytes;
}

/** One row of so many is weighed; the others count as the average. */
const WEIGH_EVERY = 32;
/** Share of a new weight in the average. */
const SMOOTHING = 0.1;

/**
 * Rows being folded, in fixed bytes. Two halves: what is touched moves to the young one; when that has grown to half the window the old
 * half, which nothing touched meanwhile, is handed out to be written, and the young half becomes the old one.
 */
export class FoldWindow {
  readonly #half: number;
  #young = new Map<string, Pending>();
  #old = new Map<string, Pending>();
  #folds = 0;
  #average = ENTRY_BYTES;

  constructor(windowBytes: number) {
    this.#half = windowBytes / 2;
  }

  /** The pending row of the stream; it counts as touched. */
  touch(stream: string): Pending | undefined {
    const young = this.#young.get(stream);
    if (young) return young;
    const old = this.#old.get(stream);
    if (!old) return undefined;
    this.#old.delete(stream);
    this.#young.set(stream, old);
    return old;
  }

  add(stream: string, lane: Lane, row: ProjectedRow): void {
    this.#young.set(stream, { stream, lane, row });
    this.#weigh(row);
  }

  update(pending: Pending, row: ProjectedRow): void {
    pending.row = row;
    this.#weigh(row);
  }

  #weigh(row: ProjectedRow): void {
    this.#folds += 1;
    if (this.#folds % WEIGH_EVERY !== 1) return;
    const bytes = ENTRY_BYTES + roughBytes(row);
    this.#average = this.#folds === 1 ? bytes : this.#average + (bytes - this.#average) * SMOOTHING;
  }

  /** Takes one row out before its time. */
  remove(stream: string): void {
    this.#young.delete(stream);
    this.#old.delete(stream);
  }

  get isFull(): boolean {
    return this.#young.size * this.#average >= this.#half;
  }

  /** The longest untouched half. */
  takeOld(): Pending[] {
    const untouched = [...this.#old.values()];
    this.#old = this.#young;
    this.#young = new Map();
    return untouched;
  }

  takeAll(): Pending[] {
    return [...this.takeOld(), ...this.takeOld()];
  }
}
