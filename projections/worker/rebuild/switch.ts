import { platformProblem } from '#contracts/kernel/errors.js';
import type { StoredProjection } from '../../kit/projection.js';
import { dropWhole } from '../bootstrap.js';
import type { WorkerContext } from '../context.js';
import type { Job, RebuildTools } from './job.js';

/** Readers go to all generations of the set at once. */
export async function switchReaders(context: WorkerContext, jobs: readonly Job[]): Promise<void> {
  for (const { meter } of jobs) meter.stage('switch');
  await context.generations.switchTo(Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation])), context.slots);
  for (const { meter } of jobs) meter.stage('done');
  for (const job of jobs) await dropUnused(job, job.projection);
}

/** What is older than the generation before: dropped as soon as no reader has used it for a minute, which may be later than this switch. */
export async function dropUnused({ context, reloadWorkers, released }: Pick<RebuildTools, 'context' | 'reloadWorkers' | 'released'>, projection: StoredProjection): Promise<void> {
  const unused = await context.generations.unused(projection.name);
  if (unused.length === 0) return;
  reloadWorkers(projection.name);
  for (const generation of unused) {
    await released(projection.name, generation);
    await dropWhole(context, projection, generation);
    await context.generations.markGone(projection.name, generation);
  }
}

/** Readers go back to the previous generations, which were kept current. @throws Problem rollback-impossible */
export async function rollback(context: WorkerContext, projections: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const back: Record<string, number> = {};
  for (const projection of projections) {
    const previous = (await context.generations.list(projection)).find(({ state }) => state === 'previous');
    if (!previous) throw platformProblem('rollback-impossible', { projection });
    back[projection] = previous.generation;
  }
  await context.generations.switchTo(back, context.slots);
  return back;
}
