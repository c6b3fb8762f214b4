import { Bell } from '../wake.js';
import type { ControlDatabase } from './database.js';

/** What readers build physical names from: one snapshot per request, never an alias. */
export interface PointerSnapshot {
  /** Grows with every switch. */
  readonly epoch: number;
  readonly generations: Readonly<Record<string, number>>;
  readonly slots: readonly number[];
  /** Read models of another moment, kept for an audit, by name. */
  readonly views: Readonly<Record<string, AuditView>>;
}

/** What a named view is made of: generations that stand still, up to a place in the log. */
export interface AuditView {
  readonly generations: Readonly<Record<string, number>>;
  /** Decimal position: the last one that is in it. */
  readonly position: string;
  /** As it was asked for. */
  readonly until: string;
  readonly createdAt: string;
  /** By which its rows are laid out; absent: none of them lie in tables. */
  readonly slots?: readonly number[];
}

const POLL_MS = 250;
const TELL_MS = 5_000;
/** So long after a reader last said that it uses an epoch, a request of it may still be reading what that epoch named (s). */
export const UNUSED_SECONDS = 60;
/** A reader tells of itself three times within this (s). */
const GONE_SECONDS = 15;
const NOTHING: PointerSnapshot = { epoch: 0, generations: {}, slots: [], views: {} };

/** Notified in the transaction of every change of a pointer. */
export const POINTER_CHANNEL = 'folio_pointer';

/** The pointer of one set, kept current in this process: at once by its own switches, by a notification for those of others, and by a poll for what is missed. */
export class Pointer {
  readonly #control: ControlDatabase;
  readonly #set: string;
  #snapshot = NOTHING;
  #takenInAt = performance.now();

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
    const [row] = await this.#control.rows<{ epoch: string; generations: Record<string, number>; slots: number[]; views: Record<string, AuditView> }>(
      'SELECT epoch, generations, slots, views FROM pointer WHERE set_name = $1', [this.#set],
    );
    if (row) this.adopt({ epoch: Number(row.epoch), generations: row.generations, slots: row.slots, views: row.views });
    return this.#snapshot;
  }

  /** For how long this process has used the epoch (ms): shortly after a switch other processes may not know of it yet. */
  get usedForMs(): number {
    return performance.now() - this.#takenInAt;
  }

  /** Takes a newer snapshot; an older one, read before a switch, is ignored. */
  adopt(snapshot: PointerSnapshot): void {
    if (snapshot.epoch < this.#snapshot.epoch) return;
    if (snapshot.epoch > this.#snapshot.epoch) this.#takenInAt = performance.now();
    this.#snapshot = snapshot;
  }

  /**
   * Until the signal aborts; a failed poll keeps the last snapshot.
   * @param reader name of a process whose readers use this pointer: it says so, and what it uses is not dropped
   * @param shards that it is connected to
   */
  async follow(signal: AbortSignal, reader?: string, shards?: () => number): Promise<void> {
    let told = Number.NEGATIVE_INFINITY;
    const bell = new Bell();
    const listening = this.#control.listen(POINTER_CHANNEL, () => bell.ring(), signal);
    while (!signal.aborted) {
      const { rings } = bell;
      const { epoch } = this.#snapshot;
      await this.refresh().catch(() => undefined);
      const isDue = this.#snapshot.epoch !== epoch || performance.now() - told >= TELL_MS;
      if (reader !== undefined && isDue && (await this.tell(reader, shards?.()).then(() => true, () => false))) told = performance.now();
      await bell.wait(rings, POLL_MS, signal);
    }
    await listening;
  }

  /** Says which epoch this process's readers use now; what it said of earlier ones is kept for as long as it counts. */
  async tell(reader: string, shards?: number): Promise<void> {
    await this.#control.rows(
      `WITH old AS (DELETE FROM pointer_reader WHERE set_name = $1 AND seen_at < now() - make_interval(secs => 2 * $4))
       INSERT INTO pointer_reader (set_name, reader, epoch, shards) VALUES ($1, $2, $3, $5) ON CONFLICT (set_name, reader, epoch) DO UPDATE SET seen_at = now(), shards = excluded.shards`,
      [this.#set, reader, this.#snapshot.epoch, UNUSED_SECONDS, shards ?? null],
    );
  }

  /** A clean end: nothing is kept for this process any more. */
  async leave(reader: string): Promise<void> {
    await this.#control.rows('DELETE FROM pointer_reader WHERE set_name = $1 AND reader = $2', [this.#set, reader]);
  }

  /** Processes that read and know fewer shards than these, as they told last; one that says nothing for 15 s has ended. */
  async readersWithout(shards: number): Promise<readonly string[]> {
    const rows = await this.#control.rows<{ reader: string }>(
      `SELECT reader FROM (SELECT DISTINCT ON (reader) reader, shards FROM pointer_reader WHERE set_name = $1 AND seen_at > now() - make_interval(secs => $3) ORDER BY reader, seen_at DESC) AS told
       WHERE coalesce(shards, 0) < $2 ORDER BY reader`, [this.#set, shards, GONE_SECONDS],
    );
    return rows.map(({ reader }) => reader);
  }
}
