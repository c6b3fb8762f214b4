import { isAfter, toPosition } from '#contracts/kernel/position.js';
import { isDerived, type StoredProjection } from '../../kit/projection.js';
import type { RebuildOptions, RebuildTools } from './job.js';
import { buildWhileShardsAnswer, jobsOf } from './rebuild.js';

/**
 * The log is another one than the rows were built from: a backup was restored, or a replica that was behind took over. Everything is built from the
 * log that is there and readers go to it at once. There is nothing to compare it with, and no way back: the generations of before, and views of
 * moments that this log has not come to, know events that never were.
 * @returns the generations that are live now
 */
export async function rebuildDiverged(tools: RebuildTools, projections: readonly StoredProjection[], options: RebuildOptions): Promise<Readonly<Record<string, number>>> {
  const { context, store } = tools;
  const jobs = await jobsOf(tools, projections, { ...options, apart: true });
  await buildWhileShardsAnswer(tools, jobs);
  const live = Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation]));
  const slots = jobs.find(({ projection }) => !isDerived(projection))?.slots;
  for (const { meter } of jobs) meter.stage('switch');
  await context.generations.switchTo(live, { ...(slots && { slots }), forget: true });
  const { head } = await store.status();
  for (const [name, { position }] of Object.entries(context.pointer.current().views)) if (isAfter(toPosition(position), head)) await context.generations.forgetView(name);
  for (const job of jobs) {
    job.meter.stage('done');
    tools.reloadWorkers(job.projection.name);
  }
  return live;
}
