import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { analyzeStatement, schemaOf } from '#platform/read-store/table.js';
import type { RowProjection } from '../../kit/projection.js';
import { indexesOf } from '../schema.js';

/** Indexes of one table built at a time. */
const PARALLEL = 2;

/** Makes the indexes of a filled generation on one shard, several at a time (one while readers are busy, or others are made beside), and its statistics. Index names are the engine's own. */
export async function buildIndexes(projection: RowProjection, generation: number, settings: ConnectionSettings, isGentle = false): Promise<void> {
  const [primaryKey = '', ...others] = indexesOf(projection, generation);
  // ALTER TABLE needs the table for itself; CREATE INDEX only keeps writers out, so those run side by side.
  await withClient(settings, async (client) => {
    await dropIndexes(client, schemaOf(projection.name, generation), projection.table.name);
    await client.query(primaryKey);
  });
  const queue = [analyzeStatement(schemaOf(projection.name, generation), projection.table), ...others];
  const work = async (client: pg.Client): Promise<void> => {
    for (let text = queue.shift(); text !== undefined; text = queue.shift()) await client.query(text);
  };
  await Promise.all(Array.from({ length: isGentle ? 1 : PARALLEL }, () => withClient(settings, work)));
}

const INDEXES = `SELECT i.indexrelid::regclass::text AS name, (SELECT conname FROM pg_constraint WHERE conindid = i.indexrelid) AS key FROM pg_index AS i WHERE i.indrelid = to_regclass($1)`;

/** What an interrupted run has made of them: indexes have no names of ours by which one could tell which are still missing. */
async function dropIndexes(client: pg.Client, schema: string, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string; key: string | null }>(INDEXES, [`${schema}.${table}`]);
  for (const { name, key } of rows) await client.query(key === null ? `DROP INDEX ${name}` : `ALTER TABLE ${schema}.${table} DROP CONSTRAINT ${key}`);
}

async function withClient(settings: ConnectionSettings, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const options = '-c synchronous_commit=off -c maintenance_work_mem=128MB -c max_parallel_maintenance_workers=0';
  const client = new pg.Client({ ...settings, application_name: 'folio-rebuild', options });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
