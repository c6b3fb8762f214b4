import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { StoredProjection } from '../kit/projection.js';
import type { WorkerContext } from './context.js';

const NO_ROOM = z.object({ noRoom: z.string() });

/**
 * A full disk stops the live generation as well: what a worker only keeps beside it for a rebuild is given up, with the reason. The one of before, which
 * a rollback needs, stays.
 */
export async function giveRoom({ generations }: Pick<WorkerContext, 'generations'>, { name }: StoredProjection, reason: string): Promise<void> {
  for (const { generation, state } of await generations.list(name)) {
    if (state !== 'adopting' && state !== 'refused') continue;
    await generations.saveProgress(name, generation, { noRoom: reason } satisfies z.infer<typeof NO_ROOM>);
    await generations.giveUp(name, generation);
  }
}

/** While no worker has given the generation up; one that cannot be looked at counts as kept. @throws Problem read-store-full | reshard-impossible: why it did */
export async function checkKept({ generations }: Pick<WorkerContext, 'generations'>, { name }: StoredProjection, generation: number): Promise<void> {
  const known = await generations.list(name).catch(() => []);
  if (known.find((one) => one.generation === generation)?.state !== 'dropped') return;
  const { data } = NO_ROOM.safeParse(await generations.progressOf(name, generation).catch(() => undefined));
  if (data) throw platformProblem('read-store-full', { reason: data.noRoom });
  throw platformProblem('reshard-impossible', { reason: `a worker of ${name} does not know all shards of the new layout; start every process with the same FOLIO_NEW_SHARDS` });
}
