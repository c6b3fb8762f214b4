import type pg from 'pg';
import { problem } from '#contracts/errors.js';
import { inTransaction as transaction } from '#platform/postgres/transaction.js';

/** Either a pool or one connection of it inside a transaction. */
export type Database = Pick<pg.PoolClient, 'query'>;

/** One transaction; rolled back when the work fails. @throws Problem store-unavailable when the database does not answer */
export const inTransaction = <Result>(pool: pg.Pool, work: (database: Database) => Promise<Result>): Promise<Result> => available(() => transaction(pool, work));

/** A lost or refused connection is the coded, retryable fault; errors of a statement stay what they are. */
export async function available<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isConnectionFault(error) ? problem('store-unavailable', {}, { cause: error }) : error;
  }
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown); Node's own network codes; pg's messages, which have no code. */
const CONNECTION_CODES = /^(?:08|53|57P)|^E(?:CONN|PIPE|TIMEDOUT|HOST|NET|AI_)/u;
const CONNECTION_MESSAGES = /terminat|timeout|not queryable|connection|Cannot use a pool/iu;

function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? CONNECTION_MESSAGES.test(error.message) : CONNECTION_CODES.test(code);
}
