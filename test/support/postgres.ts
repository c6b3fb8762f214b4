import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startCluster, type Cluster, type ConnectionSettings } from '#platform/embedded-postgres/cluster.js';

let shared: Promise<{ cluster: Cluster; folder: string }> | undefined;
let counter = 0;

/** One real Postgres for the whole test run, started by the first test that asks and stopped by the global teardown. */
async function sharedCluster(): Promise<Cluster> {
  shared ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'folio-test-pg-'));
    return { folder, cluster: await startCluster({ folder, settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'] }) };
  })();
  return (await shared).cluster;
}

export const testCluster = sharedCluster;

/** A fresh, empty database on the shared cluster, as its superuser. */
export async function freshDatabase(): Promise<ConnectionSettings> {
  const cluster = await sharedCluster();
  counter += 1;
  const database = `test_${process.pid}_${counter}`;
  const client = new pg.Client(cluster.admin());
  await client.connect();
  await client.query(`CREATE DATABASE ${database}`);
  await client.end();
  return cluster.admin(database);
}

export async function stopSharedCluster(): Promise<void> {
  if (!shared) return;
  const { cluster, folder } = await shared;
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
  shared = undefined;
}
