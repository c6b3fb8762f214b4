import type pg from 'pg';

/** Between two looks at a store that is read from the cache only (ms). */
const LOOK_EVERY_MS = 1_000;
/** A look that takes longer than this says the store is gone, although nothing failed yet (ms). */
const PATIENCE_MS = 500;

/** Whether the read store answers, for readers that do not ask it anything: cached rows are marked as stale while nobody can confirm them. */
export class StoreWatch {
  #startedAt = Number.NEGATIVE_INFINITY;
  #looking = false;
  #failed = false;

  /** @param pools of the shards that readers use now */
  constructor(private readonly pools: () => readonly Pick<pg.Pool, 'query'>[]) {}

  /** Answers from memory; starts a look in the background when the last one is a second old, so an idle process asks nothing. */
  isDown(): boolean {
    const now = performance.now();
    if (!this.#looking && now - this.#startedAt >= LOOK_EVERY_MS) void this.#look(now);
    return this.#failed || (this.#looking && now - this.#startedAt > PATIENCE_MS);
  }

  async #look(now: number): Promise<void> {
    this.#startedAt = now;
    this.#looking = true;
    this.#failed = await this.#answers().then(() => false, () => true);
    this.#looking = false;
  }

  /** Rejects as well when the process does not know all shards. */
  async #answers(): Promise<void> {
    const query = { text: 'SELECT 1', query_timeout: LOOK_EVERY_MS } as const;
    await Promise.all(this.pools().map((pool) => pool.query(query)));
  }
}
