import { expect } from 'chai';
import { SLOTS, slotOf } from '#contracts/routing.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { freshDatabase } from '../../support/postgres.js';
import { Proxy } from './proxy.js';

describe('a shard that is gone without having closed its connections', () => {
  let proxy: Proxy;
  let shards: Shards;
  before(async () => {
    proxy = await Proxy.before(await freshDatabase());
    shards = new Shards({ shards: [proxy.settings], slots: evenSlots(SLOTS, 1), slotOf, readers: 1, silentMs: 200 });
  });
  after(async () => {
    await shards.close();
    await proxy.cut();
  });

  it('is told to whoever waits for its answer, and the next reader has a connection that answers', async () => {
    const [pool] = shards.pools;
    const backend = async (): Promise<string | undefined> => (await pool?.query<{ pid: string }>('SELECT pg_backend_pid() AS pid'))?.rows[0]?.pid;
    const first = await backend();
    expect(await backend(), 'there is one connection').to.equal(first);
    proxy.freeze();
    const asked = backend().then(() => 'answered', (error: unknown) => (error as Error).message);
    const waiting = backend().then(() => 'answered', () => 'gone');
    expect(await asked).to.equal('Query read timeout');
    proxy.thaw();
    await waiting;
    expect(await backend()).to.be.a('string').that.does.not.equal(first);
  });
});
