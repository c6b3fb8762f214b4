import type { ProjectedRow } from '../../kit/projection.js';

/** A row being folded, and the stream it belongs to. */
export interface Pending {
  readonly stream: string;
  row: ProjectedRow;
  bytes: number;
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

/**
 * Rows being folded, in fixed bytes. Two halves: what is touched moves to the young one; when that has grown to half the window the old
 * half, which nothing touched meanwhile, is handed out to be written, and the young half becomes the old one.
 */
export class FoldWindow {
  readonly #half: number;
  #young = new Map<string, Pending>();
  #old = new Map<string, Pending>();
  #youngBytes = 0;

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
    this.#youngBytes += old.bytes;
    return old;
  }

  add(stream: string, row: ProjectedRow): void {
    const bytes = ENTRY_BYTES + roughBytes(row);
    this.#young.set(stream, { stream, row, bytes });
    this.#youngBytes += bytes;
  }

  /** Takes the folded row of a pending one; sizes are looked at again only when texts can have come in. */
  update(pending: Pending, row: ProjectedRow): void {
    pending.row = row;
    const bytes = ENTRY_BYTES + roughBytes(row);
    this.#youngBytes += bytes - pending.bytes;
    pending.bytes = bytes;
  }

  /** Takes one row out before its time. */
  remove(stream: string): Pending | undefined {
    const pending = this.touch(stream);
    if (!pending) return undefined;
    this.#young.delete(stream);
    this.#youngBytes -= pending.bytes;
    return pending;
  }

  get isFull(): boolean {
    return this.#youngBytes >= this.#half;
  }

  /** The longest untouched half. */
  takeOld(): Pending[] {
    const untouched = [...this.#old.values()];
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
    return untouched;
  }

  takeAll(): Pending[] {
    return [...this.takeOld(), ...this.takeOld()];
  }
}
