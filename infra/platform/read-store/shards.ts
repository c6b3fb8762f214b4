import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { openPool, TEXT_TYPES } from '../postgres/pool.js';
import { shardsIn, type SlotTable } from './slot-tables.js';

export { evenSlots, type SlotTable } from './slot-tables.js';

export interface ShardsOptions {
  readonly shards: readonly ConnectionSettings[];
  /** By which the very first rows are laid out; later ones go by the table of their generation. */
  readonly slots: SlotTable;
  /** The contracts' rule from shard key to slot. */
  readonly slotOf: (shardKey: string) => number;
  /** A replica of each shard for queries; undefined: the shard has none. */
  readonly replicas?: readonly (ConnectionSettings | undefined)[];
  /** Connections per shard for readers (default 8). */
  readonly readers?: number;
  /** A shard that owes an answer for so long is gone without having closed its connections (ms, default 35,000): the next reader gets a new one. */
  readonly silentMs?: number;
}

const STATEMENT_MS = 30_000;

/**
 * The sharded read store: every read and write of rows is routed here, also with one shard. Shards are only ever added while the process runs;
 * whoever keeps one of the lists sees them.
 */
export class Shards {
  readonly #pools: pg.Pool[] = [];
  readonly #replicas: (pg.Pool | undefined)[] = [];
  readonly #settings: ConnectionSettings[] = [];
  readonly slots: SlotTable;
  readonly #slotOf: (shardKey: string) => number;
  readonly #readers: number;
  readonly #silentMs: number | undefined;

  constructor({ shards, slots, slotOf, replicas = [], readers = 8, silentMs }: ShardsOptions) {
    if (slots.some((shard) => shard < 0 || shard >= shards.length)) throw new RangeError('the slot table names a shard that does not exist');
    this.slots = slots;
    this.#slotOf = slotOf;
    this.#readers = readers;
    this.#silentMs = silentMs;
    this.add(shards, replicas);
  }

  /** Takes further shards in, behind those that are there. */
  add(shards: readonly ConnectionSettings[], replicas: readonly (ConnectionSettings | undefined)[] = []): void {
    for (const [place, settings] of shards.entries()) {
      const replica = replicas[place];
      this.#settings.push(settings);
      this.#pools.push(this.#open(settings));
      this.#replicas.push(replica && this.#open(replica));
    }
  }

  #open(settings: ConnectionSettings): pg.Pool {
    return openPool(settings, { name: 'folio-read', connections: this.#readers, statementMs: STATEMENT_MS, silentMs: this.#silentMs, types: TEXT_TYPES });
  }

  get pools(): readonly pg.Pool[] {
    return this.#pools;
  }

  /** Of each shard the replica's, where it has one. They may be behind: whoever needs more goes to `pools`. */
  get replicas(): readonly (pg.Pool | undefined)[] {
    return this.#replicas;
  }

  get settings(): readonly ConnectionSettings[] {
    return this.#settings;
  }

  get count(): number {
    return this.#settings.length;
  }

  /**
   * The shards that a layout lies on; without a table yet, all of them. Others may be down, or have nothing of it.
   * @throws Problem read-store-unavailable when this process does not know all of them: its answers would lack rows
   */
  poolsOf(slots: SlotTable): readonly pg.Pool[] {
    const count = slots.length === 0 ? this.count : shardsIn(slots);
    if (count > this.count) throw platformProblem('read-store-unavailable');
    return count === this.count ? this.#pools : this.#pools.slice(0, count);
  }

  /** Index of the shard that owns the rows of this key in a layout (default: the first one there was). */
  shardOf(shardKey: string, slots: SlotTable = this.slots): number {
    return slots[this.#slotOf(shardKey)] ?? 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools, ...this.#replicas].flatMap((pool) => (pool ? [pool.end()] : [])));
  }
}
