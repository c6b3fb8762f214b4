import type pg from 'pg';
import type { ComparisonReport } from '#contracts/queries.js';
import type { TableSpec } from '#platform/read-store/table.js';
import type { RowProjection } from '../../kit/projection.js';
import { idOfStream } from '../batch.js';
import type { WorkerContext } from '../context.js';
import { joined, NO_DIFFERENCES, rowDifferences, tallyDifferences, type Differences } from './differences.js';
import { lanePairs } from './lanes.js';

export type ParkedApart = ComparisonReport['parked'][number];

const PARKED = `SELECT stream, CASE WHEN generation = $2 THEN 'live' ELSE 'next' END AS side, reason FROM quarantine AS one
  WHERE projection = $1 AND generation = ANY(ARRAY[$2, $3]::int[])
    AND NOT EXISTS (SELECT FROM quarantine AS other WHERE other.projection = $1 AND other.stream = one.stream AND other.generation = $2 + $3 - one.generation) ORDER BY stream LIMIT 1000`;

/** Streams in quarantine on one side only, on one shard. */
export async function parkedApart(pool: pg.Pool, projection: string, live: number, next: number): Promise<readonly ParkedApart[]> {
  return (await pool.query<ParkedApart>(PARKED, [projection, live, next])).rows;
}

/**
 * Compares two generations that one worker keeps at the same positions: their digests, lane by lane and shard by shard, their sums, and which
 * streams are parked. Rows are looked at only where the digests differ or are missing.
 * @returns undefined while a lane of them stands apart (the worker has just been replaced): ask again
 */
export async function compareGenerations({ shards }: WorkerContext, projection: RowProjection, live: number, next: number, pools = shards.pools): Promise<ComparisonReport | undefined> {
  const each = await Promise.all(pools.map(async (pool) => {
    const pairs = await lanePairs(pool, projection.name, live, next);
    const parked = await parkedApart(pool, projection.name, live, next);
    return { pool, pairs, parked };
  }));
  if (each.some(({ pairs }) => pairs.some(({ together }) => !together))) return undefined;
  const parked = each.flatMap((one) => one.parked);
  const found = await Promise.all(each.map(({ pool, pairs }) => differencesOn(pool, projection, live, next, pairs.every(({ same }) => same === true), parked)));
  const { rows, shown } = joined(found);
  return { compared: each.flatMap(({ pairs }) => pairs).reduce((sum, pair) => sum + pair.rows, 0), differing: rows, shown, parked };
}

async function differencesOn(pool: pg.Pool, projection: RowProjection, live: number, next: number, sameDigests: boolean, parked: readonly ParkedApart[]): Promise<Differences> {
  const { name, table, tallies } = projection;
  const ids = [...new Set(parked.map(({ stream }) => idOfStream(stream)))];
  const rows = sameDigests ? NO_DIFFERENCES : await rowDifferences(pool, name, table as TableSpec<never>, live, next, ids);
  // Sums of streams that are parked on one side cannot be told from the others'.
  const sums = tallies && ids.length === 0 ? await tallyDifferences(pool, name, tallies.table as TableSpec<never>, live, next) : NO_DIFFERENCES;
  return joined([rows, sums]);
}

/** One sentence for people: how many rows, in which columns. */
export function sentenceOf({ differing, shown }: ComparisonReport): string {
  const columns = [...new Set(shown.map(({ column }) => column))];
  return `${differing} ${differing === 1 ? 'row' : 'rows'} (${columns.slice(0, 12).join(', ')})`;
}

