import { expect } from 'chai';
import type pg from 'pg';
import { openPool } from '#platform/postgres/pool.js';
import { inTransaction } from '#platform/postgres/transaction.js';
import { Proxy } from '../read-side/proxy.js';
import { Harness } from './harness.js';

/** Longer than the test may take: only what has a deadline of its own ends. */
const SILENT_MS = 60_000;
const QUESTION = { text: 'SELECT 1', query_timeout: 300 };

describe('a transaction on one connection of a pool', () => {
  let harness: Harness;
  let proxy: Proxy;
  let pool: pg.Pool;
  beforeEach(async () => {
    harness = await Harness.open(1);
    proxy = await Proxy.before(harness.shardSettings[0] as never);
    pool = openPool(proxy.settings, { name: 'test', connections: 1, statementMs: 10_000, silentMs: SILENT_MS });
    await pool.query('CREATE TABLE noted (text text)');
  });
  afterEach(async () => {
    await pool.end();
    await proxy.cut();
    await harness.close();
  });
  const backend = async (): Promise<unknown> => (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const noted = async (): Promise<readonly string[]> => (await pool.query<{ text: string }>('SELECT text FROM noted')).rows.map(({ text }) => text);

  it('is all or nothing, and the pool has its connection back', async () => {
    const before = await backend();
    expect(await inTransaction(pool, async (client) => (await client.query("INSERT INTO noted VALUES ('a')")).rowCount)).to.equal(1);
    const failed: unknown = await inTransaction(pool, async (client) => {
      await client.query("INSERT INTO noted VALUES ('b')");
      throw new Error('changed its mind');
    }).catch((error: unknown) => error);
    expect(failed).to.be.an('error').with.property('message', 'changed its mind');
    expect([await noted(), await backend()]).to.deep.equal([['a'], before]);
  });

  it('ends soon when the engine is silent in the middle of it; the connection is thrown away', async () => {
    const before = await backend();
    const began = performance.now();
    const failed: unknown = await inTransaction(pool, async (client) => {
      await client.query("INSERT INTO noted VALUES ('c')");
      proxy.freeze();
      await client.query(QUESTION);
    }).catch((error: unknown) => error);
    expect(failed).to.be.an('error').with.property('message').that.matches(/timeout/iu);
    expect(performance.now() - began).to.be.lessThan(15_000);
    await proxy.cut();
    await proxy.open();
    expect([await noted(), (await backend()) === before]).to.deep.equal([[], false]);
  });
});
