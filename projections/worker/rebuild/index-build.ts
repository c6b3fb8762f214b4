import type pg from 'pg';
import { allDone } from '#platform/all-done.js';
import { analyzeStatement, indexStatements, keyStatement, schemaOf } from '#platform/read-store/table.js';
import type { RowProjection } from '../../kit/projection.js';
import type { ShardWork } from './shard-work.js';
import { finishTallies } from './tally-parts.js';

/** What takes longest begins first, so that all end at about the same time. */
const LONGEST = /USING gin/u;

/** A generation whose tables are full. */
export interface FilledTables {
  readonly projection: RowProjection;
  readonly generation: number;
}

/** Makes key, sums, indexes and statistics of a filled generation on one shard. Index names are the engine's own. */
export async function buildIndexes(shard: ShardWork, { projection: { name, table, tallies }, generation }: FilledTables): Promise<void> {
  const schema = schemaOf(name, generation);
  // ALTER TABLE needs the table for itself; CREATE INDEX only keeps writers out, so those run side by side.
  await shard.do(0, async (client) => {
    await dropIndexes(client, schema, table.name);
    await client.query(keyStatement(schema, table));
  });
  const sums = tallies ? [shard.do(1, (client) => finishTallies(client, schema, tallies.table))] : [];
  await allDone([...sums, ...indexStatements(schema, table).map((text) => shard.do(LONGEST.test(text) ? 1 : 2, (client) => client.query(text)))]);
  // Not before: it would wait for them.
  await shard.do(3, (client) => analyze(client, schema, table));
}

const PARTITIONS = 'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = to_regclass($1)';

/** Of partitions each for itself: a query is planned by these. Those of the whole are used by joins and groups, of which readers have none, and need everything read once more. */
async function analyze(client: pg.Client, schema: string, table: RowProjection['table']): Promise<void> {
  const { rows } = await client.query<{ name: string }>(PARTITIONS, [`${schema}.${table.name}`]);
  await client.query(analyzeStatement(table.partitionBy === undefined ? [`${schema}.${table.name}`] : rows.map(({ name }) => name), table));
}

const INDEXES = `SELECT i.indexrelid::regclass::text AS name, (SELECT conname FROM pg_constraint WHERE conindid = i.indexrelid) AS key FROM pg_index AS i WHERE i.indrelid = to_regclass($1)`;

/** What an interrupted run has made of them: indexes have no names of ours by which one could tell which are still missing. */
async function dropIndexes(client: pg.Client, schema: string, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string; key: string | null }>(INDEXES, [`${schema}.${table}`]);
  for (const { name, key } of rows) await client.query(key === null ? `DROP INDEX ${name}` : `ALTER TABLE ${schema}.${table} DROP CONSTRAINT ${key}`);
}
