import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { APPEND_ROLE, EVENT_STORE_MIGRATIONS, READ_ROLE } from '#platform/event-store/postgres/schema.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ensureDatabases } from '#platform/postgres/databases.js';
import { migrate } from '#platform/postgres/migrate.js';
import { freshDatabase, testCluster } from './postgres.js';

export interface PostgresLog {
  readonly owner: ConnectionSettings;
  readonly append: ConnectionSettings;
  readonly read: ConnectionSettings;
}

/** An empty log in a database of its own, with its roles; `upTo`: as the release with that last migration made it. */
export async function freshLog(upTo = Infinity): Promise<PostgresLog> {
  const cluster = await testCluster();
  const owner = await freshDatabase();
  await ensureDatabases(cluster.admin(), [], [APPEND_ROLE, READ_ROLE].map((name) => ({ name, password: cluster.passwordOf(name) })));
  await migrate(owner, EVENT_STORE_MIGRATIONS.filter(({ number }) => number <= upTo));
  return { owner, append: cluster.as(APPEND_ROLE, owner.database), read: cluster.as(READ_ROLE, owner.database) };
}

export async function freshPostgresStore(): Promise<PostgresEventStore> {
  const { append, read } = await freshLog();
  return new PostgresEventStore({ append, read });
}
