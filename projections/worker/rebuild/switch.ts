import { platformProblem } from '#contracts/kernel/errors.js';
import { isDerived, type StoredProjection } from '../../kit/projection.js';
import { dropWhole } from '../bootstrap.js';
import type { WorkerContext } from '../context.js';
import { isWritable } from '../fingerprint.js';
import { checkOneLayout } from '../reshard/one-layout.js';
import type { Job, RebuildTools } from './job.js';

/** Readers go to all generations of the set at once, and to their layout. */
export async function switchReaders(context: WorkerContext, jobs: readonly Job[]): Promise<void> {
  for (const { meter } of jobs) meter.stage('switch');
  const slots = jobs.find(({ projection }) => !isDerived(projection))?.slots;
  await context.generations.switchTo(Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation])), { ...(slots && { slots }) });
  for (const { meter } of jobs) meter.stage('done');
}

/**
 * What is older than the generation before: dropped as soon as no reader has used it for a minute, which may be later than this switch. Readers are
 * elsewhere by now: what cannot be dropped is told as a fault of the projection, and tried again by the next sweep.
 */
export async function dropUnused(tools: Pick<RebuildTools, 'context' | 'reloadWorkers' | 'released'>, { projection, signal }: Pick<Job, 'projection' | 'signal'>): Promise<void> {
  const { context, reloadWorkers, released } = tools;
  try {
    const unused = await context.generations.unused(projection.name);
    if (unused.length === 0) return;
    reloadWorkers(projection.name);
    for (const one of (await context.generations.list(projection.name)).filter(({ generation }) => unused.includes(generation))) {
      await released(projection.name, one.generation, signal);
      await dropWhole(context, projection, one);
      await context.generations.markGone(projection.name, one.generation);
    }
  } catch (error) {
    // A process that ends leaves it to the next one.
    if (!signal.aborted) context.hooks.onFault?.({ projection: projection.name, error });
  }
}

/**
 * Readers go back to the previous generations, which were kept current, and to the layout of these.
 * @param known all projections of the set: those that live in tables stay in one layout
 * @throws Problem rollback-impossible | reshard-impossible
 */
export async function rollback(context: WorkerContext, projections: readonly string[], known: readonly StoredProjection[]): Promise<Readonly<Record<string, number>>> {
  const back: Record<string, number> = {};
  for (const projection of projections) {
    const previous = (await context.generations.list(projection)).find(({ state }) => state === 'previous');
    const kept = known.find(({ name }) => name === projection);
    // With other columns it was not kept current: only the program that writes them can go back to it.
    if (!previous || (kept && !isWritable(kept, previous))) throw platformProblem('rollback-impossible', { projection });
    back[projection] = previous.generation;
  }
  const slots = await checkOneLayout(context, known.filter((one) => !isDerived(one)).map(({ name }) => name), back);
  await context.generations.switchTo(back, { ...(slots && { slots }) });
  return back;
}
