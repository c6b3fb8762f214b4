import pg from 'pg';
import { allDone } from '#platform/all-done.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { ended } from '#platform/read-store/connection.js';
import { analyzeStatement, indexStatements, keyStatement, schemaOf } from '#platform/read-store/table.js';
import type { RowProjection } from '../../kit/projection.js';
import { isShardGone } from '../reshard/availability.js';
import { sumParts } from './tally-parts.js';

/** Statements of one shard at a time. */
const PARALLEL = 2;
/** What takes longest begins first, so that all end at about the same time. */
const LONGEST = /USING gin/u;

/** A generation whose tables are full. */
export interface FilledTables {
  readonly projection: RowProjection;
  readonly generation: number;
}

export interface IndexOptions {
  /** A shard that is gone is not waited for; what is under way otherwise comes to its end. */
  readonly signal: AbortSignal;
  readonly isGentle?: boolean;
}

/** Makes keys, sums and indexes of filled generations on one shard, several at a time (one while readers are busy). Index names are the engine's own. */
export function buildIndexes(filled: readonly FilledTables[], settings: ConnectionSettings, { signal, isGentle = false }: IndexOptions): Promise<void> {
  return withClients(settings, { signal, count: isGentle ? 1 : PARALLEL }, async (clients) => {
    // ALTER TABLE needs the table for itself; CREATE INDEX only keeps writers out, so those run side by side.
    await each(clients, filled.map(({ projection: { name, table }, generation }) => async (client: pg.Client) => {
      await dropIndexes(client, schemaOf(name, generation), table.name);
      await client.query(keyStatement(schemaOf(name, generation), table));
    }));
    const others = filled.flatMap(({ projection: { name, table }, generation }) => indexStatements(schemaOf(name, generation), table));
    const inOrder = [...others.filter((text) => LONGEST.test(text)), ...others.filter((text) => !LONGEST.test(text))];
    const sums = filled.flatMap(({ projection: { name, tallies }, generation }) => (tallies ? [(client: pg.Client) => sumParts(client, schemaOf(name, generation), tallies.table)] : []));
    await each(clients, [...sums, ...inOrder.map((text) => (client: pg.Client) => client.query(text))]);
  });
}

/** Statistics of filled generations on one shard. Not while indexes are made: the two wait for each other. */
export function analyzeTables(filled: readonly FilledTables[], settings: ConnectionSettings, { signal, isGentle = false }: IndexOptions): Promise<void> {
  return withClients(settings, { signal, count: isGentle ? 1 : PARALLEL }, (clients) => each(clients, filled.map(({ projection: { name, table }, generation }) => (client) => client.query(analyzeStatement(schemaOf(name, generation), table)))));
}

/** All clients take the next piece of work as they become free; all have ended before a failure of one is told. */
async function each(clients: readonly pg.Client[], work: readonly ((client: pg.Client) => Promise<unknown>)[]): Promise<void> {
  const queue = [...work];
  await allDone(clients.map(async (client) => {
    for (let next = queue.shift(); next; next = queue.shift()) await next(client).catch((error: unknown) => { queue.length = 0; throw error; });
  }));
}

const INDEXES = `SELECT i.indexrelid::regclass::text AS name, (SELECT conname FROM pg_constraint WHERE conindid = i.indexrelid) AS key FROM pg_index AS i WHERE i.indrelid = to_regclass($1)`;

/** What an interrupted run has made of them: indexes have no names of ours by which one could tell which are still missing. */
async function dropIndexes(client: pg.Client, schema: string, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string; key: string | null }>(INDEXES, [`${schema}.${table}`]);
  for (const { name, key } of rows) await client.query(key === null ? `DROP INDEX ${name}` : `ALTER TABLE ${schema}.${table} DROP CONSTRAINT ${key}`);
}

async function withClients(settings: ConnectionSettings, { signal, count }: { readonly signal: AbortSignal; readonly count: number }, work: (clients: readonly pg.Client[]) => Promise<void>): Promise<void> {
  const options = '-c synchronous_commit=off -c work_mem=64MB -c maintenance_work_mem=128MB -c max_parallel_maintenance_workers=0';
  const clients = Array.from({ length: count }, () => new pg.Client({ ...settings, connectionTimeoutMillis: 3_000, application_name: 'folio-rebuild', options }));
  for (const client of clients) client.on('error', () => undefined);
  const abandon = (): void => { if (isShardGone(signal)) for (const client of clients) void ended(client); };
  signal.addEventListener('abort', abandon, { once: true });
  try {
    signal.throwIfAborted();
    await allDone(clients.map((client) => client.connect()));
    await work(clients);
  } finally {
    signal.removeEventListener('abort', abandon);
    await Promise.all(clients.map(ended));
  }
}
