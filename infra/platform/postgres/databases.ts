import pg from 'pg';
import type { ConnectionSettings } from '../embedded-postgres/cluster.js';

export interface RoleSpec {
  readonly name: string;
  readonly password: string;
}

/** Makes what is missing of the roles (login, no rights) and databases (owner: the superuser). Safe to repeat. */
export async function ensureDatabases(admin: ConnectionSettings, databases: readonly string[], roles: readonly RoleSpec[]): Promise<void> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    for (const role of roles) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
      const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${pg.escapeIdentifier(role.name)} LOGIN PASSWORD ${pg.escapeLiteral(role.password)}`);
    }
    for (const database of databases) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    }
  } finally {
    await client.end();
  }
}
