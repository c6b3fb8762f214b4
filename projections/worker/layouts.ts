import type { Generation } from '#platform/control/generations.js';
import { isSameTable, shardsIn, type SlotTable } from '#platform/read-store/slot-tables.js';
import type { WorkerContext } from './context.js';

/** Generations whose rows are laid out by the same slot table. */
export interface Layout {
  readonly slots: SlotTable;
  readonly generations: readonly number[];
}

/** What is asked for: all slots evenly on so many shards, or one slot (0 to 1023) on one shard. Shards count from 1. */
export type WantedLayout = { readonly shards: number } | { readonly slot: number; readonly to: number };

/** Layouts of the generations that lie on this shard, in their order. */
export function layoutsOn(generations: readonly Pick<Generation, 'generation' | 'slots'>[], shard: number): readonly Layout[] {
  const layouts: { readonly slots: SlotTable; readonly generations: number[] }[] = [];
  for (const { generation, slots } of generations) {
    if (shard >= shardsIn(slots)) continue;
    const known = layouts.find((layout) => isSameTable(layout.slots, slots));
    if (known) known.generations.push(generation);
    else layouts.push({ slots, generations: [generation] });
  }
  return layouts;
}

/** The table of what is built now: the one that readers have; before there is any, the one that the settings give. */
export function currentTable({ pointer, shards }: Pick<WorkerContext, 'pointer' | 'shards'>): SlotTable {
  const { slots } = pointer.current();
  return slots.length > 0 ? slots : shards.slots;
}
