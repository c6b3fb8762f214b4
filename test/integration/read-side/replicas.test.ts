import pg from 'pg';
import { expect } from 'chai';
import { slotOf, SLOTS } from '#contracts/routing.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { testCluster } from '../../support/postgres.js';
import { ReadBench, sampleId } from './bench.js';

/** A copy of the shard as it is now: a replica that never catches up. */
async function frozenCopyOf(shard: ConnectionSettings): Promise<ConnectionSettings> {
  const cluster = await testCluster();
  const database = `${shard.database}_replica`;
  const admin = new pg.Client(cluster.admin());
  await admin.connect();
  try {
    // A database with connections cannot be a template: the few that there are come back by themselves.
    for (;;) {
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [shard.database]);
      const made = await admin.query(`CREATE DATABASE ${database} TEMPLATE ${shard.database}`).then(() => true, () => false);
      if (made) return cluster.admin(database);
    }
  } finally {
    await admin.end();
  }
}

describe('a shard with a replica', () => {
  let bench: ReadBench;
  let shards: Shards | undefined;
  afterEach(async () => {
    await bench.close();
    await shards?.close();
  });

  /** One invoice that both have, one that only the shard has. */
  async function behindBy(one: number): Promise<string> {
    bench = await ReadBench.open();
    await bench.given([{ seed: 1 }]);
    const [settings] = bench.harness.shardSettings;
    if (!settings) throw new Error('no shard');
    const replica = await frozenCopyOf(settings);
    const position = await bench.append({ seed: one });
    await bench.caughtUp();
    shards = new Shards({ shards: [settings], replicas: [replica], slots: evenSlots(SLOTS, 1), slotOf });
    await bench.readFrom(shards);
    return bench.token(one, position);
  }

  it('is read there by whoever brings no token', async () => {
    await behindBy(2);
    expect((await bench.json<{ items: { id: string }[] }>('/api/v1/invoices')).items.map(({ id }) => id)).to.deep.equal([sampleId(1)]);
  });

  it('is read itself where the replica is behind the token of the caller', async () => {
    const token = await behindBy(2);
    const { items } = await bench.json<{ items: { id: string }[] }>('/api/v1/invoices', { 'folio-position': token });
    expect(items.map(({ id }) => id).sort()).to.deep.equal([sampleId(1), sampleId(2)].sort());
  });

  it('is read itself where the replica does not answer', async () => {
    await behindBy(2);
    const admin = new pg.Client((await testCluster()).admin());
    await admin.connect();
    await admin.query(`DROP DATABASE ${bench.harness.shardSettings[0]?.database}_replica WITH (FORCE)`);
    await admin.end();
    expect((await bench.json<{ items: unknown[] }>('/api/v1/invoices')).items).to.have.length(2);
  });
});
