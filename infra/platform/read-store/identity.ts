import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ControlDatabase } from '../control/database.js';
import type { SlotTable } from './shards.js';

const wrong = (reason: string): Error => platformProblem('setting-wrong', { setting: 'FOLIO_SHARDS', reason });

/** The list must have as many shards as the slot table that rows were written by. @throws Problem setting-wrong */
export function checkShardCount(addresses: number, slots: SlotTable): void {
  const needed = 1 + Math.max(...slots);
  if (slots.length > 0 && addresses !== needed) throw wrong(`it has ${addresses} ${addresses === 1 ? 'address' : 'addresses'}, the slot table names ${needed}`);
}

/**
 * Makes sure that each shard is in its place and of this deployment; one that is new learns who it is. Before this, nothing may be written.
 * @throws Problem setting-wrong
 */
export async function checkShards(control: ControlDatabase, pools: readonly pg.Pool[]): Promise<void> {
  const [identity] = await control.rows<{ id: string }>('SELECT id::text FROM control_identity');
  for (const [shard, pool] of pools.entries()) {
    await pool.query('INSERT INTO shard_identity (control_id, shard) VALUES ($1, $2) ON CONFLICT DO NOTHING', [identity?.id, shard]);
    const { rows: [found] } = await pool.query<{ control_id: string; shard: string }>('SELECT control_id::text, shard::text FROM shard_identity');
    if (found?.control_id !== identity?.id) throw wrong(`address ${shard + 1} is a shard of another deployment`);
    if (Number(found?.shard) !== shard) throw wrong(`address ${shard + 1} is shard ${Number(found?.shard) + 1}: the order has changed`);
  }
}
