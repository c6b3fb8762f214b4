import type { Cluster, ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { APPEND_ROLE, EVENT_STORE_MIGRATIONS, READ_ROLE } from '#platform/event-store/postgres/schema.js';
import { ensureDatabases } from '#platform/postgres/databases.js';
import { migrate } from '#platform/postgres/migrate.js';
import { migrateControl, migrateShards } from '../../projections/role.js';
import { WRITE_MIGRATIONS } from '../../write-side/role.js';

/** Event store, write-side state, read models and their control are separate databases with separate roles; nothing crosses them. */
export interface Databases {
  readonly append: ConnectionSettings;
  readonly readLog: ConnectionSettings;
  readonly write: ConnectionSettings;
  readonly control: ConnectionSettings;
  readonly shards: readonly ConnectionSettings[];
}

const NAMES = { events: 'folio_events', write: 'folio_write', control: 'folio_control', shard: 'folio_read_0' } as const;
const WRITE_ROLE = 'folio_write_side';
const READ_MODEL_ROLE = 'folio_read_models';

/** Makes and migrates all databases of an embedded instance. */
export async function openDatabases(cluster: Cluster): Promise<Databases> {
  const roles = [APPEND_ROLE, READ_ROLE, WRITE_ROLE, READ_MODEL_ROLE].map((name) => ({ name, password: cluster.passwordOf(name) }));
  const owned = [{ name: NAMES.write, owner: WRITE_ROLE }, { name: NAMES.control, owner: READ_MODEL_ROLE }, { name: NAMES.shard, owner: READ_MODEL_ROLE }];
  await ensureDatabases(cluster.admin(), [{ name: NAMES.events }, ...owned], roles);
  const databases: Databases = {
    append: cluster.as(APPEND_ROLE, NAMES.events),
    readLog: cluster.as(READ_ROLE, NAMES.events),
    write: cluster.as(WRITE_ROLE, NAMES.write),
    control: cluster.as(READ_MODEL_ROLE, NAMES.control),
    shards: [cluster.as(READ_MODEL_ROLE, NAMES.shard)],
  };
  const migrations = await Promise.allSettled([
    migrate(cluster.admin(NAMES.events), EVENT_STORE_MIGRATIONS),
    migrate(databases.write, WRITE_MIGRATIONS),
    migrateControl(databases.control),
    migrateShards(databases.shards),
  ]);
  // All have ended before the first failure is told: nothing runs on behind the caller's back.
  for (const result of migrations) if (result.status === 'rejected') throw result.reason;
  return databases;
}
