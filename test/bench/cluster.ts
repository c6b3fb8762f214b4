import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, type Cluster } from '#platform/embedded-postgres/cluster.js';
import { openDatabases, type Databases } from '../../cli/instance/databases.js';

/** A real, durable Postgres (fsync on) with Folio's databases, for one benchmark; removed afterwards. */
export async function withBenchCluster<Result>(work: (databases: Databases, cluster: Cluster) => Promise<Result>, settings: readonly string[] = []): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'folio-bench-'));
  const cluster = await startCluster({ folder, settings });
  try {
    return await work(await openDatabases(cluster), cluster);
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export const ENGINES = { postgres: '18.4 (embedded)' };
