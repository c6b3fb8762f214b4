import type pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import { ORIGIN, toPosition, type Position } from '#contracts/kernel/position.js';

/** Where a consumer of the log goes on; each moves its place itself, in the statement of its own rows. @throws Problem log-diverged when it stood in another log */
export async function readCheckpoint(pool: pg.Pool, name: string, logId: string): Promise<Position> {
  const { rows } = await pool.query<{ log_id: string; position: string }>('SELECT log_id, position FROM processor_checkpoint WHERE name = $1', [name]);
  const [row] = rows;
  if (!row) return ORIGIN;
  if (row.log_id !== logId) throw platformProblem('log-diverged');
  return toPosition(row.position);
}
