import { platformProblem } from '#contracts/kernel/errors.js';
import { isSameTable, shardsIn, type SlotTable } from '#platform/read-store/slot-tables.js';
import type { WorkerContext } from '../context.js';

/**
 * The slot table of the set when readers go to these generations: one for all projections that live in tables.
 * @param projections all that live in tables
 * @returns undefined when none of them changes
 * @throws Problem reshard-impossible when the set would be laid out in two ways, or on shards that this process does not know
 */
export async function checkOneLayout(context: WorkerContext, projections: readonly string[], generations: Readonly<Record<string, number>>): Promise<SlotTable | undefined> {
  let slots: SlotTable | undefined;
  for (const name of projections) {
    const known = await context.generations.list(name);
    const wanted = generations[name];
    const used = known.find(({ generation, state }) => (wanted === undefined ? state === 'live' : generation === wanted));
    if (used && slots && !isSameTable(used.slots, slots)) throw platformProblem('reshard-impossible', { reason: 'not all of its projections have an earlier generation in one layout; go back with all of them together (folio rollback all), or re-shard again' });
    slots ??= used?.slots;
  }
  if (slots && shardsIn(slots) > context.shards.count) throw platformProblem('reshard-impossible', { reason: `the earlier layout lies on ${shardsIn(slots)} shards, the settings name ${context.shards.count}` });
  return projections.some((name) => name in generations) ? slots : undefined;
}
