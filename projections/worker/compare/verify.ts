import { platformProblem } from '#contracts/kernel/errors.js';
import type { VerificationReport } from '#contracts/queries.js';
import type { RowProjection } from '../../kit/projection.js';
import type { WorkerContext } from '../context.js';
import { joined } from './differences.js';
import { shardSum, sumHolds } from './sums.js';
import { RowVerifier } from './verify-rows.js';
import { verifyTallies } from './verify-tallies.js';

/**
 * Reads every row of the generation that readers use: does each have the hash it was written with, is what is derived from it beside it, do they
 * add up to the digests, do the sums follow from the rows? Nothing is changed, the live worker goes on meanwhile.
 */
export async function verifyTables(context: WorkerContext, projection: RowProjection): Promise<VerificationReport> {
  const { name, table } = projection;
  const generation = context.pointer.generationOf(name);
  if (generation === undefined) throw platformProblem('read-store-unavailable');
  const verifier = new RowVerifier(context, projection, generation);
  const holds: (boolean | null)[] = [];
  const tallies = [];
  for (const [shard, pool] of context.shards.poolsOf(context.pointer.current().slots).entries()) {
    holds.push(sumHolds(await shardSum(pool, name, generation, table.name)));
    await verifier.all(pool);
    const settings = context.shards.settings[shard];
    if (settings) tallies.push(await verifyTallies(settings, projection, generation));
  }
  const { rows: damaged, shown } = joined([verifier.found, ...tallies]);
  return { projection: name, generation, rows: verifier.rows, digestHolds: holds.includes(false) ? false : holds.includes(null) ? null : true, damaged, shown };
}
