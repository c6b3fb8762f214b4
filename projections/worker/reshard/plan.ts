import { platformProblem } from '#contracts/kernel/errors.js';
import { SLOTS } from '#contracts/routing.js';
import { WorkerBoard } from '#platform/control/worker-board.js';
import { isSameTable, shardsIn, spreadSlots, withSlot, type SlotTable } from '#platform/read-store/slot-tables.js';
import type { StoredProjection } from '../../kit/projection.js';
import { currentTable, type WantedLayout } from '../layouts.js';
import type { RebuildTools } from '../rebuild/job.js';
import { checkShardsAnswer } from './availability.js';

export const MAX_SHARDS = 64;
/** A worker tells of itself once a second; one that has been silent for longer has ended (s). */
const SILENT_SECONDS = 5;

const impossible = (reason: string): Error => platformProblem('reshard-impossible', { reason });
const shardsOf = (count: number): string => (count === 1 ? '1 shard' : `${count} shards`);

/** @param known shards that can be named. @throws Problem reshard-impossible */
export function wantedTable(current: SlotTable, wanted: WantedLayout, known: number): SlotTable {
  const slots = 'shards' in wanted ? evenTable(current, wanted.shards) : movedSlot(current, wanted.slot, wanted.to, known);
  if (isSameTable(slots, current)) throw impossible('it has that layout already');
  return slots;
}

function evenTable(current: SlotTable, shards: number): SlotTable {
  if (!Number.isInteger(shards) || shards < 1 || shards > MAX_SHARDS) throw impossible(`there can be 1 to ${MAX_SHARDS} shards`);
  return spreadSlots(current, shards);
}

function movedSlot(current: SlotTable, slot: number, to: number, known: number): SlotTable {
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) throw impossible(`slots are 0 to ${SLOTS - 1}`);
  if (!Number.isInteger(to) || to < 1 || to > known) throw impossible(`there is no shard ${to}: ${known === 1 ? 'there is 1, its number is 1' : `there are 1 to ${known}`}`);
  return withSlot(current, slot, to - 1);
}

/**
 * The table that is asked for, with all its shards there: every process that works or reads knows them, and they answer. What has to be made of
 * them is made here; nothing else changes. @throws Problem reshard-impossible | shard-unavailable
 */
export async function planLayout(tools: Pick<RebuildTools, 'context' | 'growShards'>, projections: readonly StoredProjection[], wanted: WantedLayout): Promise<SlotTable> {
  const { context, growShards } = tools;
  const current = currentTable(context);
  const slots = wantedTable(current, wanted, context.shards.count);
  const needed = shardsIn(slots);
  if (needed > context.shards.count) {
    if (!growShards) throw impossible(`this process knows ${shardsOf(context.shards.count)}; name the addresses of further ones in FOLIO_NEW_SHARDS, start every process again and repeat the command`);
    await growShards(needed);
  }
  const names = projections.map(({ name }) => name);
  const without = [...(await workersWithout(tools, names, needed)), ...(await context.pointer.readersWithout(needed))];
  if (without.length > 0) throw impossible(`${without.slice(0, 5).join(', ')} ${without.length === 1 ? 'knows' : 'know'} fewer than ${shardsOf(needed)}; start every process with the same FOLIO_NEW_SHARDS and repeat the command (one that has ended is forgotten after some seconds)`);
  await checkShardsAnswer(context.shards.settings.slice(0, Math.max(needed, shardsIn(current))));
  await context.generations.keepTables(names);
  return slots;
}

/** Workers of other processes that could not keep the new generation current. */
async function workersWithout({ context: { control, leases } }: Pick<RebuildTools, 'context'>, projections: readonly string[], needed: number): Promise<readonly string[]> {
  const notes = await new WorkerBoard<{ readonly shards?: number }, unknown>(control, leases.owner).workers();
  const without = notes.filter(({ projection, owner, age, report }) => owner !== leases.owner && age < SILENT_SECONDS && projections.includes(projection) && (report.shards ?? 0) < needed);
  return [...new Set(without.map(({ owner }) => owner))];
}
