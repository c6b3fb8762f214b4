import pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { ConnectionSettings } from '../../embedded-postgres/cluster.js';

export interface FreezeLimits {
  /** Longest wait for the appends that are on their way (ms). */
  readonly waitMs: number;
  /** Longest time that the log may stand; the server ends it then, whatever has become of this process (ms). */
  readonly holdMs: number;
}

/** Appends wait while the log stands: both limits are far below what they wait for (4 s). */
export const FREEZE_LIMITS: FreezeLimits = { waitMs: 2_000, holdMs: 1_500 };

/**
 * Runs the work while no event can be appended: its look at the log and its look at another database are of one and the same instant. The lock is
 * that of every append (ADR 1), and is gone when this process is.
 * @param settings of a role that may append. @throws Problem store-unavailable, also when the work took too long: what it saw is then worth nothing
 */
export async function whileLogStands<Result>(settings: ConnectionSettings, work: () => Promise<Result>, { waitMs, holdMs }: FreezeLimits = FREEZE_LIMITS): Promise<Result> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: 3_000, application_name: 'folio-freeze' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`SET lock_timeout = ${waitMs}; SET idle_in_transaction_session_timeout = ${holdMs}`);
    await client.query('BEGIN');
    await client.query('SELECT position FROM log_head FOR UPDATE');
    const result = await work();
    // Refused when the server has ended it meanwhile.
    await client.query('COMMIT');
    return result;
  } catch (error) {
    throw platformProblem('store-unavailable', {}, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}
