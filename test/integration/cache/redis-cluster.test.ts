import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { toRevision } from '#contracts/kernel/position.js';
import { parseRedisAddress, type RedisAddress } from '#platform/cache/redis-address.js';
import { probeRedis } from '#platform/cache/redis-probe.js';
import { RedisCache } from '#platform/cache/redis.js';
import { cacheSuite } from '../../suites/cache.js';
import { until } from '../../support/until.js';
import { hasServers, startCluster, type OwnRedis } from './servers.js';

describe('the cache on a Redis Cluster', () => {
  const servers: OwnRedis[] = [];
  const caches: RedisCache<string>[] = [];
  before(async function () {
    if (hasServers()) {
      await startCluster(servers);
      return;
    }
    process.stdout.write('skipped: the cache on a Redis Cluster: redis-server and redis-cli are not on the PATH\n');
    this.skip();
  });
  after(async () => {
    for (const cache of caches) cache.close();
    for (const server of servers) await server.dispose();
  });

  const address = (): RedisAddress => parseRedisAddress(`redis-cluster://${servers.slice(0, 2).map(({ port }) => `127.0.0.1:${port}`).join(',')}`);
  const cacheOf = async (commandTimeoutMs = 10_000, namespace = `${randomUUID()}:`): Promise<RedisCache<string>> => {
    const cache = await RedisCache.open<string>({ address: address(), namespace, limits: { commandTimeoutMs } });
    caches.push(cache);
    return cache;
  };
  const keys = Array.from({ length: 300 }, (_, index) => `k${index}`);
  const entry = { revision: toRevision(1), value: 'v' };

  cacheSuite('on a cluster', () => cacheOf());

  it('is found by its probe', async () => {
    expect(await probeRedis(address())).to.include({ cluster: true });
  });

  it('spreads its keys over the servers, and empties all of them', async () => {
    const cache = await cacheOf();
    expect(new Set(await Promise.all(keys.map((key) => cache.write(key, entry))))).to.deep.equal(new Set([true]));
    await cache.clear();
    expect((await Promise.all(keys.map((key) => cache.get(key)))).filter(Boolean)).to.deep.equal([]);
    expect(cache.healthy()).to.equal(true);
  });

  it('goes on with the servers that are left while one is gone, each operation within its time, and heals when it is back', async () => {
    const namespace = `${randomUUID()}:`;
    const patient = await cacheOf(10_000, namespace);
    await Promise.all(keys.map((key) => patient.write(key, entry)));
    const cache = await cacheOf(100, namespace);
    const [, , last] = servers;
    last?.freeze();
    const began = performance.now();
    const found = await Promise.all(keys.map((key) => cache.get(key)));
    expect(performance.now() - began).to.be.lessThan(2_000);
    expect(found.filter(Boolean).length).to.be.lessThan(keys.length);
    last?.thaw();
    await until(async () => (await Promise.all(keys.map((key) => cache.get(key)))).every(Boolean));
    expect(cache.healthy()).to.equal(true);
  });
});
