import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import type { Migration } from '../postgres/migrate.js';
import { PLAIN_TEXT } from './copy-connection.js';
import { listedFiles, verifiedBytes } from './folder.js';
import { damaged, type DatabaseFacts, type Manifest, type TableFacts } from './manifest.js';

/** Migrations that a backup had, of those that this release has. @throws Problem backup-damaged when it is of a later release */
export function migrationsOf(folder: string, { migrations }: DatabaseFacts, known: readonly Migration[]): readonly Migration[] {
  const unknown = migrations.find((number) => !known.some((migration) => migration.number === number));
  if (unknown !== undefined) throw damaged(folder, `it was taken by a later release of Folio (migration ${unknown}); restore it with that one`);
  return known.filter(({ number }) => migrations.includes(number));
}

/**
 * Copies the rows of one database of a backup into a new database that has exactly the backup's migrations; all in one transaction. Only tables and
 * columns that are there take rows; what the migrations put into them gives way.
 * @throws Problem backup-damaged when its tables are not those of its migrations
 */
export async function restoreRows(settings: ConnectionSettings, folder: string, manifest: Manifest, database: 'log' | 'write'): Promise<readonly TableFacts[]> {
  const client = new pg.Client({ ...settings, application_name: 'folio-restore' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(PLAIN_TEXT);
    await client.query('BEGIN');
    const tables = await emptied(client, folder, manifest.databases[database]);
    const rows = new Map<string, number>();
    for await (const file of listedFiles(folder, manifest)) {
      if (file.is.kind !== 'rows' || file.is.database !== database) continue;
      const { table: name } = file.is;
      const statement = tables.get(name);
      if (statement === undefined) throw damaged(folder, `${name} is no table of it`);
      const copying = client.query(copyFrom(statement));
      await pipeline(Readable.from(verifiedBytes(folder, file)), copying);
      rows.set(name, (rows.get(name) ?? 0) + copying.rowCount);
    }
    for (const { name, rows: expected } of manifest.databases[database].tables) if ((rows.get(name) ?? 0) !== expected) throw damaged(folder, `${name} took ${rows.get(name) ?? 0} rows of ${expected}`);
    await client.query('COMMIT');
    return manifest.databases[database].tables;
  } finally {
    // An open transaction is rolled back with it.
    await client.end();
  }
}

/** The statement that copies into each table, once the table is empty. */
async function emptied(client: pg.Client, folder: string, { tables }: DatabaseFacts): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'schema_migration'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      GROUP BY 1`,
  );
  const form = (all: readonly { readonly name: string; readonly columns: readonly string[] }[]): string =>
    JSON.stringify(all.map(({ name, columns }) => [name, [...columns].sort()]).sort(([left = ''], [right = '']) => (left < right ? -1 : 1)));
  if (form(rows) !== form(tables)) throw damaged(folder, 'its tables and columns are not those of its migrations');
  const statements = new Map<string, string>();
  for (const { name, columns } of tables) {
    await client.query(`DELETE FROM ${pg.escapeIdentifier(name)}`);
    statements.set(name, `COPY ${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')}) FROM STDIN`);
  }
  return statements;
}
