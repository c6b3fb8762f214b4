import type pg from 'pg';

/** An engine that does not answer this in time (ms) is gone. */
const ROLLBACK = { text: 'ROLLBACK', query_timeout: 1_000 };

/** All or nothing on one connection of a pool, which gets it back; one whose rollback fails as well is thrown away with everything on it. */
export async function inTransaction<Result>(pool: pg.Pool, work: (client: Pick<pg.PoolClient, 'query'>) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let isLost = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    isLost = await client.query(ROLLBACK).then(() => false, () => true);
    throw error;
  } finally {
    client.release(isLost);
  }
}
