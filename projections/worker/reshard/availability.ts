import pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { ended } from '#platform/read-store/connection.js';
import { whileHolds } from '#platform/while-holds.js';

/** A shard that does not answer within this is gone (ms). */
const PATIENCE_MS = 5_000;

/** Whether that is why the work was given up: what waits for a shard's answer waits for ever then. */
export const isShardGone = ({ reason }: AbortSignal): boolean => reason instanceof Problem && reason.code === 'shard-unavailable';

/** @throws Problem shard-unavailable: the first of these that does not answer */
export async function checkShardsAnswer(shards: readonly ConnectionSettings[], patienceMs = PATIENCE_MS): Promise<void> {
  const answers = await Promise.allSettled(shards.map((settings) => ask(settings, patienceMs)));
  for (const [shard, answer] of answers.entries()) if (answer.status === 'rejected') throw platformProblem('shard-unavailable', { shard: shard + 1 }, { cause: answer.reason });
}

/** Over a connection of its own: one of a pool could have to wait for readers. */
async function ask(settings: ConnectionSettings, patienceMs: number): Promise<void> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: patienceMs, query_timeout: patienceMs, application_name: 'folio-probe' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await ended(client);
  }
}

/**
 * Does the work while all these shards answer: one that does not ends it, also where the work waits for somebody else (a worker that cannot
 * commit). A failure is told as that of the shard that does not answer.
 * @throws Problem shard-unavailable, or what the work throws
 */
export async function whileShardsAnswer<Result>(shards: readonly ConnectionSettings[], signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>, patienceMs = PATIENCE_MS): Promise<Result> {
  try {
    return await whileHolds(() => checkShardsAnswer(shards, patienceMs), signal, work, patienceMs);
  } catch (error) {
    throw await explained(error, shards, signal);
  }
}

async function explained(error: unknown, shards: readonly ConnectionSettings[], signal: AbortSignal): Promise<unknown> {
  if (error instanceof Problem || signal.aborted) return error;
  return checkShardsAnswer(shards).then(() => error, (unavailable: unknown) => unavailable);
}
