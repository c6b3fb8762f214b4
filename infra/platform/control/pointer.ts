import { pause } from '../wake.js';
import type { ControlDatabase } from './database.js';

/** What readers build physical names from: one snapshot per request, never an alias. */
export interface PointerSnapshot {
  /** Grows with every switch. */
  readonly epoch: number;
  readonly generations: Readonly<Record<string, number>>;
  readonly slots: readonly number[];
}

const POLL_MS = 250;
const NOTHING: PointerSnapshot = { epoch: 0, generations: {}, slots: [] };

/** The pointer of one set, kept current in this process: at once by its own switches, by a poll of 250 ms for those of others. */
export class Pointer {
  readonly #control: ControlDatabase;
  readonly #set: string;
  #snapshot = NOTHING;

  constructor(control: ControlDatabase, set: string) {
    this.#control = control;
    this.#set = set;
  }

  get name(): string {
    return this.#set;
  }

  current(): PointerSnapshot {
    return this.#snapshot;
  }

  /** Generation that readers use; undefined before the projection has any. */
  generationOf(projection: string): number | undefined {
    return this.#snapshot.generations[projection];
  }

  async refresh(): Promise<PointerSnapshot> {
    const [row] = await this.#control.rows<{ epoch: string; generations: Record<string, number>; slots: number[] }>(
      'SELECT epoch, generations, slots FROM pointer WHERE set_name = $1', [this.#set],
    );
    if (row) this.adopt({ epoch: Number(row.epoch), generations: row.generations, slots: row.slots });
    return this.#snapshot;
  }

  /** Takes a newer snapshot; an older one, read before a switch, is ignored. */
  adopt(snapshot: PointerSnapshot): void {
    if (snapshot.epoch >= this.#snapshot.epoch) this.#snapshot = snapshot;
  }

  /** Until the signal aborts; a failed poll keeps the last snapshot. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.refresh().catch(() => undefined);
      await pause(POLL_MS, signal);
    }
  }
}
