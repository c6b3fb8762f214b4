import type pg from 'pg';
import { DIGEST_MODULUS, HASH_COLUMN } from '#platform/read-store/row-hash.js';
import { schemaOf } from '#platform/read-store/table.js';

const PARTS = [1, 9, 17, 25] as const;
const partAt = (start: number): string => `coalesce(sum(('x' || substr(hash, ${start}, 8))::bit(32)::bigint), 0)`;

/** What the rows of one shard add up to, beside what the worker kept of them; one statement, so that both are of one moment. */
export interface ShardSum {
  readonly rows: number;
  readonly sum: bigint;
  /** Null where no digest is kept: the generation, or some of its rows, are older than hashes are. */
  readonly kept: { readonly rows: number; readonly sum: bigint } | null;
}

export async function shardSum(pool: pg.Pool, projection: string, generation: number, table: string): Promise<ShardSum> {
  const { rows: [found = []] } = await pool.query<(string | null)[]>({
    text: `SELECT kept.rows, kept.sum, whole.* FROM
      (SELECT sum(row_count) AS rows, mod(sum(digest), ${DIGEST_MODULUS}) AS sum FROM checkpoint WHERE projection = $1 AND generation = $2) AS kept,
      (SELECT count(*), ${PARTS.map(partAt).join(', ')} FROM (SELECT replace(${HASH_COLUMN}::text, '-', '') AS hash FROM ${schemaOf(projection, generation)}.${table}) AS hashes) AS whole`,
    values: [projection, generation], rowMode: 'array',
  });
  const [keptRows, keptSum, rows, ...parts] = found;
  const sum = BigInt.asUintN(128, parts.reduce((total, part) => (total << 32n) + BigInt(part ?? 0), 0n));
  return { rows: Number(rows ?? 0), sum, kept: keptRows === null || keptRows === undefined || keptSum === null || keptSum === undefined ? null : { rows: Number(keptRows), sum: BigInt(keptSum) } };
}

export const sumHolds = ({ rows, sum, kept }: ShardSum): boolean | null => kept && kept.rows === rows && kept.sum === sum;
