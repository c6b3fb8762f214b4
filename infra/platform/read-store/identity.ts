import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ControlDatabase } from '../control/database.js';
import { shardsIn, type SlotTable } from './slot-tables.js';

const wrong = (setting: string, reason: string): Error => platformProblem('setting-wrong', { setting, reason });
const addresses = (count: number): string => (count === 1 ? '1 address' : `${count} addresses`);

/** How many shards the settings name, and how many have rows. */
export interface ShardCounts {
  /** Addresses of `FOLIO_SHARDS`. */
  readonly named: number;
  /** Addresses of `FOLIO_NEW_SHARDS`, which a re-shard may take. */
  readonly further: number;
  /** That any generation ever lay on: what was re-sharded away from may still be named, and another number is a mistake. */
  readonly most: number;
}

/** All shards of the slot table must be named, and in `FOLIO_SHARDS` none that never had rows. @throws Problem setting-wrong */
export function checkShardCount({ named, further, most }: ShardCounts, slots: SlotTable): void {
  const needed = shardsIn(slots);
  if (needed === 0) return;
  const text = `it has ${addresses(named)}${further === 0 ? '' : `, with FOLIO_NEW_SHARDS ${named + further}`}, the slot table names ${needed}`;
  if (named + further < needed || named > Math.max(needed, most)) throw wrong('FOLIO_SHARDS', text);
}

/** What may be tidied up after a re-shard; undefined: nothing. @param used shards of the slot table */
export function shardAdvice({ named, further }: Pick<ShardCounts, 'named' | 'further'>, used: number): string | undefined {
  const moved = Math.min(further, used - named);
  if (moved > 0) return `rows lie on the first ${addresses(moved)} of FOLIO_NEW_SHARDS: they may be moved to the end of FOLIO_SHARDS`;
  if (named > used && used > 0) return `readers need no more than the first ${addresses(used)} of FOLIO_SHARDS: the others may be left out when nobody wants to roll back`;
  return undefined;
}

/**
 * Makes sure that each shard is in its place and of this deployment; one that is new learns who it is. Before this, nothing may be written.
 * @param first place of the first of these among all shards
 * @param named how many of all are addresses of `FOLIO_SHARDS`
 * @throws Problem setting-wrong
 */
export async function checkShards(control: ControlDatabase, pools: readonly pg.Pool[], { first = 0, named = first + pools.length }: { readonly first?: number; readonly named?: number } = {}): Promise<void> {
  const [identity] = await control.rows<{ id: string }>('SELECT id::text FROM control_identity');
  for (const [place, pool] of pools.entries()) {
    const shard = first + place;
    const [setting, address] = shard < named ? ['FOLIO_SHARDS', shard + 1] : ['FOLIO_NEW_SHARDS', shard + 1 - named];
    await pool.query('INSERT INTO shard_identity (control_id, shard) VALUES ($1, $2) ON CONFLICT DO NOTHING', [identity?.id, shard]);
    const { rows: [found] } = await pool.query<{ control_id: string; shard: string }>('SELECT control_id::text, shard::text FROM shard_identity');
    if (found?.control_id !== identity?.id) throw wrong(setting, `address ${address} is a shard of another deployment`);
    if (Number(found?.shard) !== shard) throw wrong(setting, `address ${address} is shard ${Number(found?.shard) + 1}: the order has changed`);
  }
}
