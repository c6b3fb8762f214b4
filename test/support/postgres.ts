import { rm } from 'node:fs/promises';
import pg from 'pg';
import { startCluster, type Cluster, type ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { migrateShards } from '#platform/read-store/migrate.js';
import { scratchFolder } from './scratch.js';

/** Databases that are kept; of more than these the oldest that nobody is connected to goes. */
const KEPT = 150;

interface Shared {
  readonly cluster: Cluster;
  readonly folder: string;
  /** To the cluster itself, for making databases. */
  readonly admin: pg.Client;
}

let shared: Promise<Shared> | undefined;
let shardTemplate: Promise<string> | undefined;
let counter = 0;
const made: string[] = [];

/** One real Postgres for the whole test run, started by the first test that asks and stopped by the global teardown. */
async function start(): Promise<Shared> {
  const folder = await scratchFolder('folio-test-pg-');
  const cluster = await startCluster({ folder, settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'] });
  const admin = new pg.Client(cluster.admin());
  await admin.connect();
  return { cluster, folder, admin };
}

const sharedCluster = (): Promise<Shared> => (shared ??= start());

export const testCluster = async (): Promise<Cluster> => (await sharedCluster()).cluster;

/** A fresh, empty database on the shared cluster, as its superuser. */
export const freshDatabase = (): Promise<ConnectionSettings> => copyOf('template1');

/** A fresh database with the tables of a shard. */
export async function freshShard(): Promise<ConnectionSettings> {
  shardTemplate ??= (async () => {
    const settings = await freshDatabase();
    await migrateShards([settings]);
    made.splice(made.indexOf(settings.database), 1);
    return settings.database;
  })();
  return copyOf(await shardTemplate);
}

/** Copied as files, which is several times faster than through the engine's log. */
async function copyOf(template: string): Promise<ConnectionSettings> {
  const { cluster, admin } = await sharedCluster();
  counter += 1;
  const database = `test_${process.pid}_${counter}`;
  await admin.query(`CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`);
  made.push(database);
  if (made.length > KEPT) await dropOldest(admin);
  return cluster.admin(database);
}

/** One that is in use is kept: the engine would wait for those who use it. */
async function dropOldest(admin: pg.Client): Promise<void> {
  const [oldest = ''] = made.splice(0, 1);
  const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1', [oldest]);
  if (rowCount === 0) await admin.query(`DROP DATABASE ${oldest}`);
  else made.push(oldest);
}

export async function stopSharedCluster(): Promise<void> {
  if (!shared) return;
  const { cluster, folder, admin } = await shared;
  await admin.end();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
  shared = undefined;
}
