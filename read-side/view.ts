import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Pointer, PointerSnapshot } from '#platform/control/pointer.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import type { Shards } from '#platform/read-store/shards.js';

export type TextRow = (string | null)[];

/** Everything a query stands on. One snapshot of the pointer per request: names are built from it, never from an alias. */
export interface ReadDependencies {
  readonly shards: Shards;
  readonly pointer: Pointer;
  readonly progress: ProgressHub;
  /** For histories, originals and the live tail; read only. */
  readonly log: EventStore;
}

/** Settings of the database that hold for one statement only. */
export type QuerySettings = Readonly<Record<string, string>>;

/** The read models as one request sees them. */
export class ReadView {
  readonly snapshot: PointerSnapshot;

  constructor(private readonly dependencies: ReadDependencies) {
    this.snapshot = dependencies.pointer.current();
  }

  generationOf(projection: string): number {
    const generation = this.snapshot.generations[projection];
    if (generation === undefined) throw platformProblem('read-store-unavailable');
    return generation;
  }

  /** Schema of the projection in the generation that this request reads. */
  schemaOf(projection: string): string {
    return `${projection.replaceAll('-', '_')}_g${this.generationOf(projection)}`;
  }

  /** The same statement on every shard at once; rows of each shard apart. */
  async all(text: string, values: readonly unknown[], settings: QuerySettings = {}): Promise<TextRow[][]> {
    return Promise.all(this.dependencies.shards.pools.map((pool) => (Object.keys(settings).length === 0 ? ask(pool, text, values) : askWith(pool, text, values, settings))));
  }

  /** One shard's answer, where the key is known. */
  async one(shardKey: string, text: string, values: readonly unknown[]): Promise<TextRow[]> {
    const pool = this.dependencies.shards.pools[this.dependencies.shards.shardOf(shardKey)];
    if (!pool) throw platformProblem('read-store-unavailable');
    return ask(pool, text, values);
  }
}

async function ask(pool: pg.Pool, text: string, values: readonly unknown[]): Promise<TextRow[]> {
  try {
    const { rows } = await pool.query<TextRow>({ text, values: [...values], rowMode: 'array' });
    return rows;
  } catch (error) {
    throw platformProblem('read-store-unavailable', {}, { cause: error });
  }
}

/** In a transaction of its own, so that the settings end with it. */
async function askWith(pool: pg.Pool, text: string, values: readonly unknown[], settings: QuerySettings): Promise<TextRow[]> {
  const client = await pool.connect().catch((error: unknown) => { throw platformProblem('read-store-unavailable', {}, { cause: error }); });
  try {
    await client.query('BEGIN READ ONLY');
    for (const [name, value] of Object.entries(settings)) await client.query('SELECT set_config($1, $2, true)', [name, value]);
    const { rows } = await client.query<TextRow>({ text, values: [...values], rowMode: 'array' });
    await client.query('COMMIT');
    client.release();
    return rows;
  } catch (error) {
    client.release(true);
    throw platformProblem('read-store-unavailable', {}, { cause: error });
  }
}
