import { platformProblem } from '#contracts/kernel/errors.js';
import type { ComparisonReport } from '#contracts/queries.js';
import { pause } from '#platform/wake.js';
import { isDerived, type RowProjection } from '../../kit/projection.js';
import { compareGenerations, sentenceOf } from '../compare/compare.js';
import { compareDerived } from '../compare/compare-documents.js';
import { lanePairs } from '../compare/lanes.js';
import { RowVerifier } from '../compare/verify-rows.js';
import type { Job, RebuildOptions } from './job.js';

const LOOK_MS = 20;
/** Share of the rows that every rebuild reads back, and how many it reads at least where there are so many. */
const SAMPLED_SHARE = 0.01;
const SAMPLED_ROWS = 1_000;

async function liveGeneration({ context, projection }: Job): Promise<number | undefined> {
  return (await context.generations.list(projection.name)).find(({ state }) => state === 'live')?.generation;
}

/** The live worker takes the generation in; from then on both stand at the same position at every commit. */
export async function adopt(job: Job): Promise<void> {
  const { context, projection, generation, meter, signal, reloadWorkers } = job;
  meter.stage('catch-up');
  const live = await liveGeneration(job);
  reloadWorkers(projection.name);
  const kept = isDerived(projection) ? context.shards.pools.slice(0, 1) : context.shards.pools;
  while (live !== undefined) {
    signal.throwIfAborted();
    const each = await Promise.all(kept.map((pool) => lanePairs(pool, projection.name, live, generation)));
    if (each.every((pairs) => pairs.length > 0 && pairs.every(({ together }) => together))) return;
    await pause(LOOK_MS, signal);
  }
}

/** Of a cache nothing is compared: its next generation is empty. @throws Problem rebuild-differs | rebuild-quarantine-differs: the generation stays beside the live one, so that both can be looked at */
export async function compare(job: Job, options: RebuildOptions): Promise<ComparisonReport | undefined> {
  const { context, projection, generation, signal } = job;
  const live = await liveGeneration(job);
  if (live === undefined || (isDerived(projection) && projection.store.beginsAtHead === true)) return undefined;
  const comparison = isDerived(projection) ? await compareDerived(context, projection, live, generation, signal) : await compared({ ...job, projection }, live);
  options.onCompared?.(projection.name, comparison);
  const refusal = refusalOf(projection.name, comparison, options);
  if (!refusal) return comparison;
  await job.context.generations.mark(projection.name, generation, 'refused');
  throw refusal;
}

async function compared(job: Job<RowProjection>, live: number): Promise<ComparisonReport> {
  const { context, projection, generation, signal } = job;
  for (;;) {
    signal.throwIfAborted();
    const comparison = await compareGenerations(context, projection, live, generation);
    if (comparison) return comparison.differing > 0 ? comparison : withSample(job, comparison);
    await pause(LOOK_MS, signal);
  }
}

/** Digests are sums of hashes that were made before the rows were stored: a share of the new rows is read back and hashed as it is stored. */
async function withSample({ context, projection, generation }: Job<RowProjection>, comparison: ComparisonReport): Promise<ComparisonReport> {
  const verifier = new RowVerifier(context, projection, generation);
  const share = Math.max(SAMPLED_SHARE, SAMPLED_ROWS / Math.max(1, comparison.compared));
  await Promise.all(context.shards.pools.map((pool) => verifier.sample(pool, share)));
  const { rows, shown } = verifier.found;
  return { ...comparison, differing: comparison.differing + rows, shown: [...comparison.shown, ...shown] };
}

function refusalOf(projection: string, comparison: ComparisonReport, { expectChanges, acceptQuarantine }: RebuildOptions): Error | undefined {
  const streams = comparison.parked.map(({ stream, side }) => `${stream} (${side})`);
  if (streams.length > 0 && acceptQuarantine !== true) return platformProblem('rebuild-quarantine-differs', { projection, streams: streams.slice(0, 20) });
  if (comparison.differing > 0 && expectChanges !== true) return platformProblem('rebuild-differs', { projection, differences: sentenceOf(comparison) });
  return undefined;
}
