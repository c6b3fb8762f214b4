import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Pointer, PointerSnapshot } from '#platform/control/pointer.js';
import type { ProgressHub } from '#platform/progress/hub.js';
import { sqlState } from '#platform/read-store/connection.js';
import type { Shards } from '#platform/read-store/shards.js';
import { schemaOf } from '#platform/read-store/table.js';

export type TextRow = (string | null)[];

/** Everything a query stands on. One snapshot of the pointer per request: names are built from it, never from an alias. */
export interface ReadDependencies {
  readonly shards: Shards;
  readonly pointer: Pointer;
  readonly progress: ProgressHub;
  /** For histories, originals and the live tail; read only. */
  readonly log: EventStore;
}

/** A database that has not answered within this time is treated as gone: its connection may hang for as long as it likes (ms). */
const READ_TIMEOUT_MS = 10_000;

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
    return schemaOf(projection, this.generationOf(projection));
  }

  /** The same statement on every shard at once; rows of each shard apart. @throws Problem read-store-unavailable when one does not answer */
  async all(text: string, values: readonly unknown[]): Promise<TextRow[][]> {
    return Promise.all(this.dependencies.shards.pools.map((pool) => ask(pool, text, values)));
  }

  /** All shards are asked at once and the first row counts: a shard that is down matters only when no other has the row. */
  async first(text: string, values: readonly unknown[]): Promise<TextRow | undefined> {
    const asked = this.dependencies.shards.pools.map((pool) => ask(pool, text, values));
    const found = asked.map(async (answer) => (await answer)[0] ?? Promise.reject(new Error('not on this shard')));
    return Promise.any(found).catch(async () => (await Promise.all(asked)).flat()[0]);
  }
}

async function ask(pool: pg.Pool, text: string, values: readonly unknown[]): Promise<TextRow[]> {
  try {
    const query = { text, values: [...values], rowMode: 'array' as const, query_timeout: READ_TIMEOUT_MS };
    const { rows } = await pool.query<TextRow>(query);
    return rows;
  } catch (error) {
    throw isOurFault(error) ? error : platformProblem('read-store-unavailable', {}, { cause: error });
  }
}

/** Schema or table dropped: the request read a pointer of before two switches. Repeated, it reads the new one. */
const GONE: ReadonlySet<string> = new Set(['3F000', '42P01']);

/** A statement that the engine refuses (data, constraint, syntax) would be refused again: that is no outage. */
function isOurFault(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !GONE.has(state) && /^(?:2[23]|42)/u.test(state);
}
