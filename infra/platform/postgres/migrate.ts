import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

/** Numbered, forward only. A migration that has run is never edited; `number` is its place. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Any number; the same for every Folio database, so that two starts wait for each other. */
const LOCK_KEY = 7_204_811;

/** Runs what has not run yet, each in a transaction, under a lock of the database. @returns how many ran */
export async function migrate(settings: ConnectionSettings, migrations: readonly Migration[]): Promise<number> {
  const client = new pg.Client(settings);
  // A connection that is lost fails the query in hand; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_migration (number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())');
    const { rows } = await client.query<{ number: number }>('SELECT number FROM schema_migration');
    const done = new Set(rows.map((row) => row.number));
    const missing = migrations.filter((migration) => !done.has(migration.number)).sort((left, right) => left.number - right.number);
    for (const migration of missing) await runOne(client, migration);
    return missing.length;
  } finally {
    await client.end();
  }
}

async function runOne(client: pg.Client, { number, name, sql }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migration (number, name) VALUES ($1, $2)', [number, name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`migration ${number} (${name}) failed: ${(error as Error).message}`, { cause: error });
  }
}
