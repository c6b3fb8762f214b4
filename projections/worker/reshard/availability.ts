import pg from 'pg';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { pause } from '#platform/wake.js';

/** A shard that does not answer within this is gone (ms). */
const PATIENCE_MS = 5_000;
const LOOK_MS = 1_000;

/** @throws Problem shard-unavailable: the first of these that does not answer */
export async function checkShardsAnswer(shards: readonly ConnectionSettings[]): Promise<void> {
  const answers = await Promise.allSettled(shards.map(ask));
  for (const [shard, answer] of answers.entries()) if (answer.status === 'rejected') throw platformProblem('shard-unavailable', { shard: shard + 1 }, { cause: answer.reason });
}

/** Over a connection of its own: one of a pool could have to wait for readers. */
async function ask(settings: ConnectionSettings): Promise<void> {
  const client = new pg.Client({ ...settings, connectionTimeoutMillis: PATIENCE_MS, query_timeout: PATIENCE_MS, application_name: 'folio-probe' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Does the work while all these shards answer: one that does not ends it, also where the work waits for somebody else (a worker that cannot
 * commit). A failure is told as that of the shard that does not answer.
 * @throws Problem shard-unavailable, or what the work throws
 */
export async function whileShardsAnswer<Result>(shards: readonly ConnectionSettings[], signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const gone = new AbortController();
  const done = new AbortController();
  const watching = watch(shards, gone, done.signal);
  try {
    return await work(AbortSignal.any([signal, gone.signal]));
  } catch (error) {
    throw await explained(error, shards, signal);
  } finally {
    done.abort();
    await watching;
  }
}

async function watch(shards: readonly ConnectionSettings[], gone: AbortController, done: AbortSignal): Promise<void> {
  while (!done.aborted && !gone.signal.aborted) {
    await pause(LOOK_MS, done);
    if (!done.aborted) await checkShardsAnswer(shards).catch((error: unknown) => gone.abort(error));
  }
}

async function explained(error: unknown, shards: readonly ConnectionSettings[], signal: AbortSignal): Promise<unknown> {
  if (error instanceof Problem || signal.aborted) return error;
  return checkShardsAnswer(shards).then(() => error, (unavailable: unknown) => unavailable);
}
