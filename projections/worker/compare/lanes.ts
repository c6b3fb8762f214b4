import type pg from 'pg';

/** Lanes of two generations on one shard, read in one statement and therefore at one moment. */
export interface LanePair {
  readonly lane: string;
  /** They stand at the same position and belong to the same owner. */
  readonly together: boolean;
  /** Null where a generation is older than digests are. */
  readonly same: boolean | null;
  readonly rows: number;
}

const PAIRS = `SELECT live.lane, next.position = live.position AND next.epoch = live.epoch AS together, next.digest = live.digest AND next.row_count = live.row_count AS same, next.row_count AS rows
  FROM checkpoint AS live JOIN checkpoint AS next USING (projection, lane) WHERE projection = $1 AND live.generation = $2 AND next.generation = $3`;

export async function lanePairs(pool: pg.Pool, projection: string, live: number, next: number): Promise<readonly LanePair[]> {
  const { rows } = await pool.query<{ lane: string; together: string; same: string | null; rows: string | null }>(PAIRS, [projection, live, next]);
  return rows.map(({ lane, together, same, rows: count }) => ({ lane, together: together === 't', same: same === null ? null : same === 't', rows: Number(count ?? 0) }));
}
