import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startCluster, type Cluster, type ConnectionSettings } from '#platform/embedded-postgres/cluster.js';

/** Empty databases for a suite. */
export interface TestDatabases {
  /** Another one each time. */
  readonly database: () => Promise<ConnectionSettings>;
  /** Once, after the last test. */
  readonly close: () => Promise<void>;
}

async function makeDatabase(server: ConnectionSettings, name: string): Promise<ConnectionSettings> {
  const client = new pg.Client(server);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`).finally(() => client.end());
  return { ...server, database: name };
}

/** The Postgres that Folio brings, in a temporary folder: started by the first test that asks, gone with `close`. */
export function embeddedDatabases(): TestDatabases {
  let started: Promise<{ readonly cluster: Cluster; readonly folder: string }> | undefined;
  let made = 0;
  const start = async (): Promise<{ readonly cluster: Cluster; readonly folder: string }> => {
    const folder = await mkdtemp(join(tmpdir(), 'folio-kit-'));
    // Nothing here must survive a crash.
    return { folder, cluster: await startCluster({ folder, settings: ['fsync=off', 'full_page_writes=off'] }) };
  };
  return {
    database: async () => {
      started ??= start();
      const { cluster } = await started;
      made += 1;
      return makeDatabase(cluster.admin(), `kit_${made}`);
    },
    close: async () => {
      const running = await started;
      await running?.cluster.stop();
      if (running) await rm(running.folder, { recursive: true, force: true });
    },
  };
}

/** Databases on a server that is there, as a user who may make databases and extensions; they are dropped with `close`. */
export function databasesOn(server: ConnectionSettings): TestDatabases {
  const made: string[] = [];
  return {
    database: () => {
      const name = `folio_kit_${process.pid}_${made.length + 1}`;
      made.push(name);
      return makeDatabase(server, name);
    },
    close: async () => {
      const client = new pg.Client(server);
      await client.connect();
      try {
        for (const name of made) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      } finally {
        await client.end();
      }
    },
  };
}
