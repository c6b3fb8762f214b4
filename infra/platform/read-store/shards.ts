import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

/** Every column as the text that Postgres prints: parsers of the contracts turn it into rows. */
export const TEXT_TYPES: pg.CustomTypesConfig = { getTypeParser: () => (value: string | Buffer) => value };

/** Which shard owns a slot: data, kept with the pointer, so that re-sharding changes a table and no code. */
export type SlotTable = readonly number[];

/** All slots spread evenly over the shards, in order. */
export const evenSlots = (slots: number, shards: number): SlotTable => Array.from({ length: slots }, (_, slot) => Math.floor((slot * shards) / slots));

export interface ShardsOptions {
  readonly shards: readonly ConnectionSettings[];
  readonly slots: SlotTable;
  /** The contracts' rule from shard key to slot. */
  readonly slotOf: (shardKey: string) => number;
  /** A replica of each shard for queries; undefined: the shard has none. */
  readonly replicas?: readonly (ConnectionSettings | undefined)[];
  /** Connections per shard for readers (default 8). */
  readonly readers?: number;
}

function readPool(settings: ConnectionSettings, max: number): pg.Pool {
  const pool = new pg.Pool({ ...settings, max, connectionTimeoutMillis: 3_000, statement_timeout: 30_000, application_name: 'folio-read', types: TEXT_TYPES });
  pool.on('error', () => undefined);
  return pool;
}

/** The sharded read store: every read and write of rows is routed here, also with one shard. */
export class Shards {
  readonly pools: readonly pg.Pool[];
  /** Of each shard the replica's, where it has one. They may be behind: whoever needs more goes to `pools`. */
  readonly replicas: readonly (pg.Pool | undefined)[];
  readonly settings: readonly ConnectionSettings[];
  readonly #slots: SlotTable;
  readonly #slotOf: (shardKey: string) => number;

  constructor({ shards, slots, slotOf, replicas = [], readers = 8 }: ShardsOptions) {
    if (slots.some((shard) => shard < 0 || shard >= shards.length)) throw new RangeError('the slot table names a shard that does not exist');
    this.settings = shards;
    this.#slots = slots;
    this.#slotOf = slotOf;
    this.pools = shards.map((settings) => readPool(settings, readers));
    this.replicas = shards.map((_, shard) => {
      const settings = replicas[shard];
      return settings && readPool(settings, readers);
    });
  }

  get count(): number {
    return this.settings.length;
  }

  /** Index of the shard that owns the rows of this key. */
  shardOf(shardKey: string): number {
    return this.#slots[this.#slotOf(shardKey)] ?? 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools, ...this.replicas].flatMap((pool) => (pool ? [pool.end()] : [])));
  }
}
