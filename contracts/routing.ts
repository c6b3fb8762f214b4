import { fnv1a32 } from './kernel/hash.js';

export const SLOTS = 1024;

/** Read-model rows of a stream live on the shard that owns this slot. */
export const slotOf = (shardKey: string): number => fnv1a32(shardKey) % SLOTS;
