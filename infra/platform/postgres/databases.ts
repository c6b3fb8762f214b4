import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

export interface RoleSpec {
  readonly name: string;
  readonly password: string;
}

export interface DatabaseSpec {
  readonly name: string;
  /** Role that may do everything inside it; absent: the superuser only. */
  readonly owner?: string;
}

/** Any number; the same for every process of Folio. */
const LOCK_KEY = 7_204_812;

/** Makes what is missing of the roles (login, no rights) and databases. Safe to repeat. */
export async function ensureDatabases(admin: ConnectionSettings, databases: readonly DatabaseSpec[], roles: readonly RoleSpec[]): Promise<void> {
  const client = new pg.Client(admin);
  // A connection that is lost fails the query in hand; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Roles belong to the whole server: two processes that start at once must not make the same one.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    for (const role of roles) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
      const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${pg.escapeIdentifier(role.name)} LOGIN PASSWORD ${pg.escapeLiteral(role.password)}`);
    }
    for (const { name, owner } of databases) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} ${owner === undefined ? '' : `OWNER ${pg.escapeIdentifier(owner)}`}`);
    }
  } finally {
    await client.end();
  }
}
