import type pg from 'pg';
import type { Token } from '#contracts/kernel/lane.js';
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
  /** Of each shard the replica that this request may read; undefined: it reads the shard itself. */
  #replicas: readonly (pg.Pool | undefined)[];

  constructor(private readonly dependencies: ReadDependencies, readonly snapshot: PointerSnapshot = dependencies.pointer.current()) {
    this.#replicas = dependencies.shards.replicas;
  }

  /** A replica that has not reached the tokens is not read by this request; nor is one that does not say. */
  async cover(projection: string, tokens: readonly Token[]): Promise<void> {
    if (tokens.length === 0 || this.#replicas.every((replica) => replica === undefined)) return;
    const values = [projection, this.generationOf(projection), tokens.map(({ lane }) => lane), tokens.map(({ position }) => position)];
    this.#replicas = await Promise.all(this.#replicas.map(async (replica) => {
      const behind = replica && (await ask(replica, BEHIND, values).then(([row]) => row?.[0] !== '0', () => true));
      return behind === false ? replica : undefined;
    }));
  }

  generationOf(projection: string): number {
    const generation = this.snapshot.generations[projection];
    if (generation === undefined) throw this.#missing(projection);
    return generation;
  }

  /** A live projection always has one, once it was begun; a moment that was built without it never will. */
  #missing(projection: string): Error {
    const live = this.dependencies.pointer.generationOf(projection);
    if (live === undefined) return platformProblem('read-store-unavailable');
    return platformProblem('generation-unknown', { projection, generation: 'of this moment', known: Object.keys(this.snapshot.generations) });
  }

  /** Schema of the projection in the generation that this request reads. */
  schemaOf(projection: string): string {
    return schemaOf(projection, this.generationOf(projection));
  }

  /** The same statement on every shard at once; rows of each shard apart. @throws Problem read-store-unavailable when one does not answer */
  async all(text: string, values: readonly unknown[]): Promise<TextRow[][]> {
    return Promise.all(this.asked(text, values));
  }

  /** Reads the same generations from the same databases. */
  readsLike(other: ReadView): boolean {
    return this.snapshot === other.snapshot && this.#replicas.every((replica, shard) => replica === other.#replicas[shard]);
  }

  /** The answer of each shard, or of its replica; one that fails for whatever reason (gone, behind a new generation) leaves the question to the shard itself. */
  asked(text: string, values: readonly unknown[]): Promise<TextRow[]>[] {
    return this.dependencies.shards.poolsOf(this.snapshot.slots).map((primary, shard) => {
      const replica = this.#replicas[shard];
      return replica ? ask(replica, text, values).catch(() => ask(primary, text, values)) : ask(primary, text, values);
    });
  }

  /** All shards are asked at once and the first row counts: a shard that is down matters only when no other has the row. */
  async first(text: string, values: readonly unknown[]): Promise<TextRow | undefined> {
    const asked = this.asked(text, values);
    const found = asked.map(async (answer) => (await answer)[0] ?? Promise.reject(new Error('not on this shard')));
    return Promise.any(found).catch(async () => (await Promise.all(asked)).flat()[0]);
  }
}

/** Tokens whose lane the shard's checkpoints have not reached; a lane without a checkpoint has not. */
const BEHIND = `SELECT count(*)::text FROM unnest($3::text[], $4::bigint[]) AS token(lane, position)
  LEFT JOIN checkpoint ON checkpoint.projection = $1 AND checkpoint.generation = $2 AND checkpoint.lane = token.lane
  WHERE checkpoint.position IS NULL OR checkpoint.position < token.position`;

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
