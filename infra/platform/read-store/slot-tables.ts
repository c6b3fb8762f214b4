/** Which shard owns a slot: data, kept with the pointer and with each generation, so that re-sharding changes a table and no code. */
export type SlotTable = readonly number[];

/** All slots spread evenly over the shards, in order. */
export const evenSlots = (slots: number, shards: number): SlotTable => Array.from({ length: slots }, (_, slot) => Math.floor((slot * shards) / slots));

const counts = new WeakMap<SlotTable, number>();

/** Shards that rows may lie on by this table: the first so many. Asked with every read, so it is counted once per table. */
export function shardsIn(slots: SlotTable): number {
  let count = counts.get(slots);
  if (count === undefined) counts.set(slots, (count = slots.reduce((most, shard) => Math.max(most, shard + 1), 0)));
  return count;
}

export const isSameTable = (left: SlotTable, right: SlotTable): boolean => left === right || (left.length === right.length && left.every((shard, slot) => shard === right[slot]));

/** Slots of each shard, by its index. */
export function slotCounts(slots: SlotTable): readonly number[] {
  const held = Array.from({ length: shardsIn(slots) }, () => 0);
  for (const shard of slots) held[shard] = (held[shard] ?? 0) + 1;
  return held;
}

/**
 * All slots spread evenly over so many shards, with as few as possible of them moved from where they are; the same table for the same question.
 * Where the slots cannot be divided, the shards that have most already keep one more.
 */
export function spreadSlots(current: SlotTable, shards: number): SlotTable {
  const held = slotCounts(current);
  const most = Array.from({ length: shards }, (_, shard) => shard).sort((left, right) => (held[right] ?? 0) - (held[left] ?? 0) || left - right);
  const room = Array.from({ length: shards }, () => Math.floor(current.length / shards));
  for (const shard of most.slice(0, current.length % shards)) room[shard] = (room[shard] ?? 0) + 1;
  const take = (shard: number): boolean => {
    const left = room[shard] ?? 0;
    if (left > 0) room[shard] = left - 1;
    return left > 0;
  };
  const kept = current.map((shard) => (take(shard) ? shard : undefined));
  let next = 0;
  return kept.map((shard) => {
    if (shard !== undefined) return shard;
    while (!take(next)) next += 1;
    return next;
  });
}

/** The table with one slot on another shard. */
export const withSlot = (current: SlotTable, slot: number, to: number): SlotTable => current.map((shard, place) => (place === slot ? to : shard));
