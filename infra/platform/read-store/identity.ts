import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ControlDatabase } from '../control/database.js';
import type { SlotTable } from './shards.js';

/**
 * Makes sure that the list of shards is the one that rows were written by: as many as the slot table names, each in its place, all of this
 * deployment. A shard that is new learns who it is. Before this, nothing may be written.
 * @throws Problem setting-wrong
 */
export async function checkShards(control: ControlDatabase, pools: readonly pg.Pool[], slots: SlotTable): Promise<void> {
  const wrong = (reason: string): Error => platformProblem('setting-wrong', { setting: 'FOLIO_SHARDS', reason });
  const needed = 1 + Math.max(...slots);
  if (slots.length > 0 && pools.length !== needed) throw wrong(`it has ${pools.length} addresses, the slot table names ${needed} shards`);
  const [identity] = await control.rows<{ id: string }>('SELECT id::text FROM control_identity');
  for (const [shard, pool] of pools.entries()) {
    await pool.query('INSERT INTO shard_identity (control_id, shard) VALUES ($1, $2) ON CONFLICT DO NOTHING', [identity?.id, shard]);
    const { rows: [found] } = await pool.query<{ control_id: string; shard: string }>('SELECT control_id::text, shard::text FROM shard_identity');
    if (found?.control_id !== identity?.id) throw wrong(`address ${shard + 1} is a shard of another deployment`);
    if (Number(found?.shard) !== shard) throw wrong(`address ${shard + 1} is shard ${Number(found?.shard) + 1}: the order has changed`);
  }
}
