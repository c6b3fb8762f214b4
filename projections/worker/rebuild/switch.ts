import { platformProblem } from '#contracts/kernel/errors.js';
import { dropWhole } from '../bootstrap.js';
import type { WorkerContext } from '../context.js';
import type { Job } from './job.js';

/** Readers go to all generations of the set at once. */
export async function switchReaders(context: WorkerContext, jobs: readonly Job[]): Promise<void> {
  for (const { meter } of jobs) meter.stage('switch');
  const before = await Promise.all(jobs.map(({ projection }) => context.generations.list(projection.name)));
  await context.generations.switchTo(Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation])), context.slots);
  for (const { meter } of jobs) meter.stage('done');
  for (const [place, job] of jobs.entries()) await dropUnused(job, (before[place] ?? []).filter(({ state }) => state === 'previous').map(({ generation }) => generation));
}

/** The generation before the previous one: no reader has used it since the switch before this one. */
async function dropUnused({ context, projection, reloadWorkers, released }: Job, generations: readonly number[]): Promise<void> {
  if (generations.length === 0) return;
  reloadWorkers(projection.name);
  for (const generation of generations) {
    await released(projection.name, generation);
    await dropWhole(context, projection, generation);
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
