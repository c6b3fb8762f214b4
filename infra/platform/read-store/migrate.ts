import type { ConnectionSettings } from '../embedded-postgres/cluster.js';
import { migrate } from '../postgres/migrate.js';
import { SHARD_MIGRATIONS } from './migrations.js';

/** Brings every shard database to the current form; to be run as the owner of the databases. */
export async function migrateShards(shards: readonly ConnectionSettings[]): Promise<void> {
  for (const settings of shards) await migrate(settings, SHARD_MIGRATIONS);
}
