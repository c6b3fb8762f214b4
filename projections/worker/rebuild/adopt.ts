import { platformProblem } from '#contracts/kernel/errors.js';
import type { Position } from '#contracts/kernel/position.js';
import type { ComparisonReport } from '#contracts/queries.js';
import type { Generation } from '#platform/control/generations.js';
import { isSameTable, shardsIn } from '#platform/read-store/slot-tables.js';
import { pause } from '#platform/wake.js';
import { isDerived, type RowProjection } from '../../kit/projection.js';
import { compareGenerations, sentenceOf } from '../compare/compare.js';
import { compareDerived } from '../compare/compare-documents.js';
import { lanePairs } from '../compare/lanes.js';
import { compareShapes } from '../compare/shapes.js';
import { RowVerifier } from '../compare/verify-rows.js';
import { isWritable } from '../fingerprint.js';
import { agree, readLanes } from '../reshard/moment.js';
import { compareUnions } from '../reshard/union.js';
import type { Job, RebuildOptions } from './job.js';

const LOOK_MS = 10;
/** Share of the rows that every rebuild reads back, and how many it reads at least where there are so many. */
const SAMPLED_SHARE = 0.01;
const SAMPLED_ROWS = 300;

type Pools = Job['context']['shards']['pools'];

async function liveGeneration({ context, projection }: Job): Promise<Generation | undefined> {
  return (await context.generations.list(projection.name)).find(({ state }) => state === 'live');
}

/** The live worker takes the generation in; from then on both stand at the same position at every commit. */
export async function adopt(job: Job): Promise<void> {
  const { meter, signal } = job;
  meter.stage('catch-up');
  const live = await liveGeneration(job);
  const head = live === undefined || isWritable(job.projection, live) ? undefined : (await job.context.feed.status(job.projection.topics)).head;
  while (live !== undefined) {
    signal.throwIfAborted();
    if (await (head === undefined ? isBeside(job, live) : isAtHead(job, head))) return;
    await pause(LOOK_MS, signal);
  }
}

/** Both stand at the same positions, in the hands of one worker. */
async function isBeside(job: Job, live: Generation): Promise<boolean> {
  const { context, projection, generation, slots } = job;
  const pairsOn = (pool: Pools[number]): ReturnType<typeof lanePairs> => lanePairs(pool, projection.name, live.generation, generation);
  const together = (pairs: Awaited<ReturnType<typeof lanePairs>>): boolean => pairs.length > 0 && pairs.every((pair) => pair.together);
  if (isDerived(projection)) return (await Promise.all(context.shards.pools.slice(0, 1).map(pairsOn))).every(together);
  const shared = context.shards.pools.slice(0, Math.min(shardsIn(slots), shardsIn(live.slots)));
  if (!(await Promise.all(shared.map(pairsOn))).every(together)) return false;
  if (isSameTable(slots, live.slots)) return true;
  // Where one of the two is alone, it is the owner that says whose it is.
  const pools = context.shards.pools.slice(0, Math.max(shardsIn(slots), shardsIn(live.slots)));
  const both = [live, { generation, slots }];
  return agree(await Promise.all(pools.map((pool) => readLanes(pool, projection.name, both))), both, ({ epoch }) => epoch);
}

/** The live generation has other columns than this code writes and stands still: the new one is taken in when a worker has brought it to where the log was. */
async function isAtHead({ context, projection, generation, slots }: Job, head: Position): Promise<boolean> {
  const pools = isDerived(projection) ? context.shards.pools.slice(0, 1) : context.shards.poolsOf(slots);
  const text = 'SELECT count(*) FILTER (WHERE position < $3 OR epoch = 0) AS behind, count(*) AS lanes FROM checkpoint WHERE projection = $1 AND generation = $2';
  const each = await Promise.all(pools.map(async (pool) => (await pool.query<{ behind: string; lanes: string }>(text, [projection.name, generation, head])).rows[0]));
  return each.every((row) => row?.behind === '0' && row.lanes !== '0');
}

/** Of a cache nothing is compared: its next generation is empty. @throws Problem rebuild-differs | rebuild-quarantine-differs: the generation stays beside the live one, so that both can be looked at */
export async function compare(job: Job, options: RebuildOptions): Promise<ComparisonReport | undefined> {
  const { context, projection, generation, signal } = job;
  const live = await liveGeneration(job);
  if (live === undefined || (isDerived(projection) && projection.store.beginsAtHead === true)) return undefined;
  const comparison = isDerived(projection) ? await compareDerived(context, projection, live.generation, generation, signal) : await compared({ ...job, projection }, live);
  options.onCompared?.(projection.name, comparison);
  const refusal = refusalOf(projection.name, comparison, options);
  if (!refusal) return comparison;
  await job.context.generations.mark(projection.name, generation, 'refused');
  throw refusal;
}

async function compared(job: Job<RowProjection>, live: Generation): Promise<ComparisonReport> {
  const { context, projection, generation, slots, signal } = job;
  if (!isWritable(projection, live)) return compareShapes(context, projection, live, { generation, slots });
  if (!isSameTable(slots, live.slots)) {
    const comparison = await compareUnions({ context, projection, live, next: { generation, slots }, signal });
    return comparison.differing > 0 ? comparison : withSample(job, comparison);
  }
  for (;;) {
    signal.throwIfAborted();
    const comparison = await compareGenerations(context, projection, live.generation, generation, context.shards.poolsOf(slots));
    if (comparison) return comparison.differing > 0 ? comparison : withSample(job, comparison);
    await pause(LOOK_MS, signal);
  }
}

/** Digests are sums of hashes that were made before the rows were stored: a share of the new rows is read back and hashed as it is stored. */
async function withSample({ context, projection, generation, slots, governor }: Job<RowProjection>, comparison: ComparisonReport): Promise<ComparisonReport> {
  const verifier = new RowVerifier(context, projection, generation, () => governor.breathe());
  const share = Math.max(SAMPLED_SHARE, SAMPLED_ROWS / Math.max(1, comparison.compared));
  await Promise.all(context.shards.poolsOf(slots).map((pool) => verifier.sample(pool, share)));
  const { rows, shown } = verifier.found;
  return { ...comparison, differing: comparison.differing + rows, shown: [...comparison.shown, ...shown] };
}

function refusalOf(projection: string, comparison: ComparisonReport, { expectChanges, acceptQuarantine }: RebuildOptions): Error | undefined {
  const streams = comparison.parked.map(({ stream, side }) => `${stream} (${side})`);
  if (streams.length > 0 && acceptQuarantine !== true) return platformProblem('rebuild-quarantine-differs', { projection, streams: streams.slice(0, 20) });
  if (comparison.differing > 0 && expectChanges !== true) return platformProblem('rebuild-differs', { projection, differences: sentenceOf(comparison) });
  return undefined;
}
